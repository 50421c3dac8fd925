import { expect, test } from "vitest";
import { BAY_1, BAY_2, openRunningStudio, type Studio } from "../flows/studio.ts";
import { deliver, pass, takeAll, work } from "./clockwork.ts";
import type { Scene } from "./every-step.ts";
import { alertsOf, bookedLines, expectBothSides, expectCalm, expectTimes, openReviews, shownLines } from "./sides.ts";
import { openWire } from "./wire.ts";

/** Bookings at ten on bay 1 on three days, on both sides. */
async function openThree(): Promise<Scene & { readonly ids: string[] }> {
  const wire = openWire();
  const studio = await openRunningStudio({ fetch: wire.fetch, stores: wire.stores });
  const ids: string[] = [];
  for (const day of [12, 13, 14]) ids.push(await studio.book(1, `2027-01-${day}T10:00:00`));
  await pass(studio, 10, wire);
  wire.calls();
  return { studio, wire, ids };
}

async function fault(studio: Studio, ...rules: Record<string, unknown>[]): Promise<void> {
  await studio.call("POST", "/sandbox/faults", { rules });
}

async function mend(studio: Studio): Promise<void> {
  await studio.call("DELETE", "/sandbox/faults");
}

/** What Lockstep believes: bookings and maps, without the times of its looks. */
async function believed(studio: Studio) {
  const bookings = await studio.store.query<Record<string, unknown>>({ collection: "bookings" });
  const maps = await studio.maps();
  return {
    bookings: bookings.map(({ data }) => ({ seen: data["seen"], resources: data["resources"] })),
    maps: maps.map(({ event, base, status, bookingId }) => ({ event, base, status, bookingId })),
  };
}

const HALVES = ["cut", "garbled", "html", "no-body", "timeout-after"];

for (const half of HALVES) {
  test(`S56: a list of bookings that answers '${half}' invents nothing and cancels nothing`, async () => {
    const { studio, wire } = await openThree();
    const before = await believed(studio);
    await fault(studio, { api: "uschedule", path: "getapiappointments", kinds: [half] });

    await pass(studio, 10, wire);

    expect(wire.writes()).toEqual([]);
    expect(await believed(studio)).toEqual(before);
    expect(await alertsOf(studio)).toEqual(["source-unreadable uschedule"]);
    await mend(studio);
    await pass(studio, 20, wire);
    expect(wire.writes()).toEqual([]);
    expect(await alertsOf(studio)).toEqual([]);
  });

  test(`S56: a single booking that is read as '${half}' leaves its event as it is, until it can be read`, async () => {
    const { studio, wire, ids } = await openThree();
    await fault(studio, { api: "uschedule", path: "getappointment", kinds: [half] });
    const before = await believed(studio);

    await studio.staff("edit", { id: ids[0], StartTime: "2027-01-12T15:00:00", CustomerName: "Ines Ferreira" });
    await work(studio, wire);
    expect(wire.writes()).toEqual([]);
    expect((await believed(studio)).maps).toEqual(before.maps);

    await mend(studio);
    await pass(studio, 10, wire);
    expect(wire.writes()).toEqual(["events.patch"]);
    expect(await shownLines(studio)).toEqual(await bookedLines(studio));
    await expectCalm(studio, wire);
  });

  test(`S56: a calendar listing that answers '${half}' invents nothing and cancels nothing`, async () => {
    const { studio, wire, ids } = await openThree();
    const before = await believed(studio);
    const { id: eventId } = await studio.eventOf(BAY_1, ids[0] ?? "");
    await studio.drag(BAY_1, eventId, "2027-01-12T15:00:00", "2027-01-12T16:00:00");
    await fault(studio, {
      api: "google",
      method: "GET",
      path: "^/google/calendar/v3/calendars/[^/]+/events$",
      kinds: [half],
    });

    await pass(studio, 10, wire);

    expect(wire.writes()).toEqual([]);
    expect(await believed(studio)).toEqual(before);
    expect((await alertsOf(studio)).sort()).toEqual([`calendar-unreadable ${BAY_1}`, `calendar-unreadable ${BAY_2}`]);
    await mend(studio);
    await pass(studio, 20, wire);
    await expectTimes(studio, [
      "bay 1 2027-01-12T15:00:00 2027-01-12T16:00:00",
      "bay 1 2027-01-13T10:00:00 2027-01-13T11:00:00",
      "bay 1 2027-01-14T10:00:00 2027-01-14T11:00:00",
    ]);
    expect(await alertsOf(studio)).toEqual([]);
  });

  test(`S56: a single event that is read as '${half}' cancels no booking`, async () => {
    const { studio, wire, ids } = await openThree();
    const { id: eventId } = await studio.eventOf(BAY_1, ids[0] ?? "");
    await studio.deleteEvent(BAY_1, eventId);
    await fault(studio, { api: "google", method: "GET", path: `/events/${eventId}`, kinds: [half] });

    await work(studio, wire);
    expect(wire.writes()).toEqual([]);
    expect((await bookedLines(studio)).length).toBe(3);

    await mend(studio);
    await pass(studio, 10, wire);
    expect(wire.writes()).toEqual(["cancelappointment"]);
    expect(await shownLines(studio)).toEqual(await bookedLines(studio));
  });

  test(`S56: an insert whose answer is '${half}' makes one event, whose content is read, not guessed`, async () => {
    const { studio, wire } = await openThree();
    await fault(studio, { api: "google", method: "POST", path: "/events", kinds: [half], times: 1 });

    await studio.book(2, "2027-01-12T10:00:00");
    await pass(studio, 20, wire);

    expect(await studio.events(BAY_2)).toHaveLength(1);
    expect(await shownLines(studio)).toEqual(await bookedLines(studio));
    await expectCalm(studio, wire);
  });

  test(`S56: a booking whose answer is '${half}' is found again, not made twice`, async () => {
    const { studio, wire, ids } = await openThree();
    await fault(studio, { api: "uschedule", path: "bookit", kinds: [half], times: 1 });

    await studio.drag(
      BAY_1,
      (await studio.eventOf(BAY_1, ids[0] ?? "")).id,
      "2027-01-12T15:00:00",
      "2027-01-12T16:00:00",
    );
    await pass(studio, 20, wire);

    await expectTimes(studio, [
      "bay 1 2027-01-12T15:00:00 2027-01-12T16:00:00",
      "bay 1 2027-01-13T10:00:00 2027-01-13T11:00:00",
      "bay 1 2027-01-14T10:00:00 2027-01-14T11:00:00",
    ]);
    expect(await studio.appointments()).toHaveLength(4);
    await expectCalm(studio, wire);
  });
}

test("S56: a listing whose second part fails is incomplete: what it lacks is not missed, what it has counts", async () => {
  const { studio, wire } = await openThree();
  await studio.book(1, "2027-03-20T10:00:00");
  await pass(studio, 10, wire);
  wire.calls();
  const before = await studio.maps();
  await fault(studio, { api: "uschedule", path: "getapiappointments", body: "03/12/2027", kinds: ["status=500"] });
  const untold = { "x-sandbox-fault": "notify-lost" };
  const order = { ResourceName: "Bay 2", StartTime: "2027-01-15T10:00:00", ServiceLength: 60, CustomerName: "Ines" };
  await studio.call("POST", "/sandbox/uschedule/book", order, untold);

  await pass(studio, 20, wire);

  expect(wire.writes()).toEqual(["events.insert"]);
  expect((await studio.maps()).filter(({ resource }) => resource === "bay-1")).toEqual(before);
});

test("S56: what a source does not say is left out of the event, never made up", async () => {
  const { studio, wire } = await openThree();
  const id = await studio.book(2, "2027-01-12T10:00:00", { CustomerName: "" });
  await work(studio, wire);

  const event = await studio.eventOf(BAY_2, id);
  expect(event.summary ?? "").toBe("");
  expect(event.description ?? "").toBe("");
  await expectCalm(studio, wire);
});

for (const role of ["freeBusyReader", "reader", "none"]) {
  test(`S65: access to a calendar drops to ${role}: an error and an alert, not a change of every title`, async () => {
    const { studio, wire, ids } = await openThree();
    await pass(studio, 2, wire);
    const before = await believed(studio);
    const shown = await studio.events(BAY_1);
    await studio.call("POST", "/sandbox/google/calendars", { id: BAY_1, accessRole: role });

    await pass(studio, 30, wire);

    expect(wire.writes()).toEqual([]);
    expect(await believed(studio)).toEqual(before);
    expect(await alertsOf(studio)).toEqual([`calendar-unreadable ${BAY_1}`]);
    expect(await openReviews(studio)).toEqual([]);

    const other = await studio.book(2, "2027-01-12T10:00:00");
    await studio.staff("edit", { id: ids[0], StartTime: "2027-01-12T15:00:00" });
    await work(studio, wire);
    expect(await shownLines(studio).catch(() => [])).not.toContain(
      `${ids[0]} bay 1 2027-01-12T15:00:00 2027-01-12T16:00:00`,
    );
    expect((await studio.events(BAY_2)).length).toBe(1);
    expect(await alertsOf(studio)).toContain(`PROVIDER_FORBIDDEN ${BAY_1}`);

    await studio.call("POST", "/sandbox/google/calendars", { id: BAY_1, accessRole: "writer" });
    expect((await studio.events(BAY_1)).map(({ summary }) => summary)).toEqual(shown.map(({ summary }) => summary));
    await pass(studio, 40, wire);
    await expectBothSides(studio, [
      `${ids[0]} bay 1 2027-01-12T15:00:00 2027-01-12T16:00:00`,
      `${ids[1]} bay 1 2027-01-13T10:00:00 2027-01-13T11:00:00`,
      `${ids[2]} bay 1 2027-01-14T10:00:00 2027-01-14T11:00:00`,
      `${other} bay 2 2027-01-12T10:00:00 2027-01-12T11:00:00`,
    ]);
    expect(wire.writes().sort()).toEqual(["events.insert", "events.patch"]);
    expect(await alertsOf(studio)).toEqual([]);
  });
}

test("S65: access that hides private events is an error and an alert too: what is hidden is not gone", async () => {
  const { studio, wire } = await openThree();
  const before = await believed(studio);
  await studio.call("POST", "/sandbox/google/calendars", { id: BAY_1, accessRole: "writerWithoutPrivateAccess" });

  await pass(studio, 30, wire);

  expect(wire.writes()).toEqual([]);
  expect(await believed(studio)).toEqual(before);
  expect(await alertsOf(studio)).toEqual([`calendar-unreadable ${BAY_1}`]);
});

test("S65: single calls that see the calendar as a free/busy reader, in lists and in reads by id, change nothing", async () => {
  const { studio, wire, ids } = await openThree();
  const before = await believed(studio);
  const { id: eventId } = await studio.eventOf(BAY_1, ids[0] ?? "");
  await fault(studio, { api: "google", method: "GET", kinds: ["free-busy"] });

  await studio.deleteEvent(BAY_1, eventId);
  await studio.call("POST", "/sandbox/google/expire-sync-tokens", {});
  await pass(studio, 30, wire);

  expect(wire.writes()).toEqual([]);
  expect((await bookedLines(studio)).length).toBe(3);
  expect((await believed(studio)).bookings).toEqual(before.bookings);
  expect(await alertsOf(studio)).toContain(`calendar-unreadable ${BAY_1}`);

  await mend(studio);
  await pass(studio, 20, wire);
  expect(wire.writes()).toEqual(["cancelappointment"]);
  expect(await shownLines(studio)).toEqual(await bookedLines(studio));
});

test("S65: an event that a read by id shows masked is no event whose marker and title somebody removed", async () => {
  const { studio, wire, ids } = await openThree();
  const { id: eventId } = await studio.eventOf(BAY_1, ids[0] ?? "");
  await studio.drag(BAY_1, eventId, "2027-01-12T15:00:00", "2027-01-12T16:00:00");
  await studio.sandbox.tick();
  const [touched] = takeAll(studio);
  if (touched === undefined) throw new Error("a push makes a message");
  await deliver(studio, touched);
  const [observation] = takeAll(studio);
  if (observation === undefined) throw new Error("a pull tells what it saw");
  await fault(studio, { api: "google", method: "GET", path: `/events/${eventId}`, kinds: ["free-busy"] });

  await deliver(studio, observation, 2);
  await work(studio, wire);

  expect(wire.calls().map(({ operation }) => operation)).toContain("events.get");
  expect(wire.writes()).toEqual([]);
  expect(await openReviews(studio)).toEqual([]);
  expect(await alertsOf(studio)).toEqual([`PROVIDER_FORBIDDEN ${BAY_1}`]);
  expect((await studio.maps()).map(({ status }) => status)).toEqual(["active", "active", "active"]);

  await mend(studio);
  await pass(studio, 20, wire);
  expect((await shownLines(studio)).join()).toContain("bay 1 2027-01-12T15:00:00 2027-01-12T16:00:00");
  expect(await shownLines(studio)).toEqual(await bookedLines(studio));
  expect(await alertsOf(studio)).toEqual([]);
});
