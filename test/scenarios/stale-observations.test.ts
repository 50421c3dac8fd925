import { expect, test } from "vitest";
import { pollSources } from "../../shared/flows/poll-sources.ts";
import { BAY_1 } from "../flows/studio.ts";
import { DRAGGED, openWith } from "./booked.ts";
import { deliver, takeAll, work } from "./clockwork.ts";
import { expectBothSides, expectCalm, expectTimes } from "./sides.ts";

test("S58: a poll that read the source before a change, and is handled after its webhook, moves nothing back", async () => {
  const { studio, wire, ids } = await openWith(1);
  const untold = { "x-sandbox-fault": "notify-lost" };
  await studio.call("POST", "/sandbox/uschedule/edit", { id: ids[0], StartTime: "2027-01-12T12:00:00" }, untold);
  await pollSources(studio.world);
  const poll = takeAll(studio);
  await studio.staff("edit", { id: ids[0], StartTime: "2027-01-13T15:00:00" });
  await work(studio, wire);
  expect(wire.writes()).toEqual(["events.patch"]);

  for (const message of poll) await deliver(studio, message);
  await work(studio, wire);

  expect(wire.writes()).toEqual([]);
  await expectBothSides(studio, [`${ids[0]} bay 1 2027-01-13T15:00:00 2027-01-13T16:00:00`]);
  await expectCalm(studio, wire);
});

test("S58: a listing of the source that is answered late, after a webhook was handled, moves nothing back", async () => {
  const { studio, wire, ids } = await openWith(1);
  wire.after("getapiappointments", async () => {
    await studio.staff("edit", { id: ids[0], StartTime: "2027-01-13T15:00:00" });
    await work(studio, wire);
  });

  await pollSources(studio.world);
  await work(studio, wire);

  expect(wire.writes()).toEqual(["events.patch"]);
  await expectBothSides(studio, [`${ids[0]} bay 1 2027-01-13T15:00:00 2027-01-13T16:00:00`]);
  await expectCalm(studio, wire);
});

test("S58: a booking seen by an old listing and cancelled since is not shown again", async () => {
  const { studio, wire, ids } = await openWith(1);
  const untold = { "x-sandbox-fault": "notify-lost" };
  await studio.call("POST", "/sandbox/uschedule/edit", { id: ids[0], StartTime: "2027-01-12T12:00:00" }, untold);
  await pollSources(studio.world);
  const poll = takeAll(studio);
  await studio.staff("cancel", { id: ids[0] });
  await work(studio, wire);

  for (const message of poll) await deliver(studio, message);
  await work(studio, wire);

  expect(wire.writes()).toEqual(["events.delete"]);
  await expectBothSides(studio, []);
});

test("S58: a calendar listing that arrives after a newer one is dropped", async () => {
  const { studio, wire, ids } = await openWith(1);
  const { id: eventId } = await studio.eventOf(BAY_1, ids[0] ?? "");
  await studio.drag(BAY_1, eventId, "2027-01-12T12:00:00", "2027-01-12T13:00:00");
  await studio.sandbox.tick();
  const [touched] = takeAll(studio);
  if (touched === undefined) throw new Error("a push makes a message");
  await deliver(studio, touched);
  const old = takeAll(studio);
  studio.clock.advance(5_000);
  await studio.drag(BAY_1, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
  await work(studio, wire);
  await expectTimes(studio, [DRAGGED]);
  wire.calls();

  for (const message of old) await deliver(studio, message);
  await work(studio, wire);

  expect(wire.calls().map(({ operation }) => operation)).toEqual([]);
  await expectTimes(studio, [DRAGGED]);
});

test("S58: two edits within the same second of the provider's clock are told apart by reading again", async () => {
  const { studio, wire, ids } = await openWith(1);
  const { id: eventId } = await studio.eventOf(BAY_1, ids[0] ?? "");
  await studio.drag(BAY_1, eventId, "2027-01-12T12:00:00", "2027-01-12T13:00:00");
  await studio.sandbox.tick();
  const [touched] = takeAll(studio);
  if (touched === undefined) throw new Error("a push makes a message");
  await deliver(studio, touched);
  const old = takeAll(studio);
  await studio.drag(BAY_1, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
  await work(studio, wire);

  for (const message of old) await deliver(studio, message);
  await work(studio, wire);

  await expectTimes(studio, [DRAGGED]);
  await expectCalm(studio, wire);
});
