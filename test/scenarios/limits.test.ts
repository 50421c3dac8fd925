import { expect, test } from "vitest";
import type { DeadLetter } from "../../shared/flows/keep-dead-letter.ts";
import { BAY_1, openRunningStudio, type Studio } from "../flows/studio.ts";
import { pass, work } from "./clockwork.ts";
import type { Scene } from "./every-step.ts";
import { alertsOf, bookedLines, expectCalm, expectTimes, shownLines, withoutId } from "./sides.ts";
import { openWire, type WireCall } from "./wire.ts";

async function open(): Promise<Scene> {
  const wire = openWire();
  const studio = await openRunningStudio({ fetch: wire.fetch, stores: wire.stores });
  wire.calls();
  return { studio, wire };
}

/** Insert or change of the event of one guest. */
function ofGuest(name: string): (call: WireCall) => boolean {
  return ({ operation, body }) => operation.startsWith("events.") && body.includes(name);
}

function isOn(calendarId: string): (call: WireCall) => boolean {
  return ({ path }) => path.includes(encodeURIComponent(calendarId));
}

const isGoogle = ({ path }: WireCall) => path.startsWith("/google/");
const isUschedule = ({ path }: WireCall) => path.startsWith("/uschedule/");

function refuse(status: number, reason: string, headers: Record<string, string> = {}): Response {
  const error = { code: status, message: reason, errors: [{ domain: "global", reason, message: reason }] };
  return Response.json({ error }, { status, headers });
}

async function mapOf(studio: Studio, bookingId: string) {
  return (await studio.maps()).find((map) => map.bookingId === bookingId);
}

async function deadLetters(studio: Studio): Promise<DeadLetter[]> {
  return (await studio.store.query<DeadLetter>({ collection: "deadLetters" })).map(({ data }) => data);
}

/** Minutes after `began` of every answered call. */
async function refusedBooking({ studio, wire }: Scene) {
  const began = Date.parse(studio.clock.now());
  const tries: number[] = [];
  const lift = wire.answer(ofGuest("Rhea Sandoval"), () => {
    tries.push(Math.round((Date.parse(studio.clock.now()) - began) / 60_000));
    return refuse(400, "invalid");
  });
  const id = await studio.book(1, "2027-01-12T10:00:00", { CustomerName: "Rhea Sandoval" });
  return { id, tries, lift };
}

test("S27: a permanently refused item waits longer each time, up to hours, and is then given up and shown", async () => {
  const scene = await open();
  const { studio, wire } = scene;
  const { id, tries } = await refusedBooking(scene);

  await pass(studio, 24 * 60, wire);

  const waits = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
  expect(waits.at(-1)).toBeGreaterThanOrEqual(120);
  for (const [index, wait] of waits.entries()) expect(wait).toBeGreaterThanOrEqual(Math.min(2 ** index, 240));
  expect(tries.length).toBeLessThanOrEqual(12);
  expect(await mapOf(studio, id)).toMatchObject({ status: "error", dirty: false, error: { code: "PROVIDER_REFUSED" } });
  expect(await alertsOf(studio)).toContain(`given-up uschedule:${id}~bay-1`);
  expect(studio.logs.filter(({ message }) => message === "item given up")).toHaveLength(1);
  await expectCalm(studio, wire, 120);
  expect((await studio.appointment(id))?.["StatusID"]).toBe(1);
});

test("S27: what is given up is kept as a dead letter, and its replay goes on where it stopped", async () => {
  const scene = await open();
  const { studio, wire } = scene;
  const { id, lift } = await refusedBooking(scene);
  await pass(studio, 24 * 60, wire);

  const [letter, ...others] = await deadLetters(studio);
  expect(others).toEqual([]);
  expect(letter).toMatchObject({
    status: "kept",
    encoding: "text",
    orderingKey: "loft/bay-1",
    attributes: { ws: "loft" },
  });
  expect(letter?.reason).toContain("PROVIDER_REFUSED");
  expect(JSON.stringify(letter)).not.toContain("Rhea");

  lift();
  const { data = "", attributes = {}, orderingKey } = letter ?? {};
  await studio.publisher.publish("observations", [{ data, attributes, orderingKey: orderingKey ?? "" }]);
  await pass(studio, 10, wire);

  await expectTimes(studio, ["bay 1 2027-01-12T10:00:00 2027-01-12T11:00:00"]);
  expect(await mapOf(studio, id)).toMatchObject({ status: "active", attempts: 0 });
  expect(await alertsOf(studio)).toEqual([]);
  expect((await deadLetters(studio)).map(({ status }) => status)).toEqual(["mended"]);
});

test("S27: others in the same room and the same message go on while one is refused", async () => {
  const scene = await open();
  const { studio, wire } = scene;
  await refusedBooking(scene);
  const untold = { "x-sandbox-fault": "notify-lost" };
  for (const hour of [11, 12, 13]) {
    const order = { ResourceName: "Bay 1", StartTime: `2027-01-12T${hour}:00:00`, CustomerName: "Maya Lindqvist" };
    await studio.call("POST", "/sandbox/uschedule/book", { ...order, ServiceLength: 60 }, untold);
  }

  await studio.poll();

  expect((await shownLines(studio)).map(withoutId)).toEqual([
    "bay 1 2027-01-12T11:00:00 2027-01-12T12:00:00",
    "bay 1 2027-01-12T12:00:00 2027-01-12T13:00:00",
    "bay 1 2027-01-12T13:00:00 2027-01-12T14:00:00",
  ]);
  await studio.staff("edit", { id: (await bookedLines(studio))[1]?.split(" ")[0], StartTime: "2027-01-12T18:00:00" });
  await work(studio, wire);
  expect((await shownLines(studio)).map(withoutId)).toContain("bay 1 2027-01-12T18:00:00 2027-01-12T19:00:00");
});

test("S27: a change of a given-up booking is tried at once", async () => {
  const scene = await open();
  const { studio, wire } = scene;
  const { id } = await refusedBooking(scene);
  await pass(studio, 24 * 60, wire);

  await studio.staff("edit", { id, CustomerName: "R. Sandoval" });
  await work(studio, wire);

  await expectTimes(studio, ["bay 1 2027-01-12T10:00:00 2027-01-12T11:00:00"]);
});

test("S27: a refused change of a shown booking is not tried again by every sweep", async () => {
  const { studio, wire } = await open();
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await work(studio, wire);
  wire.answer("events.patch", () => refuse(400, "invalid"));
  wire.calls();

  await studio.staff("edit", { id, StartTime: "2027-01-12T14:00:00" });
  await pass(studio, 60, wire);

  const tries = wire.calls().filter(({ operation }) => operation === "events.patch");
  expect(tries.length).toBeLessThanOrEqual(7);
  expect(tries.length).toBeGreaterThanOrEqual(5);
});

test("S64: an hour's outage of both providers: nothing is given up, and everything is in step afterwards", async () => {
  const { studio, wire } = await open();
  const kept = await studio.book(1, "2027-01-12T10:00:00");
  const moved = await studio.book(1, "2027-01-12T12:00:00");
  const cancelled = await studio.book(2, "2027-01-12T10:00:00");
  const dragged = await studio.book(2, "2027-01-12T12:00:00");
  const deleted = await studio.book(2, "2027-01-12T14:00:00");
  await work(studio, wire);
  const lifts = [
    wire.answer(isGoogle, () => refuse(503, "backendError")),
    wire.answer(isUschedule, () => refuse(503, "x")),
  ];

  await pass(studio, 10, wire);
  await studio.staff("edit", { id: moved, StartTime: "2027-01-13T12:00:00" });
  await studio.staff("cancel", { id: cancelled });
  const added = await studio.book(1, "2027-01-12T16:00:00");
  const BAY_2 = "loft-bay-2@sandbox";
  await studio.drag(BAY_2, (await studio.eventOf(BAY_2, dragged)).id, "2027-01-13T09:00:00", "2027-01-13T10:00:00");
  await studio.deleteEvent(BAY_2, (await studio.eventOf(BAY_2, deleted)).id);
  await pass(studio, 50, wire);

  expect(wire.writes()).toHaveLength(5);
  expect((await studio.maps()).map(({ status }) => status)).not.toContain("error");
  expect(await deadLetters(studio)).toEqual([]);
  expect((await alertsOf(studio)).sort()).toContain("source-unreadable uschedule");

  for (const lift of lifts) lift();
  await pass(studio, 20, wire);
  await expectTimes(studio, [
    "bay 1 2027-01-12T10:00:00 2027-01-12T11:00:00",
    "bay 1 2027-01-13T12:00:00 2027-01-13T13:00:00",
    "bay 1 2027-01-12T16:00:00 2027-01-12T17:00:00",
    "bay 2 2027-01-13T09:00:00 2027-01-13T10:00:00",
  ]);
  expect((await bookedLines(studio)).map((line) => line.split(" ")[0])).toEqual(
    expect.arrayContaining([kept, moved, added]),
  );
  expect(await alertsOf(studio)).toEqual([]);
  expect(await deadLetters(studio)).toEqual([]);
  await expectCalm(studio, wire);
});

test("S64: while one room's calendar is down, the other room is served at once", async () => {
  const { studio, wire } = await open();
  const down = await studio.book(1, "2027-01-12T10:00:00");
  await work(studio, wire);
  const lift = wire.answer(isOn(BAY_1), () => refuse(503, "backendError"));
  wire.calls();

  await studio.staff("edit", { id: down, StartTime: "2027-01-12T12:00:00" });
  await studio.book(1, "2027-01-12T14:00:00");
  const other = await studio.book(2, "2027-01-12T10:00:00");
  const began = Date.parse(studio.clock.now());
  await work(studio, wire);

  expect(await shownLines(studio)).toContain(`${other} bay 2 2027-01-12T10:00:00 2027-01-12T11:00:00`);
  expect(Date.parse(studio.clock.now()) - began).toBeLessThan(60_000);
  await pass(studio, 60, wire);
  await studio.staff("edit", { id: other, StartTime: "2027-01-13T10:00:00" });
  await work(studio, wire);
  expect(await shownLines(studio)).toContain(`${other} bay 2 2027-01-13T10:00:00 2027-01-13T11:00:00`);
  lift();
  await pass(studio, 20, wire);
  expect(await shownLines(studio)).toEqual(await bookedLines(studio));
  await expectCalm(studio, wire);
});

test("S64: an item that waited out an outage still has all its tries when it is refused afterwards", async () => {
  const scene = await open();
  const { studio, wire } = scene;
  const lift = wire.answer(isGoogle, () => refuse(503, "backendError"));
  const { id, tries } = await refusedBooking(scene);
  await pass(studio, 180, wire);
  lift();
  tries.length = 0;

  await pass(studio, 60, wire);

  expect(tries.length).toBeGreaterThan(2);
  expect(await mapOf(studio, id)).toMatchObject({ status: "pending", dirty: true });
});
