import { describe, expect, test } from "vitest";
import { BAY_1, openRunningStudio, type Studio } from "../flows/studio.ts";
import {
  attemptsSince,
  breakCalls,
  expectStill,
  letPass,
  liveEvents,
  mendCalls,
  openAlerts,
  storedEvents,
  writesSince,
} from "./scene.ts";
import { onCalendar } from "./sides.ts";

/** Each way a read can fail: the sandbox's fault, what the alert must say, whether it is shown at once. */
const CAUSES = [
  { cause: "401", fault: "status=401", names: "401", atOnce: true },
  { cause: "403", fault: "status=403", names: "403", atOnce: true },
  { cause: "429", fault: "status=429;retry-after=30", names: "429", atOnce: false },
  { cause: "500", fault: "status=500", names: "500", atOnce: false },
  { cause: "503", fault: "status=503", names: "503", atOnce: false },
  { cause: "a closed connection", fault: "timeout-before", names: "no answer", atOnce: false },
  { cause: "a time-out", fault: "time-out", names: "no answer", atOnce: false },
] as const;

interface Trouble {
  readonly studio: Studio;
  /** Makes reads of this path fail, by the provider or by the clock. */
  begin(api: "google" | "uschedule", path: string, method?: string): Promise<void>;
  end(): Promise<void>;
}

/** The sandbox answers every fault but one: that no answer comes in time is told by the caller's own clock. */
async function openTrouble(fault: string): Promise<Trouble> {
  let late: RegExp | undefined;
  const studio = await openRunningStudio({
    fetch: (sandbox) => async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : String(input));
      const timesOut = late?.test(`${init?.method ?? "GET"} ${url.pathname}`) === true;
      if (timesOut) throw new DOMException("The operation was aborted due to timeout", "TimeoutError");
      return sandbox(input, init);
    },
  });
  return {
    studio,
    async begin(api, path, method = "POST") {
      if (fault === "time-out") late = new RegExp(`^${method} .*${path.replace("^", "")}`);
      else await breakCalls(studio, { api, method, path, kinds: [fault] });
    },
    async end() {
      late = undefined;
      await mendCalls(studio);
    },
  };
}

const EVENT_PATH = "^/google/.*/events/[^/]+$";

/** The booking's event and map, and that nothing is left waiting. */
async function expectInStep(studio: Studio, id: string): Promise<void> {
  const [map] = await studio.maps();
  expect(map).toMatchObject({ bookingId: id, status: "active", dirty: false, attempts: 0 });
  expect(map).not.toHaveProperty("error");
  expect(await studio.appointment(id)).toMatchObject({ StatusID: 1 });
  expect(await openAlerts(studio)).toEqual([]);
  await expectStill(studio);
}

describe.each(CAUSES)("a read that gives $cause", ({ fault, names, atOnce }) => {
  test("S01: an event that a list lacks and that cannot be read cancels nothing, is parked, shown and found again", async () => {
    const { studio, begin, end } = await openTrouble(fault);
    const id = await studio.book(1, "2027-01-12T10:00:00");
    await studio.settle();
    const before = await liveEvents(studio);
    studio.providerCalls();

    await begin("google", EVENT_PATH, "GET");
    await breakCalls(studio, { api: "google", method: "GET", path: "^/google/.*/events$", kinds: ["empty"] });
    await studio.sweep();
    const [parked] = await studio.maps();
    const shownAtOnce = await openAlerts(studio);
    await letPass(studio, 16, 3);

    expect(parked).toMatchObject({ dirty: true, attempts: 1, status: "active", error: { code: /PROVIDER_/ } });
    expect(shownAtOnce.length > 0).toBe(atOnce);
    const [alert] = await openAlerts(studio);
    expect(alert?.detail).toContain("Google Calendar: reading event");
    expect(alert?.detail).toContain(names);
    expect(attemptsSince(studio)).toEqual([]);
    expect(await studio.appointment(id)).toMatchObject({ StatusID: 1 });
    expect(await liveEvents(studio)).toEqual(before);

    await end();
    await letPass(studio, 20, 2);

    expect(await liveEvents(studio)).toEqual(before);
    await expectInStep(studio, id);
  });

  test("S01: a deletion that cannot be confirmed cancels nothing until it can", async () => {
    const { studio, begin, end } = await openTrouble(fault);
    const id = await studio.book(1, "2027-01-12T10:00:00");
    await studio.settle();
    const event = await studio.eventOf(BAY_1, id);
    await begin("google", EVENT_PATH, "GET");
    await studio.deleteEvent(BAY_1, event.id);
    studio.providerCalls();

    await studio.settle();
    await letPass(studio, 16, 2);

    expect(attemptsSince(studio)).toEqual([]);
    expect(await studio.appointment(id)).toMatchObject({ StatusID: 1 });

    await end();
    await letPass(studio, 20, 2);

    expect(writesSince(studio)).toEqual(["cancelappointment"]);
    expect(await studio.appointment(id)).toMatchObject({ StatusID: 9 });
    expect(await openAlerts(studio)).toEqual([]);
    await expectStill(studio);
  });

  test("S01: a calendar that cannot be listed cancels nothing, is shown by its cause, and is caught up with", async () => {
    const { studio, begin, end } = await openTrouble(fault);
    const id = await studio.book(1, "2027-01-12T10:00:00");
    await studio.settle();
    const event = await studio.eventOf(BAY_1, id);

    await begin("google", "^/google/.*/events$", "GET");
    await studio.call("PATCH", `/google/calendar/v3/calendars/${BAY_1}/events/${event.id}`, { summary: "Maya L." });
    studio.providerCalls();
    await studio.settle();
    await letPass(studio, 16, 3);

    expect(attemptsSince(studio)).toEqual([]);
    const alerts = (await openAlerts(studio)).filter(({ kind }) => kind === "calendar-unreadable");
    expect(alerts.map(({ subject }) => subject)).toContain(BAY_1);
    for (const { detail } of alerts) expect(detail).toContain(names);

    await end();
    await letPass(studio, 20, 2);

    const [map] = await studio.maps();
    expect(map?.event).toMatchObject({ kind: "live", content: { title: "Maya L." } });
    expect(writesSince(studio)).toEqual([]);
    await expectInStep(studio, id);
  });

  test("S01: a booking that cannot be read is left as it is on both sides, parked, shown and carried later", async () => {
    const { studio, begin, end } = await openTrouble(fault);
    const id = await studio.book(1, "2027-01-12T10:00:00");
    await studio.settle();
    const before = await liveEvents(studio);

    await begin("uschedule", "/getappointment");
    await studio.staff("edit", { id, StartTime: "2027-01-12T15:00:00" });
    studio.providerCalls();
    await studio.settle();
    const [parked] = await studio.maps();
    const shownAtOnce = await openAlerts(studio);
    await letPass(studio, 16, 3);

    expect(parked).toMatchObject({ dirty: true, attempts: 1, status: "active", error: { code: /PROVIDER_/ } });
    expect(shownAtOnce.length > 0).toBe(atOnce);
    const [alert] = await openAlerts(studio);
    expect(alert?.detail).toContain("USchedule: getappointment");
    expect(alert?.detail).toContain(names);
    expect(attemptsSince(studio)).toEqual([]);
    expect(await liveEvents(studio)).toEqual(before);

    await end();
    await letPass(studio, 20, 2);

    expect(writesSince(studio)).toEqual(["events.patch"]);
    expect((await studio.eventOf(BAY_1, id)).start.dateTime).toContain("2027-01-12T15:00:00");
    await expectInStep(studio, id);
  });

  test("S01: a booking that a list lacks and that cannot be read is not cancelled", async () => {
    const { studio, begin, end } = await openTrouble(fault);
    const id = await studio.book(1, "2027-01-12T10:00:00");
    await studio.book(2, "2027-01-12T10:00:00");
    await studio.settle();
    await studio.poll();
    const before = await liveEvents(studio);
    studio.providerCalls();

    await breakCalls(studio, { api: "uschedule", path: "/getapiappointments", kinds: [`omit=${id}`] });
    await begin("uschedule", "/getappointment");
    await letPass(studio, 5, 5);

    const [alert] = await openAlerts(studio);
    expect(alert).toMatchObject({ kind: "source-unreadable", detail: expect.stringContaining(names) });
    expect(attemptsSince(studio)).toEqual([]);
    expect(await liveEvents(studio)).toEqual(before);

    await end();
    await letPass(studio, 20, 2);

    expect(await liveEvents(studio)).toEqual(before);
    await expectInStep(studio, id);
  });

  test("S01: a source that cannot be listed cancels nothing, is shown by its cause, and its alert closes", async () => {
    const { studio, begin, end } = await openTrouble(fault);
    const id = await studio.book(1, "2027-01-12T10:00:00");
    await studio.settle();
    const before = await liveEvents(studio);
    studio.providerCalls();

    await begin("uschedule", "/getapiappointments");
    await letPass(studio, 5, 5);

    const [alert] = await openAlerts(studio);
    expect(alert).toMatchObject({ kind: "source-unreadable", detail: expect.stringContaining(names) });
    expect(attemptsSince(studio)).toEqual([]);
    expect(await liveEvents(studio)).toEqual(before);

    await end();
    await letPass(studio, 20, 2);

    await expectInStep(studio, id);
  });
});

test("S01: a 404 from a calendar that is not ours to see is no deletion", async () => {
  const studio = await openRunningStudio();
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await studio.settle();
  const event = await studio.eventOf(BAY_1, id);
  await onCalendar(studio, "PATCH", BAY_1, `/${event.id}`, { summary: "Maya L." }, "notify-lost");
  const before = await storedEvents(studio, BAY_1);
  studio.providerCalls();

  await breakCalls(studio, { api: "google", path: "loft-bay-1", kinds: ["no-access"] });
  await studio.staff("edit", { id, StartTime: "2027-01-12T15:00:00" });
  await studio.settle();
  await letPass(studio, 16, 3);

  expect(attemptsSince(studio).filter((each) => !each.startsWith("events.patch"))).toEqual([]);
  expect(await studio.appointment(id)).toMatchObject({ StatusID: 1 });
  expect(await storedEvents(studio, BAY_1)).toEqual(before);
  expect((await openAlerts(studio)).map(({ kind }) => kind)).toContain("calendar-unreadable");

  await mendCalls(studio);
  await letPass(studio, 20, 2);

  expect((await studio.eventOf(BAY_1, id)).start.dateTime).toContain("2027-01-12T15:00:00");
  await expectInStep(studio, id);
});

test("S01: a change that could not be read is not forgotten because something else is news meanwhile", async () => {
  const studio = await openRunningStudio();
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await studio.settle();
  await studio.poll();
  const event = await studio.eventOf(BAY_1, id);

  await breakCalls(studio, { api: "uschedule", path: "/getappointment", kinds: ["status=503"] });
  await studio.staff("edit", { id, Notes: "left-handed clubs" });
  await studio.poll();
  studio.clock.advance(180_000);
  await onCalendar(studio, "PATCH", BAY_1, `/${event.id}`, { colorId: "5" });
  await studio.settle();
  await mendCalls(studio);
  await letPass(studio, 20, 2);

  expect((await studio.eventOf(BAY_1, id)).description).toBe("left-handed clubs");
  await expectInStep(studio, id);
});
