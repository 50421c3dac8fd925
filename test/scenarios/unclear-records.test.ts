import { describe, expect, test } from "vitest";
import { BAY_1, openRunningStudio, type Studio } from "../flows/studio.ts";
import {
  attemptsSince,
  bookMany,
  breakCalls,
  expectStill,
  letPass,
  liveEvents,
  mendCalls,
  namedBy,
  staffUntold,
  storedEvents,
  writesSince,
} from "./scene.ts";

async function shown(studio: Studio): Promise<(string | undefined)[]> {
  return (await liveEvents(studio)).map(namedBy).toSorted();
}

describe("S11: USchedule returns cancelled records with status 0, like live ones", () => {
  test("S11: only those go whose slot is offered again; the live ones stay untouched", async () => {
    const studio = await openRunningStudio();
    const [first = "", second = "", third = "", ...live] = await bookMany(studio, 12, [1, 2]);

    await studio.call("POST", "/sandbox/options", { unclearStatus: true });
    await letPass(studio, 2, 10);
    const whileAllLive = attemptsSince(studio);
    for (const id of [first, second, third]) await staffUntold(studio, "cancel", { id });
    await letPass(studio, 2, 3);

    expect(whileAllLive).toEqual([]);
    expect(attemptsSince(studio)).toEqual(Array(3).fill("events.delete 204"));
    expect(await shown(studio)).toEqual(live.toSorted());
    expect((await studio.appointments()).filter((row) => row["StatusID"] === 1)).toHaveLength(9);
    await expectStill(studio);
  });

  test.each([
    ["fails", { kinds: ["status=503"] }],
    ["answers with a page of HTML", { kinds: ["html"] }],
    ["lists nothing as free", { kinds: ["slot-taken"] }],
  ])("S11: while the availability %s, nothing is taken for cancelled", async (_, fault) => {
    const studio = await openRunningStudio();
    const [id = "", ...others] = await bookMany(studio, 6, [1, 2]);

    await studio.call("POST", "/sandbox/options", { unclearStatus: true });
    await breakCalls(studio, { api: "uschedule", path: "/getavailability", ...fault });
    await studio.staff("cancel", { id });
    await studio.settle();
    await letPass(studio, 5, 6);

    expect(attemptsSince(studio)).toEqual([]);
    expect(await shown(studio)).toEqual([id, ...others].toSorted());

    await mendCalls(studio);
    await letPass(studio, 16, 2);

    expect(writesSince(studio)).toEqual(["events.delete"]);
    expect(await shown(studio)).toEqual(others.toSorted());
    await expectStill(studio);
  });

  test("S11: a slot that somebody else has by now proves nothing; the record itself does", async () => {
    const studio = await openRunningStudio();
    const [id = "", ...others] = await bookMany(studio, 6, [1]);
    const start = (await studio.appointment(id))?.["StartTime"];

    await studio.call("POST", "/sandbox/options", { unclearStatus: true });
    await staffUntold(studio, "cancel", { id });
    const next = await studio.book(1, String(start), { CustomerName: "Tom Eccles" });
    await studio.settle();
    await letPass(studio, 5, 6);

    expect(writesSince(studio)).toEqual(["events.insert"]);
    expect(await shown(studio)).toEqual([id, next, ...others].toSorted());

    await studio.call("POST", "/sandbox/options", { unclearStatus: false });
    await letPass(studio, 5, 2);

    expect(writesSince(studio)).toEqual(["events.delete"]);
    expect(await shown(studio)).toEqual([next, ...others].toSorted());
    await expectStill(studio);
  });

  test("S11: a live one that is changed is still carried at once", async () => {
    const studio = await openRunningStudio();
    const [id = ""] = await bookMany(studio, 6, [1, 2]);

    await studio.call("POST", "/sandbox/options", { unclearStatus: true });
    await studio.staff("edit", { id, StartTime: "2027-01-20T10:00:00" });
    await studio.settle();

    expect(writesSince(studio)).toEqual(["events.patch"]);
    expect((await studio.eventOf(BAY_1, id)).start.dateTime).toContain("2027-01-20T10:00:00");
  });

  test("S11: where only the list is unclear, the record by id is the evidence", async () => {
    const studio = await openRunningStudio();
    const [id = "", ...others] = await bookMany(studio, 6, [1, 2]);

    await breakCalls(
      studio,
      { api: "uschedule", path: "/getapiappointments", kinds: ["unclear-status"] },
      { api: "uschedule", path: "/getavailability", kinds: ["status=503"] },
    );
    await staffUntold(studio, "cancel", { id });
    await letPass(studio, 2, 3);

    expect(writesSince(studio)).toEqual(["events.delete"]);
    expect(await shown(studio)).toEqual(others.toSorted());
  });
});

test("S11: a cancelled record that never leaves the list is acted on once", async () => {
  const studio = await openRunningStudio();
  const [id = "", ...others] = await bookMany(studio, 6, [1, 2]);

  await staffUntold(studio, "cancel", { id });
  await letPass(studio, 2);
  const made = attemptsSince(studio);
  await letPass(studio, 60, 30);

  expect(made).toEqual(["events.delete 204"]);
  expect(attemptsSince(studio)).toEqual([]);
  expect(await shown(studio)).toEqual(others.toSorted());
  expect(await studio.appointment(id)).toMatchObject({ StatusID: 9 });
  await expectStill(studio);
});

test("S11: a cancelled record that turns unclear later is not shown again, whoever has its slot", async () => {
  const studio = await openRunningStudio();
  const [id = "", ...others] = await bookMany(studio, 6, [1]);
  const start = String((await studio.appointment(id))?.["StartTime"]);
  await staffUntold(studio, "cancel", { id });
  await letPass(studio, 2);
  const [other = ""] = others;
  writesSince(studio);

  await studio.call("POST", "/sandbox/options", { unclearStatus: true });
  await letPass(studio, 10, 3);
  await staffUntold(studio, "edit", { id: other, StartTime: start });
  await letPass(studio, 10, 6);

  expect(writesSince(studio)).toEqual(["events.patch"]);
  expect(await shown(studio)).toEqual(others.toSorted());
});

test("S11: an inactive record tells nothing and nothing is done about it", async () => {
  const studio = await openRunningStudio();
  const [id = "", ...others] = await bookMany(studio, 6, [1, 2]);

  await breakCalls(studio, { api: "uschedule", path: "/getavailability", kinds: ["status=503"] });
  await studio.staff("edit", { id, StatusID: 2 });
  await studio.settle();
  await letPass(studio, 5, 6);

  expect(attemptsSince(studio)).toEqual([]);
  expect(await shown(studio)).toEqual([id, ...others].toSorted());
});

/** A checkout begins: the slot is held for fifteen minutes, nothing is paid. */
async function checkOut(studio: Studio, start: string): Promise<string> {
  const order = { ResourceName: "Bay 1", StartTime: start, CustomerName: "Maya Lindqvist" };
  const id = String((await studio.staff("checkout", order))["Id"]);
  await studio.settle();
  return id;
}

describe("S12: a record made when checkout starts", () => {
  test("S12: that is never paid gets no event, also after its fifteen minutes", async () => {
    const studio = await openRunningStudio();
    const id = await checkOut(studio, "2027-01-12T10:00:00");

    await letPass(studio, 2, 30);

    expect(attemptsSince(studio)).toEqual([]);
    expect(await storedEvents(studio, BAY_1)).toEqual([]);
    expect(await studio.appointment(id)).toMatchObject({ StatusID: 0 });
    await expectStill(studio);
  });

  test.each([
    ["a webhook tells", true],
    ["only the next list shows", false],
  ])("S12: that is paid gets its event as soon as %s it", async (_, told) => {
    const studio = await openRunningStudio();
    const id = await checkOut(studio, "2027-01-12T10:00:00");
    await letPass(studio, 5);
    const before = await liveEvents(studio);

    if (told) await studio.staff("pay", { id });
    else await staffUntold(studio, "pay", { id });
    await (told ? studio.settle() : studio.poll());

    expect(before).toEqual([]);
    expect(attemptsSince(studio)).toEqual(["events.insert 200"]);
    expect((await studio.eventOf(BAY_1, id)).start.dateTime).toContain("2027-01-12T10:00:00");
    await letPass(studio, 10, 3);
    expect(attemptsSince(studio)).toEqual([]);
    await expectStill(studio);
  });

  test("S12: whose slot stays held is shown when its grace is over, and disappears when it was not paid", async () => {
    const studio = await openRunningStudio({ policy: { checkoutGraceMinutes: 5 } });
    const id = await checkOut(studio, "2027-01-12T10:00:00");

    await letPass(studio, 4);
    const withinGrace = await shown(studio);
    await letPass(studio, 2);
    const afterGrace = await shown(studio);
    await letPass(studio, 5, 3);

    expect([withinGrace, afterGrace]).toEqual([[], [id]]);
    expect(await shown(studio)).toEqual([]);
    expect(attemptsSince(studio)).toEqual(["events.insert 200", "events.delete 204"]);
    await expectStill(studio);
  });

  test("S12: that is imminent shows at once, stays one event when paid", async () => {
    const studio = await openRunningStudio();
    const id = await checkOut(studio, "2027-01-11T08:45:00");
    const atOnce = await shown(studio);

    await studio.staff("pay", { id });
    await studio.settle();
    await letPass(studio, 5, 4);

    expect(atOnce).toEqual([id]);
    expect(attemptsSince(studio)).toEqual(["events.insert 200"]);
    expect(await shown(studio)).toEqual([id]);
    await expectStill(studio);
  });

  test("S12: that is imminent and never paid shows at once and disappears when its slot is offered again", async () => {
    const studio = await openRunningStudio();
    const id = await checkOut(studio, "2027-01-11T08:45:00");
    const atOnce = await shown(studio);

    await letPass(studio, 14);
    const whileHeld = await shown(studio);
    await letPass(studio, 2, 2);

    expect([atOnce, whileHeld]).toEqual([[id], [id]]);
    expect(await shown(studio)).toEqual([]);
    expect(attemptsSince(studio)).toEqual(["events.insert 200", "events.delete 204"]);
  });

  test("S12: that becomes imminent while it waits shows then, not only when its grace is over", async () => {
    const studio = await openRunningStudio();
    const id = await checkOut(studio, "2027-01-11T09:05:00");
    const atFirst = await shown(studio);

    await letPass(studio, 6);

    expect(atFirst).toEqual([]);
    expect(await shown(studio)).toEqual([id]);
  });
});
