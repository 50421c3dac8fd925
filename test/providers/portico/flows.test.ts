import { beforeAll, beforeEach, expect, test } from "vitest";
import { Config } from "../../../shared/config.ts";
import type { Connection } from "../../../shared/ports/provider.ts";
import { portico } from "../../../shared/providers/portico/index.ts";
import type { Settings } from "../../../shared/providers/portico/schema.ts";
import { PROVIDERS } from "../../../shared/providers/registry.ts";
import { OSLO, openPorticoBench, type PorticoBench } from "../../contract/portico-bench.ts";
import { readKnown } from "../../contract/source-bench.ts";
import { BAY_1, BAY_2, openRunningStudio, type Studio, WS } from "../../flows/studio.ts";
import { pass } from "../../scenarios/clockwork.ts";
import { onCalendar, openReviews, wall } from "../../scenarios/sides.ts";
import { sharedEngine } from "./engine.ts";

/** The real flows between Portico's tables and two Google calendars. Local times there are London's, one hour back. */
const AT_TEN = { kind: "timed", start: "2027-01-12T10:00:00.000Z", end: "2027-01-12T11:00:00.000Z" } as const;

let bench: PorticoBench;
let studio: Studio;
beforeAll(async () => void (await sharedEngine()), 120_000);
beforeEach(async () => {
  bench = openPorticoBench();
  const { url } = await bench.engine();
  const connect = (connection: Connection<Settings>) => portico.connect({ ...connection, root: url });
  studio = await openRunningStudio({
    config: townOfPortico(),
    providers: { ...PROVIDERS, portico: { ...portico, connect } },
  });
});

function townOfPortico(): Config {
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
        policy: { imports: "always" },
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

test("a drag on the calendar is put back and shown to a person: Portico's times cannot be changed from there", async () => {
  const id = await bench.outside.book({ room: "101", span: AT_TEN, customer: "Kari Nordmann" });
  await pass(studio, 10);
  const [event] = await studio.events(BAY_1);

  await studio.drag(BAY_1, event?.id ?? "", "2027-01-13T15:00:00", "2027-01-13T16:00:00");
  await pass(studio, 10);

  expect(await shown()).toEqual(["Kurs 2027-01-12T10:00:00 2027-01-12T11:00:00"]);
  expect((await readKnown(bench.source, id)).span).toMatchObject(AT_TEN);
  expect(await openReviews(studio)).toEqual([`time-not-writable town:${id}`]);
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
