import { afterEach, expect, test } from "vitest";
import { BAY_1, type Json, openRunningStudio, type Studio } from "../flows/studio.ts";
import { pass, work } from "./clockwork.ts";
import type { Scene } from "./every-step.ts";
import { bookedLines, expectBothSides, expectCalm, expectTimes, onCalendar, openReviews, shownLines } from "./sides.ts";
import { openWire } from "./wire.ts";

type Row = Record<string, unknown>;

/** A studio in a zone; `rewrite` distorts what USchedule answers about an appointment. */
async function open(zone = "Europe/London", rewrite: (row: Row) => Row = (row) => row): Promise<Scene> {
  const wire = openWire();
  const studio = await openRunningStudio({
    resource: { timeZone: zone },
    stores: wire.stores,
    fetch: (sandbox) => wire.fetch(distorted(sandbox, rewrite)),
  });
  await studio.call("POST", "/sandbox/options", { timeZone: zone });
  wire.calls();
  return { studio, wire };
}

function distorted(sandbox: typeof fetch, rewrite: (row: Row) => Row): typeof fetch {
  return async (input, init) => {
    const answer = await sandbox(input, init);
    const url = String(input instanceof Request ? input.url : input);
    if (!/get(?:api)?appointments?$/.test(url) || !answer.ok) return answer;
    const body: unknown = await answer.json();
    // Proof: both methods answer appointments, one or a list (`scripts/sandbox/uschedule`).
    const rows = (Array.isArray(body) ? body : [body]) as Row[];
    const changed = rows.map(rewrite);
    return Response.json(Array.isArray(body) ? changed : changed[0]);
  };
}

const serverZone = process.env["TZ"];
afterEach(() => {
  if (serverZone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = serverZone;
});

/** Instants of the only event, in UTC. */
async function instants(studio: Studio): Promise<string[]> {
  const [event] = await studio.events(BAY_1);
  return [event?.start.dateTime, event?.end.dateTime].map((at) => new Date(at ?? "").toISOString());
}

for (const zone of ["Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata"]) {
  test(`S39: USchedule's times without an offset are the studio's, also on a server in ${zone}`, async () => {
    process.env["TZ"] = zone;
    expect(new Date("2027-01-12T10:00:00").toISOString()).not.toBe("2027-01-12T15:00:00.000Z");
    const { studio, wire } = await open("America/New_York");

    const id = await studio.book(1, "2027-01-12T10:00:00");
    await work(studio, wire);
    expect(await instants(studio)).toEqual(["2027-01-12T15:00:00.000Z", "2027-01-12T16:00:00.000Z"]);

    const { id: eventId } = await studio.eventOf(BAY_1, id);
    const at = (dateTime: string) => ({ dateTime });
    await onCalendar(studio, "PATCH", BAY_1, `/${eventId}`, {
      start: at("2027-01-13T01:30:00Z"),
      end: at("2027-01-13T02:30:00Z"),
    });
    await work(studio, wire);
    const [moved, ...others] = (await studio.appointments()).filter((row) => row["holdsSlot"] === true);
    expect(others).toEqual([]);
    expect(moved).toMatchObject({ StartTime: "2027-01-12T20:30:00", EndTime: "2027-01-12T21:30:00" });
    await expectCalm(studio, wire);
  });
}

test("S39: a booking late in the evening, whose day is another one in UTC, is found, shown and cancelled on its own day", async () => {
  process.env["TZ"] = "Pacific/Auckland";
  const { studio, wire } = await open("America/Los_Angeles");

  const id = await studio.book(1, "2027-01-12T22:00:00");
  await work(studio, wire);
  expect(await instants(studio)).toEqual(["2027-01-13T06:00:00.000Z", "2027-01-13T07:00:00.000Z"]);
  await pass(studio, 20, wire);
  expect((await studio.maps()).map(({ status }) => status)).toEqual(["active"]);

  await studio.staff("cancel", { id });
  await work(studio, wire);
  expect(await studio.events(BAY_1)).toEqual([]);
});

test("S37: bookings at ten every Sunday stay at ten on the wall over the change of clocks", async () => {
  const { studio, wire } = await open();
  for (const date of ["2027-03-21", "2027-03-28", "2027-04-04"]) await studio.book(1, `${date}T10:00:00`);
  await work(studio, wire);

  expect(await shownLines(studio)).toEqual(await bookedLines(studio));
  expect((await studio.events(BAY_1)).map(({ start }) => new Date(start.dateTime ?? "").toISOString()).sort()).toEqual([
    "2027-03-21T10:00:00.000Z",
    "2027-03-28T09:00:00.000Z",
    "2027-04-04T09:00:00.000Z",
  ]);
  await expectCalm(studio, wire);
});

test("S37: dragged over the change of clocks, by somebody in another zone, the wall time of the studio counts", async () => {
  const { studio, wire } = await open();
  const id = await studio.book(1, "2027-03-27T10:00:00");
  await work(studio, wire);
  const { id: eventId } = await studio.eventOf(BAY_1, id);

  const at = (dateTime: string) => ({ dateTime, timeZone: "America/New_York" });
  const body = { start: at("2027-03-28T05:00:00"), end: at("2027-03-28T06:00:00") };
  await onCalendar(studio, "PATCH", BAY_1, `/${eventId}`, body);
  await work(studio, wire);

  expect((await bookedLines(studio)).map((line) => line.split(" ").slice(3).join(" "))).toEqual([
    "2027-03-28T10:00:00 2027-03-28T11:00:00",
  ]);
  expect(await instants(studio)).toEqual(["2027-03-28T09:00:00.000Z", "2027-03-28T10:00:00.000Z"]);
  await expectCalm(studio, wire);
});

test("S37: dragged so that the clock changes in the middle of it, it is put back, a person is asked, nothing is given up", async () => {
  const { studio, wire } = await open("America/New_York");
  const id = await studio.book(1, "2027-03-14T00:30:00");
  await work(studio, wire);
  const { id: eventId } = await studio.eventOf(BAY_1, id);
  wire.calls();

  const at = (dateTime: string) => ({ dateTime });
  const body = { start: at("2027-03-14T06:00:00Z"), end: at("2027-03-14T07:30:00Z") };
  await onCalendar(studio, "PATCH", BAY_1, `/${eventId}`, body);
  await work(studio, wire);

  expect(wire.writes()).toEqual(["events.patch"]);
  expect(await instants(studio)).toEqual(["2027-03-14T05:30:00.000Z", "2027-03-14T06:30:00.000Z"]);
  expect(await openReviews(studio)).toEqual([`time-not-writable uschedule:${id}`]);
  await expectCalm(studio, wire);
});

for (const zone of ["Pacific/Honolulu", "Pacific/Auckland"]) {
  test(`S38: an event made all-day in ${zone} cannot be booked: it is put back, a person is asked, no booking is given up`, async () => {
    const { studio, wire } = await open(zone);
    const id = await studio.book(1, "2027-01-12T10:00:00");
    await work(studio, wire);
    const { id: eventId } = await studio.eventOf(BAY_1, id);
    wire.calls();

    const allDay = { start: { date: "2027-01-12", dateTime: null }, end: { date: "2027-01-13", dateTime: null } };
    await onCalendar(studio, "PATCH", BAY_1, `/${eventId}`, allDay);
    await work(studio, wire);

    expect(wire.writes()).toEqual(["events.patch"]);
    expect((await studio.appointment(id))?.["StatusID"]).toBe(1);
    expect((await studio.eventOf(BAY_1, id)).start.date).toBeUndefined();
    expect(await openReviews(studio)).toEqual([`time-not-writable uschedule:${id}`]);
    await expectCalm(studio, wire);
  });
}

/** An event nobody can book: what is wrong with it, and what was edited. */
const BAD_EVENTS = [{ what: "of no length", end: "2027-01-12T15:00:00Z" }] as const;

for (const { what, end } of BAD_EVENTS) {
  test(`S41: an event ${what} is set aside alone, with its reason; the batch goes on; mended it goes on itself`, async () => {
    const { studio, wire } = await open();
    const id = await studio.book(1, "2027-01-12T10:00:00");
    const other = await studio.book(1, "2027-01-12T12:00:00");
    await work(studio, wire);
    const [event, second] = [await studio.eventOf(BAY_1, id), await studio.eventOf(BAY_1, other)];
    const start = { dateTime: "2027-01-12T15:00:00Z" };
    wire.calls();

    await onCalendar(studio, "PATCH", BAY_1, `/${event.id}`, { start, end: { dateTime: end } }, "notify-lost");
    await studio.drag(BAY_1, second.id, "2027-01-12T18:00:00", "2027-01-12T19:00:00");
    await work(studio, wire);

    expect(wire.writes()).toEqual(["bookit", "cancelappointment", "events.patch"]);
    expect((await studio.appointment(id))?.["StatusID"]).toBe(1);
    expect(await shownLines(studio)).toContain("410003 bay 1 2027-01-12T18:00:00 2027-01-12T19:00:00");
    const [review, ...others] = (await studio.reviews()).filter(({ status }) => status === "open");
    expect(others).toEqual([]);
    expect(review).toMatchObject({ kind: "quarantined", eventId: event.id });
    expect(review?.detail).toContain("its end is not after its start");
    await expectCalm(studio, wire);

    await studio.drag(BAY_1, event.id, "2027-01-12T15:00:00", "2027-01-12T16:00:00");
    await work(studio, wire);
    await expectTimes(studio, [
      "bay 1 2027-01-12T15:00:00 2027-01-12T16:00:00",
      "bay 1 2027-01-12T18:00:00 2027-01-12T19:00:00",
    ]);
    expect(await openReviews(studio)).toEqual([]);
  });
}

const BAD_ROWS: { what: string; change: Json; why: string }[] = [
  {
    what: "that ends before it starts",
    change: { EndTime: "2027-01-12T09:00:00" },
    why: "its end is not after its start",
  },
  { what: "of no length", change: { EndTime: "2027-01-12T10:00:00" }, why: "its end is not after its start" },
  { what: "without an end or a length", change: { EndTime: null, ServiceLength: null }, why: "its end is no time" },
  { what: "whose start is no time", change: { StartTime: "soon" }, why: "its start is no time" },
  {
    what: "in the year 9999",
    change: { StartTime: "9999-01-12T10:00:00", EndTime: "9999-01-12T11:00:00" },
    why: "outside",
  },
];

for (const { what, change, why } of BAD_ROWS) {
  test(`S41: a new booking ${what} is set aside alone, with its reason; the others of the batch are shown`, async () => {
    const { studio, wire } = await open("Europe/London", (row) =>
      row["CustomerName"] === "Rhea" ? { ...row, ...change } : row,
    );
    const untold = { "x-sandbox-fault": "notify-lost" };
    for (const [hour, CustomerName] of [
      ["10", "Rhea"],
      ["12", "Maya"],
      ["14", "Ines"],
    ]) {
      const order = { ResourceName: "Bay 1", StartTime: `2027-01-12T${hour}:00:00`, ServiceLength: 60, CustomerName };
      await studio.call("POST", "/sandbox/uschedule/book", order, untold);
    }

    await pass(studio, 10, wire);

    expect((await shownLines(studio)).map((line) => line.split(" ")[0])).toEqual(["410002", "410003"]);
    expect(wire.writes()).toEqual(["events.insert", "events.insert"]);
    const [review, ...others] = await studio.reviews();
    expect(others).toEqual([]);
    expect(review).toMatchObject({ kind: "quarantined", id: "quarantined~uschedule:410001" });
    expect(review?.detail).toContain(why);
    expect(review?.detail).not.toContain("Rhea");
  });

  test(`S41: a shown booking that turns into one ${what} keeps its event, and a later mend goes through`, async () => {
    let bad = false;
    const { studio, wire } = await open("Europe/London", (row) =>
      bad && row["CustomerName"] === "Rhea" ? { ...row, ...change } : row,
    );
    const id = await studio.book(1, "2027-01-12T10:00:00", { CustomerName: "Rhea" });
    await pass(studio, 4, wire);
    wire.calls();
    bad = true;
    await studio.staff("edit", { id, Notes: "anything" });
    await pass(studio, 20, wire);

    expect(wire.writes()).toEqual([]);
    expect(await shownLines(studio)).toEqual([`${id} bay 1 2027-01-12T10:00:00 2027-01-12T11:00:00`]);
    expect((await studio.reviews()).map(({ kind }) => kind)).toEqual(["quarantined"]);

    bad = false;
    await studio.staff("edit", { id, StartTime: "2027-01-12T15:00:00" });
    await pass(studio, 20, wire);
    await expectBothSides(studio, [`${id} bay 1 2027-01-12T15:00:00 2027-01-12T16:00:00`]);
    expect(await openReviews(studio)).toEqual([]);
  });
}

test("S41: a booking without an end but with a length is as long as that", async () => {
  const withoutEnd = ({ EndTime: _end, ...row }: Row): Row => ({ ...row, ServiceLength: 90 });
  const { studio, wire } = await open("Europe/London", withoutEnd);

  await studio.book(1, "2027-01-12T10:00:00", { ServiceLength: 90 });
  await work(studio, wire);

  expect(await instants(studio)).toEqual(["2027-01-12T10:00:00.000Z", "2027-01-12T11:30:00.000Z"]);
  await expectCalm(studio, wire);
});

test("S41: a booking that ends at midnight ends at midnight, and one over midnight lies on two days", async () => {
  const { studio, wire } = await open();

  const [first, second] = [await studio.book(1, "2027-01-12T23:00:00"), await studio.book(2, "2027-01-12T23:30:00")];
  await pass(studio, 10, wire);

  await expectBothSides(studio, [
    `${first} bay 1 2027-01-12T23:00:00 2027-01-13T00:00:00`,
    `${second} bay 2 2027-01-12T23:30:00 2027-01-13T00:30:00`,
  ]);
  const { id: eventId } = await studio.eventOf(BAY_1, first);
  await studio.drag(BAY_1, eventId, "2027-01-14T23:00:00", "2027-01-15T00:00:00");
  await work(studio, wire);
  expect((await shownLines(studio)).join()).toContain("bay 1 2027-01-14T23:00:00 2027-01-15T00:00:00");
  expect(await shownLines(studio)).toEqual(await bookedLines(studio));
  await expectCalm(studio, wire);
});

test("S41: NUL bytes in a name or note reach no calendar and settle at once", async () => {
  const nul = (row: Row): Row => ({ ...row, CustomerName: `Ma${"\u0000"}ya`, Notes: `left${"\u0000"}-handed` });
  const { studio, wire } = await open("Europe/London", nul);

  const id = await studio.book(1, "2027-01-12T10:00:00");
  await work(studio, wire);

  const event = await studio.eventOf(BAY_1, id);
  expect([event.summary, event.description]).toEqual(["Maya", "left-handed"]);
  await expectCalm(studio, wire);
});

test("S41: a booking without a name has an event without a title; an event whose title was removed keeps it so", async () => {
  const { studio, wire } = await open("Europe/London", (row) => ({ ...row, CustomerName: null }));
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await work(studio, wire);
  expect((await studio.eventOf(BAY_1, id)).summary ?? "").toBe("");
  await expectCalm(studio, wire);

  const named = await open();
  const other = await named.studio.book(1, "2027-01-12T10:00:00");
  await work(named.studio, named.wire);
  named.wire.calls();
  await onCalendar(named.studio, "PATCH", BAY_1, `/${(await named.studio.eventOf(BAY_1, other)).id}`, {
    summary: null,
  });
  await work(named.studio, named.wire);
  expect(named.wire.writes()).toEqual([]);
  expect((await named.studio.eventOf(BAY_1, other)).summary ?? "").toBe("");
  expect((await named.studio.appointment(other))?.["CustomerName"]).toBe("Maya Lindqvist");
  await expectCalm(named.studio, named.wire);
});
