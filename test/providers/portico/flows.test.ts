import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Config } from "../../../shared/config.ts";
import { undoHold } from "../../../shared/flows/holds.ts";
import type { SourceConnection } from "../../../shared/ports/provider.ts";
import { portico } from "../../../shared/providers/portico/index.ts";
import type { Settings } from "../../../shared/providers/portico/schema.ts";
import { PROVIDERS } from "../../../shared/providers/registry.ts";
import { OSLO, openPorticoBench, type PorticoBench } from "../../contract/portico-bench.ts";
import { readKnown } from "../../contract/source-bench.ts";
import { approveForGood } from "../../flows/approve.ts";
import { BAY_1, BAY_2, openRunningStudio, type Studio, WS } from "../../flows/studio.ts";
import { pass } from "../../scenarios/clockwork.ts";
import { onCalendar, openReviews, wall } from "../../scenarios/sides.ts";
import { sharedEngine } from "./engine.ts";
import { placing } from "./town-hall.ts";

/** The real flows between Portico's tables and two Google calendars. Local times there are London's, one hour back. */
const AT_TEN = { kind: "timed", start: "2027-01-12T10:00:00.000Z", end: "2027-01-12T11:00:00.000Z" } as const;

let bench: PorticoBench;
let studio: Studio;
beforeAll(async () => void (await sharedEngine()), 120_000);
beforeEach(async () => {
  bench = openPorticoBench();
  studio = await openPorticoStudio();
});

async function openPorticoStudio(policy: object = {}): Promise<Studio> {
  const { url } = await bench.engine();
  const connect = (connection: SourceConnection<Settings>) => portico.connect({ ...connection, root: url });
  return openRunningStudio({
    config: townOfPortico(policy),
    providers: { ...PROVIDERS, portico: { ...portico, connect } },
  });
}

function townOfPortico(policy: object): Config {
  const create = { ageGroup: 1, audience: 1 };
  const room = (number: 1 | 2, calendar: string) => ({
    ...{ source: "town", sourceName: `10${number}`, calendar, timeZone: OSLO },
    ...{ title: "{title}", description: "{notes}", properties: {} },
  });
  return Config.parse({
    workspaces: {
      [WS]: {
        sources: { town: { provider: "portico", settings: { tls: "off", create } } },
        calendars: { google: { provider: "google-calendar", settings: {} } },
        resources: { "room-1": room(1, BAY_1), "room-2": room(2, BAY_2) },
        policy: { imports: "always", ...policy },
        marker: { bookingId: "bookingSystemId", managed: "lockstepManaged" },
      },
    },
  });
}

const shown = async (calendarId = BAY_1) =>
  (await studio.events(calendarId)).map(({ summary, start, end }) => `${summary} ${wall(start)} ${wall(end)}`).sort();

test("an event of Portico's is shown, follows every change, goes with its cancellation and returns with its revival", async () => {
  const id = await bench.outside.book({ room: "101", span: AT_TEN, customer: "Kari Nordmann" });
  await pass(studio, 10);
  expect(await shown()).toEqual(["Kurs 2027-01-12T10:00:00 2027-01-12T11:00:00"]);

  await bench.outside.change(id, { span: { ...AT_TEN, end: "2027-01-12T12:00:00.000Z" }, room: "102" });
  await pass(studio, 30);
  expect([await shown(), await shown(BAY_2)]).toEqual([[], ["Kurs 2027-01-12T10:00:00 2027-01-12T12:00:00"]]);

  await bench.outside.cancel(id);
  await pass(studio, 10);
  expect(await shown(BAY_2)).toEqual([]);

  await (await bench.engine()).db.exec("UPDATE bb_event SET active = 1");
  await pass(studio, 10);
  expect(await shown(BAY_2)).toEqual(["Kurs 2027-01-12T10:00:00 2027-01-12T12:00:00"]);
});

describe("a drag on the calendar", () => {
  const THREE = "Kurs 2027-01-13T15:00:00 2027-01-13T16:00:00";
  const TEN = "Kurs 2027-01-12T10:00:00 2027-01-12T11:00:00";
  const atThree = { start: "2027-01-13T15:00:00.000Z", end: "2027-01-13T16:00:00.000Z" };
  const dragToThree = async () => {
    const [event] = await studio.events(BAY_1);
    await studio.drag(BAY_1, event?.id ?? "", "2027-01-13T15:00:00", "2027-01-13T16:00:00");
  };
  const spanOf = async (id: string) => (await readKnown(bench.source, id)).span;
  const book = async () => {
    const id = await bench.outside.book({ room: "101", span: AT_TEN, customer: "Kari Nordmann" });
    await pass(studio, 10);
    return id;
  };

  test("moves the reservation in place, and then nothing is left to do", async () => {
    const id = await book();

    await dragToThree();
    await pass(studio, 10);

    expect(await spanOf(id)).toMatchObject(atThree);
    expect([await shown(), await openReviews(studio)]).toEqual([[THREE], []]);
    bench.statements();
    await pass(studio, 30);
    expect(bench.statements().filter((text) => !text.startsWith("SELECT 'event'"))).toEqual([]);
    expect(await shown()).toEqual([THREE]);
  });

  test("into a slot somebody has is put back, and a person is asked", async () => {
    const id = await book();
    const span = { kind: "timed", ...atThree } as const;
    await bench.outside.book({ room: "101", span, customer: "Ola Nordmann" });

    await dragToThree();
    await pass(studio, 10);

    expect(await spanOf(id)).toMatchObject(AT_TEN);
    expect([await shown(), await openReviews(studio)]).toEqual([[TEN, THREE], [`slot-taken town:${id}`]]);
  });

  test("S49: what is changed in Portico between our look and our write is kept: both sides are read, and it is moved then", async () => {
    const id = await book();
    const { db, intercept } = await bench.engine();
    let meddled = 0;
    intercept({
      onStart: () => "go on",
      async onStatement(text) {
        if (text === "BEGIN" && meddled++ === 0) await db.exec("UPDATE bb_event SET description = 'Nye noter'");
        return "go on";
      },
      losesAnswer: () => false,
    });

    await dragToThree();
    await pass(studio, 10);

    expect(meddled).toBe(2);
    expect(await readKnown(bench.source, id)).toMatchObject({ span: atThree, fields: { notes: "Nye noter" } });
    expect((await studio.events(BAY_1)).map(({ description }) => description)).toEqual(["Nye noter"]);
    expect(await shown()).toEqual([THREE]);
  });

  test("whose answer is lost is found to have taken effect", async () => {
    const id = await book();

    await bench.outside.loseAnswer();
    await dragToThree();
    await pass(studio, 10);

    expect(await spanOf(id)).toMatchObject(atThree);
    expect([await shown(), await openReviews(studio)]).toEqual([[THREE], []]);
  });

  test("to the other room's calendar changes the room", async () => {
    const id = await book();
    const [event] = await studio.events(BAY_1);

    await onCalendar(studio, "POST", BAY_1, `/${event?.id}/move?destination=${encodeURIComponent(BAY_2)}`);
    await pass(studio, 10);

    expect((await readKnown(bench.source, id)).resources).toEqual(["102"]);
    expect([await shown(), await shown(BAY_2)]).toEqual([[], [TEN]]);
  });

  test("S47: out of its allocation puts a booking back, and a person is asked", async () => {
    const allocation = { kind: "allocation", id: 3, hours: [11, 16] } as const;
    const { db } = await bench.engine();
    await db.exec(placing(allocation) + placing({ kind: "booking", id: 7, hours: [12, 13], within: 3 }));
    await pass(studio, 10);
    const group = (await studio.events(BAY_1)).find(({ summary }) => summary === "Jenter 12");

    await studio.drag(BAY_1, group?.id ?? "", "2027-01-10T15:00:00", "2027-01-10T17:00:00");
    await pass(studio, 10);

    expect(await shown()).toContain("Jenter 12 2027-01-10T11:00:00 2027-01-10T12:00:00");
    expect(await openReviews(studio)).toEqual(["time-not-writable town:booking-7"]);
  });

  test("to a whole day is the time from midnight to midnight, on both sides", async () => {
    const id = await book();
    const [event] = await studio.events(BAY_1);

    const day = { start: { date: "2027-01-14", dateTime: null }, end: { date: "2027-01-15", dateTime: null } };
    await onCalendar(studio, "PATCH", BAY_1, `/${event?.id}`, day);
    await pass(studio, 10);

    expect(await spanOf(id)).toMatchObject({ start: "2027-01-13T23:00:00.000Z", end: "2027-01-14T23:00:00.000Z" });
    expect(await shown()).toEqual(["Kurs 2027-01-13T23:00:00 2027-01-14T23:00:00"]);
  });
});

test("S04: cancellations that were held, approved and undone are enabled again, under their own ids", async () => {
  studio = await openPorticoStudio({ breakerCount: 1, breakerPercent: 1 });
  const ids: string[] = [];
  for (const room of ["101", "102"]) {
    ids.push(await bench.outside.book({ room, span: AT_TEN, customer: "Kari Nordmann" }));
  }
  await pass(studio, 10);
  for (const calendarId of [BAY_1, BAY_2]) {
    const [event] = await studio.events(calendarId);
    await studio.deleteEvent(calendarId, event?.id ?? "");
  }
  await pass(studio, 10);
  const [hold] = await studio.holds();
  await approveForGood(studio, hold?.id ?? "", "a person");
  await pass(studio, 10);
  const statuses = async () => Promise.all(ids.map(async (id) => (await readKnown(bench.source, id)).status));
  expect(await statuses()).toEqual(["cancelled", "cancelled"]);

  await undoHold(studio.world, WS, hold?.id ?? "", "a person");
  await pass(studio, 10);

  expect(hold?.items.length).toBeGreaterThan(0);
  const undone = ids.map((id) => (hold?.items.some(({ bookingId }) => bookingId === id) ? "live" : "cancelled"));
  expect(await statuses()).toEqual(undone);
  expect(await openReviews(studio)).toEqual([]);
  expect((await shown()).length + (await shown(BAY_2)).length).toBe(hold?.items.length);
});

test("an event deleted on the calendar is cancelled in Portico, its row kept", async () => {
  const id = await bench.outside.book({ room: "101", span: AT_TEN, customer: "Kari Nordmann" });
  await pass(studio, 10);
  const [event] = await studio.events(BAY_1);

  await studio.deleteEvent(BAY_1, event?.id ?? "");
  await pass(studio, 10);

  expect((await readKnown(bench.source, id)).status).toBe("cancelled");
});

test("S01: while the database cannot be reached nothing on the calendars changes; what happened meanwhile follows", async () => {
  const id = await bench.outside.book({ room: "101", span: AT_TEN, customer: "Kari Nordmann" });
  await pass(studio, 10);
  await bench.outside.fail("unavailable", 1_000);
  await bench.outside.erase(id);
  const other = await bench.outside.book({ room: "102", span: AT_TEN, customer: "Ola Nordmann" });

  await pass(studio, 120);
  expect([await shown(), await shown(BAY_2)]).toEqual([["Kurs 2027-01-12T10:00:00 2027-01-12T11:00:00"], []]);

  await bench.outside.fail("unavailable", 0);
  await pass(studio, 120);
  expect((await shown(BAY_2)).length).toBe(1);
  expect((await readKnown(bench.source, other)).status).toBe("live");
  expect(await shown()).toEqual([]);
});

test("an event that is not public holds its room on the calendar, without its words", async () => {
  await bench.outside.book({ room: "101", span: AT_TEN, customer: "Kari Nordmann", notes: "Om lønn" });
  await (await bench.engine()).db.exec("UPDATE bb_event SET is_public = 0");

  await pass(studio, 10);

  expect(await studio.events(BAY_1)).toHaveLength(1);
  expect(JSON.stringify(await studio.events(BAY_1))).not.toMatch(/Kurs|Nordmann|lønn/);
});

test("import-meeting: a meeting of people's own becomes a private event of Portico's, once, and goes with it", async () => {
  const meeting = {
    ...{
      summary: "Lønnssamtale",
      start: { dateTime: "2027-01-12T10:00:00Z" },
      end: { dateTime: "2027-01-12T11:00:00Z" },
    },
    description: "Om lønn",
  };
  await onCalendar(studio, "POST", BAY_1, "", meeting);
  await pass(studio, 30);

  const { bookings } = await bench.source.list({ from: "2027-01-01T00:00:00.000Z", to: "2027-02-01T00:00:00.000Z" });
  expect(bookings).toMatchObject([{ kind: "event", resources: ["101"], span: AT_TEN, status: "live" }]);
  expect(bookings[0]?.madeWith).toMatch(/^lockstep-import-/);
  expect(Object.keys(bookings[0]?.fields ?? {})).toEqual(["id", "kind"]);
  expect(await shown()).toEqual(["Lønnssamtale 2027-01-12T10:00:00 2027-01-12T11:00:00"]);

  await bench.outside.cancel(bookings[0]?.id ?? "");
  await pass(studio, 30);
  expect(await shown()).toEqual([]);
  expect((await readKnown(bench.source, bookings[0]?.id ?? "")).status).toBe("cancelled");
});

test("a meeting in a slot that Portico has given away stays on the calendar, and a person is told", async () => {
  await bench.outside.book({ room: "101", span: AT_TEN, customer: "Kari Nordmann" });
  await pass(studio, 10);

  const meeting = { start: { dateTime: "2027-01-12T10:30:00Z" }, end: { dateTime: "2027-01-12T11:30:00Z" } };
  await onCalendar(studio, "POST", BAY_1, "", { summary: "Møte", ...meeting });
  await pass(studio, 10);

  expect((await studio.events(BAY_1)).map(({ summary }) => summary).sort()).toEqual(["Kurs", "Møte"]);
  expect((await openReviews(studio)).filter((review) => review.startsWith("import-refused"))).toHaveLength(1);
});

test("a row that vanished is cancelled only after the listings that the policy asks lacked it", async () => {
  const id = await bench.outside.book({ room: "101", span: AT_TEN, customer: "Kari Nordmann" });
  await pass(studio, 10);
  await bench.outside.erase(id);

  await pass(studio, 5);
  expect(await shown()).toHaveLength(1);
  await pass(studio, 120);
  expect(await shown()).toEqual([]);
});
