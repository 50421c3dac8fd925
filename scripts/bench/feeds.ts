import ICAL from "ical.js";
import { Config } from "../../shared/config.ts";
import { buildWorld } from "../../shared/edge/build-world.ts";
import { openSqliteStores } from "../../shared/embedded/sqlite-store.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { readCalendar } from "../../shared/stays/read-calendar.ts";
import { median } from "./spread.ts";
import { stillClock } from "./still-clock.ts";

/** Of a bare parse: reading alone, and asking, reading, comparing with what was known and keeping it. */
const LEAST = { read: 0.45, list: 0.2 } as const;
const STAYS = 300;
const ROUNDS = 15;
const READS_IN_A_ROUND = 10;
const DAY_MS = 86_400_000;
const NOW = "2027-01-11T08:00:00.000Z";
const WS = "lets";
const ZONE = "Europe/London";

interface Row {
  readonly name: keyof typeof LEAST;
  readonly perSecond: number;
  /** Medians of the ratios to the bare parse of the same round. */
  readonly ratio: number;
}

/**
 * `npm run bench -- feeds`: feeds of 300 stays a second, divided by those that ical.js alone parses into its components. In
 * every round each feed is another one: one stay moved.
 */
export async function benchFeeds({ json }: { readonly json: boolean }): Promise<boolean> {
  const lister = openLister();
  const works: Readonly<Record<keyof typeof LEAST | "bare", Work>> = {
    bare: parseBare,
    read: readFeed,
    list: lister.list,
  };
  const rounds: Record<keyof typeof works, number>[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const feeds = Array.from({ length: READS_IN_A_ROUND }, (_, n) => feedText(round * READS_IN_A_ROUND + n));
    const each = { bare: await rate(works.bare, feeds), read: await rate(works.read, feeds), list: 0 };
    each.list = await rate(works.list, feeds);
    // The first round warms up.
    if (round > 0) rounds.push(each);
  }
  await lister.close();
  const rows = (["read", "list"] as const).map((name) => ({
    name,
    perSecond: median(rounds.map((each) => each[name])),
    ratio: median(rounds.map((each) => each[name] / each.bare)),
  }));
  const isGood = rows.every(({ name, ratio }) => ratio >= LEAST[name]);
  const barePerSecond = median(rounds.map(({ bare }) => bare));
  const head = { bench: "feeds", measuredAt: new Date().toISOString(), node: process.version, good: isGood };
  const text = json ? JSON.stringify({ ...head, stays: STAYS, barePerSecond, rows }) : textOf(barePerSecond, rows);
  process.stdout.write(`${text}\n`);
  return isGood;
}

/** Does something with a feed, and answers how many stays it found. */
type Work = (feed: string) => number | Promise<number>;

async function rate(work: Work, feeds: readonly string[]): Promise<number> {
  const start = performance.now();
  for (const feed of feeds) {
    const found = await work(feed);
    if (found !== STAYS) throw new Error(`${found} stays were found, not ${STAYS}.`);
  }
  return (feeds.length * 1000) / (performance.now() - start);
}

/** What ical.js alone can tell of every event. */
function parseBare(feed: string): number {
  const events = new ICAL.Component(ICAL.parse(feed)).getAllSubcomponents("vevent").map((each) => new ICAL.Event(each));
  return events.filter(({ uid, startDate, endDate }) => uid !== "" && startDate.compare(endDate) < 0).length;
}

function readFeed(feed: string): number {
  const reading = readCalendar(Buffer.from(feed), { now: NOW, platform: "airbnb", zone: ZONE });
  return reading.kind === "calendar" ? reading.rows.length : 0;
}

/** The provider over a store in memory, asked ten minutes later each time. */
function openLister(): { readonly list: Work; close(): Promise<void> } {
  const clock = stillClock(NOW);
  const stores = openSqliteStores(":memory:", clock);
  let served = "";
  const world = buildWorld({
    ...{ clock, stores, providers: PROVIDERS, config: CONFIG, publicUrl: "" },
    newId: () => crypto.randomUUID(),
    fetch: async () => new Response(served, { headers: { "content-type": "text/calendar" } }),
    environment: { ICAL_ROOT: "http://feeds" },
    secrets: { read: async () => "secret", write: async () => {} },
    publisher: { publish: async () => {}, close: async () => {} },
    log: { write: () => {} },
  });
  return {
    async list(feed) {
      clock.advance(600_000);
      served = feed;
      const window = { from: NOW, to: new Date(Date.parse(NOW) + 800 * DAY_MS).toISOString() };
      return (await world.source(WS, "portals").list(window)).bookings.length;
    },
    close: () => stores.close(),
  };
}

const CONFIG = Config.parse({
  workspaces: {
    [WS]: {
      sources: {
        portals: {
          provider: "ical",
          settings: { minutesBetween: 0, feeds: { mill: { property: "Old mill", platform: "airbnb" } } },
        },
      },
      calendars: { google: { provider: "google-calendar", settings: {} } },
      resources: {
        mill: { source: "portals", sourceName: "Old mill", calendar: "mill@example.org", timeZone: ZONE },
      },
    },
  },
});

/** A home let for two nights at a time; stay `moved` is a night shorter than the others. */
function feedText(moved: number): string {
  const head = [
    "BEGIN:VCALENDAR",
    "PRODID:-//Airbnb Inc//Hosting Calendar 1.0//EN",
    "CALSCALE:GREGORIAN",
    "VERSION:2.0",
  ];
  const events = Array.from({ length: STAYS }, (_, n) => {
    const start = Date.parse(NOW) + (2 * n + 1) * DAY_MS;
    const nights = n === moved % STAYS ? 1 : 2;
    return [
      "BEGIN:VEVENT",
      "DTSTAMP:20270110T120000Z",
      `DTSTART;VALUE=DATE:${dateOf(start)}`,
      `DTEND;VALUE=DATE:${dateOf(start + nights * DAY_MS)}`,
      "SUMMARY:Reserved",
      `UID:1418fb94e984-${String(n).padStart(12, "0")}@airbnb.com`,
      `DESCRIPTION:Reservation URL: https://www.airbnb.com/hosting/reservations/details/HM${String(n).padStart(8, "A")}\\nPhone`,
      "  Number (Last 4 Digits): 0042",
      "END:VEVENT",
    ];
  });
  return [...head, ...events.flat(), "END:VCALENDAR", ""].join("\r\n");
}

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10).replaceAll("-", "");
}

function textOf(barePerSecond: number, rows: readonly Row[]): string {
  const lines = rows.map(({ name, perSecond, ratio }) => {
    const least = LEAST[name];
    return `${name} ${perSecond.toFixed(0)} feeds a second: ${ratio.toFixed(2)} of a bare parse, at least ${least}${ratio < least ? "  under" : ""}`;
  });
  return [`bare parse ${barePerSecond.toFixed(0)} feeds of ${STAYS} stays a second`, ...lines].join("\n");
}
