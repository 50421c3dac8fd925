import { describe, expect, test } from "vitest";
import { campConfig } from "../../scripts/sim/studio/studio-config.ts";
import { explain } from "../../shared/flows/explain.ts";
import { BAY_1, BAY_2, type GoogleEvent, openRunningStudio, type Studio, WS } from "../flows/studio.ts";
import { pass } from "./clockwork.ts";
import { breakCalls, expectStill, letPass, mendCalls, openAlerts, storedEvents } from "./scene.ts";

/** From Friday afternoon to Sunday, on the first pitch. */
const WEEKEND = { group: "1st Anytown", start: "2027-01-15", end: "2027-01-17", items: [{ item: 301 }] };

async function openCamp(policy: Record<string, unknown> = {}): Promise<Studio> {
  return openRunningStudio({ config: campConfig(policy) });
}

async function warden(studio: Studio, action: string, body: object, told = true): Promise<string> {
  const silent = told ? {} : { "x-sandbox-fault": "notify-lost" };
  return String((await studio.call("POST", `/sandbox/osm/${action}`, body, silent))["id"]);
}

/** A relay names a booking. */
async function tell(studio: Studio, bookingId: string): Promise<void> {
  await studio.receiveWebhook({ id: `told-${bookingId}`, body: { bookingId }, source: "osm" });
  await studio.settle();
}

async function retitle(studio: Studio, event: GoogleEvent | undefined, summary: string): Promise<void> {
  await studio.call("PATCH", `/google/calendar/v3/calendars/${BAY_1}/events/${event?.id}`, { summary });
  await studio.settle();
}

/** Nobody tells: the poll finds it. */
async function bookUntold(studio: Studio, booking: object = {}): Promise<string> {
  const id = await warden(studio, "book", { ...WEEKEND, ...booking }, false);
  await studio.poll();
  return id;
}

async function shown(studio: Studio, calendar = BAY_1): Promise<string[]> {
  const events = await studio.events(calendar);
  return events.map((event) => `${bookingOf(event)} ${timeOf(event.start)} ${timeOf(event.end)} ${event.summary}`);
}

function bookingOf(event: GoogleEvent): string {
  return event.extendedProperties?.private?.["osmBookingId"] ?? "?";
}

function timeOf({ dateTime, date }: GoogleEvent["start"]): string {
  return date ?? new Date(dateTime ?? "").toISOString().slice(0, 16);
}

const SHOWN = "2027-01-15T16:00 2027-01-17T14:00 1st Anytown";

describe("a campsite's pitches", () => {
  test("a booking is on the calendar of each of its pitches, a provisional one marked, until it is confirmed", async () => {
    const studio = await openCamp();

    const id = await bookUntold(studio, { status: "provisional", items: [{ item: 301 }, { item: 302 }] });
    const before = [await shown(studio), await shown(studio, BAY_2)];
    const [asked] = await studio.events(BAY_1);
    await warden(studio, "confirm", { id }, false);
    await letPass(studio, 2);

    const tentative = `${id} ${SHOWN.replace("1st", "Provisional: 1st")}`;
    expect(before).toEqual([[tentative], [tentative]]);
    expect([await shown(studio), await shown(studio, BAY_2)]).toEqual([[`${id} ${SHOWN}`], [`${id} ${SHOWN}`]]);
    expect([asked?.status, (await studio.events(BAY_1))[0]?.status]).toEqual(["tentative", "confirmed"]);
    expect((await studio.events(BAY_1))[0]?.description).toBe(`Booking #${id}, 24 people`);
    await expectStill(studio);
  });

  test("moved, given another pitch, cancelled: the calendars follow with the next poll", async () => {
    const studio = await openCamp();
    const id = await bookUntold(studio);

    await warden(studio, "edit", { id, start: "2027-01-22", end: "2027-01-24" }, false);
    await warden(studio, "edit", { id, participants: 30, items: [{ item: 302 }] }, false);
    await letPass(studio, 2);
    const moved = [await shown(studio), await shown(studio, BAY_2)];
    await warden(studio, "cancel", { id }, false);
    await letPass(studio, 2);

    expect(moved).toEqual([[], [`${id} 2027-01-22T16:00 2027-01-24T14:00 1st Anytown`]]);
    expect([await shown(studio), await shown(studio, BAY_2)]).toEqual([[], []]);
    await expectStill(studio);
  });

  test("a relay's word is enough: the booking is read by its number, and shown before any poll", async () => {
    const studio = await openCamp();

    const id = await warden(studio, "book", WEEKEND);
    await studio.settle();

    expect(await shown(studio)).toEqual([`${id} ${SHOWN}`]);
    await expectStill(studio);
  });
});

describe("OSM cannot be changed from a calendar", () => {
  test("a dragged event is put back, and a person is told", async () => {
    const studio = await openCamp();
    const id = await bookUntold(studio);
    const [event] = await studio.events(BAY_1);

    await studio.drag(BAY_1, event?.id ?? "", "2027-01-20T10:00:00", "2027-01-20T11:00:00");
    await letPass(studio, 5, 2);

    expect(await shown(studio)).toEqual([`${id} ${SHOWN}`]);
    expect((await studio.reviews()).map(({ kind, status }) => [kind, status])).toEqual([["time-not-writable", "open"]]);
    await expectStill(studio);
  });

  test.each([
    ["cancel", [SHOWN], undefined],
    ["ask", [], "event-deleted"],
    ["restore", [SHOWN], undefined],
  ] as const)(
    "S05: a deleted event with policy %s: the booking lives on, and nothing goes round in circles",
    async (policy, left, question) => {
      const studio = await openCamp({ calendarDeletion: policy });
      const id = await bookUntold(studio);
      const [event] = await studio.events(BAY_1);

      await studio.deleteEvent(BAY_1, event?.id ?? "");
      await letPass(studio, 5, 2);

      expect(await shown(studio)).toEqual(left.map((line) => `${id} ${line}`));
      expect((await studio.reviews()).map(({ kind }) => kind)).toEqual(question === undefined ? [] : [question]);
      await expectStill(studio);
    },
  );

  test("S59: an event carried to another pitch's calendar goes back to the pitch of its booking, or a person is asked", async () => {
    const studio = await openCamp();
    const id = await bookUntold(studio);
    const [event] = await studio.events(BAY_1);

    const path = `/google/calendar/v3/calendars/${BAY_1}/events/${event?.id}/move?destination=${BAY_2}`;
    await studio.call("POST", path, {});
    await letPass(studio, 5, 3);

    expect([...(await shown(studio)), ...(await shown(studio, BAY_2))]).toEqual([`${id} ${SHOWN}`]);
    expect((await studio.reviews()).map(({ kind }) => kind)).toEqual(["resource-not-writable"]);
    await expectStill(studio);
  });
});

test("confirmed and provisional once more, its event on the calendar turns tentative again", async () => {
  const studio = await openCamp();
  const id = await bookUntold(studio);
  const statuses: unknown[] = [];

  for (const status of ["provisional", "confirmed", "provisional"]) {
    await warden(studio, "edit", { id, status }, false);
    await letPass(studio, 2);
    statuses.push((await studio.events(BAY_1))[0]?.status);
  }

  expect(statuses).toEqual(["tentative", "confirmed", "tentative"]);
  await expectStill(studio);
});

test("S07: cancelled by OSM and booked again under a new number, the event stays and takes the new one", async () => {
  const studio = await openCamp();
  const old = await bookUntold(studio);
  const [before] = await studio.events(BAY_1);
  await letPass(studio, 2);
  studio.providerCalls();

  const fresh = await warden(studio, "rebook", { id: old }, false);
  await letPass(studio, 2);

  const [after, ...others] = await studio.events(BAY_1);
  expect([after?.id, others]).toEqual([before?.id, []]);
  expect(await shown(studio)).toEqual([`${fresh} ${SHOWN}`]);
  expect((await storedEvents(studio, BAY_1)).length).toBe(1);
  expect(await explain(studio.world, WS, `osm:${fresh}`)).toMatchObject({ formerIds: [old] });
  await expectStill(studio);
});

describe("S07: OSM cancels a booking that no poll knows yet, and the group books again", () => {
  test.each([
    ["the old number", (old: string, _fresh: string) => [old]],
    ["the new number", (_old: string, fresh: string) => [fresh]],
    ["the old and then the new number", (old: string, fresh: string) => [old, fresh]],
    ["the new and then the old number", (old: string, fresh: string) => [fresh, old]],
    ["nobody", () => []],
  ])("told by %s, the event stays as people wrote it, and takes the new one", async (_name, told) => {
    const studio = await openCamp();
    await bookUntold(studio, { group: "2nd Oakham", items: [{ item: 302 }] });
    const old = await warden(studio, "book", WEEKEND);
    await studio.settle();
    const [before] = await studio.events(BAY_1);
    await retitle(studio, before, "Tents by the river");

    const fresh = await warden(studio, "rebook", { id: old }, false);
    for (const bookingId of told(old, fresh)) await tell(studio, bookingId);
    await letPass(studio, 5, 3);

    expect((await storedEvents(studio, BAY_1)).map(({ id }) => id)).toEqual([before?.id]);
    expect(await shown(studio)).toEqual([`${fresh} ${SHOWN.replace("1st Anytown", "Tents by the river")}`]);
    expect(await explain(studio.world, WS, `osm:${fresh}`)).toMatchObject({ formerIds: [old] });
    await expectStill(studio);
  });

  test("on another pitch and each of several: every event that stays is the one that was there", async () => {
    const studio = await openCamp();
    const old = await bookUntold(studio, { items: [{ item: 301 }, { item: 302 }] });
    const before = [...(await studio.events(BAY_1)), ...(await studio.events(BAY_2))].map(({ id }) => id);

    const both = await warden(studio, "rebook", { id: old });
    await letPass(studio, 5, 2);
    const after = [...(await studio.events(BAY_1)), ...(await studio.events(BAY_2))].map(({ id }) => id);
    const one = await warden(studio, "rebook", { id: both, items: [{ item: 302 }] });
    await letPass(studio, 5, 2);

    expect(after).toEqual(before);
    expect([await shown(studio), await shown(studio, BAY_2)]).toEqual([[], [`${one} ${SHOWN}`]]);
    expect((await studio.events(BAY_2))[0]?.id).toBe(before[1]);
  });

  test("while the lists lack something, the cancelled one's event waits", async () => {
    const studio = await openCamp();
    const old = await warden(studio, "book", WEEKEND);
    await studio.settle();
    const [before] = await studio.events(BAY_1);
    await breakCalls(studio, { api: "osm", kinds: ["status=503"], path: "^/osm/v3/campsites/1/bookings$" });

    const fresh = await warden(studio, "rebook", { id: old }, false);
    await tell(studio, old);
    const meanwhile = await shown(studio);
    await mendCalls(studio);
    await letPass(studio, 10, 4);

    expect(meanwhile).toEqual([`${old} ${SHOWN}`]);
    expect((await storedEvents(studio, BAY_1)).map(({ id }) => id)).toEqual([before?.id]);
    expect(await shown(studio)).toEqual([`${fresh} ${SHOWN}`]);
  });

  test("a second booking made while the first was live follows nobody when that one is cancelled", async () => {
    const studio = await openCamp();
    const first = await warden(studio, "book", WEEKEND);
    await studio.settle();
    const second = await warden(studio, "book", WEEKEND);
    await studio.settle();

    studio.clock.advance(60_000);
    await warden(studio, "cancel", { id: first });
    await studio.settle();

    expect(await shown(studio)).toEqual([`${second} ${SHOWN}`]);
    expect(await explain(studio.world, WS, `osm:${second}`)).toMatchObject({ formerIds: [] });
  });
});

test("S07, S49: what a group writes on an event before its booking is cancelled for good is in the journal, though OSM has no place for it", async () => {
  const studio = await openCamp();
  const id = await bookUntold(studio);
  const [event] = await studio.events(BAY_1);
  await retitle(studio, event, "Tents by the river");

  await warden(studio, "cancel", { id });
  await letPass(studio, 5, 2);
  const fresh = await warden(studio, "book", WEEKEND);
  await letPass(studio, 5, 2);

  expect(await shown(studio)).toEqual([`${fresh} ${SHOWN}`]);
  expect(JSON.stringify(await explain(studio.world, WS, `osm:${id}`))).toContain("Tents by the river");
});

describe("laws of reading", () => {
  test.each(["status=503", "status=403", "html", "status-false", "timeout-before", "empty", "truncate"])(
    "S01: law 2: half an hour of %s from OSM cancel nothing",
    async (kind) => {
      const studio = await openCamp();
      const ids = [await bookUntold(studio), await bookUntold(studio, { items: [{ item: 302 }] })];
      const lists = kind === "empty" || kind === "truncate";

      await breakCalls(studio, {
        api: "osm",
        kinds: [kind],
        ...(lists ? { path: "^/osm/v3/campsites/1/bookings$" } : {}),
      });
      await pass(studio, 30);
      await mendCalls(studio);
      await pass(studio, 20);

      expect([await shown(studio), await shown(studio, BAY_2)]).toEqual(ids.map((id) => [`${id} ${SHOWN}`]));
      expect(studio.logs.filter(({ severity }) => severity === "ERROR")).toEqual([]);
    },
  );

  test("S46: while OSM refuses our token nothing is cancelled, an alert names it, and afterwards all goes on", async () => {
    const studio = await openCamp();
    const id = await bookUntold(studio);
    await studio.call("POST", "/sandbox/osm/expire-tokens", {});
    await breakCalls(studio, { api: "osm", path: "/oauth/token", kinds: ["invalid-grant"] });
    await warden(studio, "cancel", { id }, false);

    await letPass(studio, 2, 3);
    const meanwhile = await shown(studio);
    const alerts = (await openAlerts(studio)).map(({ kind, detail }) => [kind, detail.includes("osm")]);
    await mendCalls(studio);
    await letPass(studio, 6, 2);

    expect(meanwhile).toEqual([`${id} ${SHOWN}`]);
    expect(alerts).toContainEqual(["source-unreadable", true]);
    expect(await shown(studio)).toEqual([]);
  });

  test("S45: near the hour's limit the polls pause, nothing is cancelled, and the next hour makes it good", async () => {
    const studio = await openCamp();
    const id = await bookUntold(studio);
    await studio.call("POST", "/sandbox/osm/spend", { calls: 960 });
    await warden(studio, "edit", { id, group: "1st Anytown Scouts" }, false);

    await letPass(studio, 2, 3);
    const meanwhile = await shown(studio);
    const { osm } = (await studio.call("GET", "/sandbox/state")) as unknown as { osm: { meter: { calls: number } } };
    await letPass(studio, 60);
    await letPass(studio, 2);

    expect(meanwhile).toEqual([`${id} ${SHOWN}`]);
    expect(osm.meter.calls).toBeLessThan(1_000);
    expect(await shown(studio)).toEqual([`${id} ${SHOWN} Scouts`]);
  });

  test("S09: a stay that is over leaves the lists, and its event stays", async () => {
    const studio = await openCamp();
    const id = await bookUntold(studio, {
      ...{ start: "2027-01-11", end: "2027-01-11" },
      items: [{ item: 301, start: "2027-01-11 09:00:00", end: "2027-01-11 12:00:00" }],
    });

    studio.clock.advance(26 * 3_600_000);
    await letPass(studio, 5, 4);

    expect(await shown(studio)).toEqual([`${id} 2027-01-11T09:00 2027-01-11T12:00 1st Anytown`]);
  });
});
