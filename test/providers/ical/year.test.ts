import { expect, test } from "vitest";
import { Config } from "../../../shared/config.ts";
import type { SnapshotEntry } from "../../../shared/flows/documents.ts";
import { compareListing } from "../../../shared/flows/snapshot.ts";
import { windowOf } from "../../../shared/flows/window.ts";
import type { BookingSource } from "../../../shared/ports/booking-source.ts";
import { ical } from "../../../shared/providers/ical/index.ts";
import { manualClock } from "../../fakes/manual-clock.ts";
import { fakeMemory } from "../../fakes/source-memory.ts";
import { type Habits, type Host, openHost, type TrueStay } from "./year-of-a-host.ts";

/** Three complete readings of what is true … */
const READINGS = 3;
/** … and as many more as the hours for which so many at once are not believed. */
const DOUBTED = READINGS + 12;

const workspace = Object.values(
  Config.parse({
    workspaces: {
      lets: {
        sources: { feeds: { provider: "ical" } },
        calendars: { google: { provider: "google-calendar" } },
        resources: { home: { source: "feeds", sourceName: "Home", calendar: "home@sandbox", timeZone: "Etc/UTC" } },
        daysAhead: 300,
        daysBack: 2,
      },
    },
  }).workspaces,
)[0];

/** Linear congruence: the same year for the same seed. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Year {
  readonly wrongful: string[];
  readonly late: string[];
  /** Cancellations that were found. */
  readonly found: number;
  /** Stays that were shown as new though they were known. */
  readonly twice: string[];
  readonly stays: number;
}

test.each([
  ["codes, and new UIDs with new dates", 365, { coded: true, uids: "dates" as const }],
  ["no codes, and new UIDs at every fetch", 90, { coded: false, uids: "fetch" as const }],
  ["no codes, and a new UID each day for stays under way", 60, { coded: false, uids: "daily" as const }],
])(
  "S17: of a feed with %s, read hourly for %i days, nothing is cancelled wrongfully, and every cancellation is found in time",
  { timeout: 300_000 },
  async (_, length, habits) => {
    const year = await live({ ...habits, random: dice(1) }, length);

    expect(year.stays).toBeGreaterThan(length / 6);
    expect(year.found).toBeGreaterThan(length / 20);
    expect(year).toMatchObject({ wrongful: [], late: [], twice: [] });
  },
);

async function live(habits: Habits, length: number): Promise<Year> {
  const clock = manualClock("2027-01-01T00:30:00.000Z");
  const host = openHost(habits);
  let answer = host.hour(clock.now());
  const source = connect(() => answer, clock);
  const watch = watcher(host, habits.coded);
  let entries: Readonly<Record<string, SnapshotEntry>> = {};
  for (let hour = 0; hour < length * 24; hour++) {
    clock.advance(3_600_000 - (Date.parse(clock.now()) % 3_600_000));
    answer = host.hour(clock.now());
    if (answer.isTrue) watch.trueReading();
    const began = clock.now();
    if (workspace === undefined) throw new Error("the workspace stands above");
    const window = windowOf(workspace, began);
    const listing = await source.list(window).catch(() => undefined);
    if (listing === undefined) continue;
    const ended = clock.now();
    const to = { workspace, source: "feeds", reader: source, entries, listing, window, began, ended };
    const compared = await compareListing(to);
    entries = compared.entries;
    for (const booking of listing.bookings) watch.shown(booking.id, booking.span, booking.fields["code"]);
    for (const { item } of compared.items) if (item.evidence === "missing") watch.gone(item.bookingId, began);
  }
  return watch.year();
}

function connect(answer: () => ReturnType<Host["hour"]>, clock: ReturnType<typeof manualClock>): BookingSource {
  return ical.connect({
    settings: ical.settings.parse({ feeds: { home: { property: "Home" } }, minutesBetween: 0 }),
    root: "http://sandbox/ical",
    timeZone: "Etc/UTC",
    secrets: { read: async (name) => name },
    clock,
    fetch: async () => new Response(answer().body, { status: answer().status }),
    memory: fakeMemory(),
  });
}

/** Compares what is told with what is true. */
function watcher({ stays }: Host, coded: boolean) {
  const known = new Map<string, TrueStay>();
  const ids = new Map<number, string>();
  const reported = new Set<number>();
  const year = { wrongful: [] as string[], late: [] as string[], twice: [] as string[] };
  return {
    trueReading() {
      for (const stay of stays) {
        if (stay.cancelledAt === undefined || reported.has(stay.key) || !ids.has(stay.key)) continue;
        stay.good++;
        if (stay.good === DOUBTED + 1 && stay.end > stay.cancelledAt.slice(0, 10))
          year.late.push(`${stay.key} ${stay.cancelledAt}`);
      }
    },
    shown(id: string, span: { readonly start: string; readonly end: string }, code: string | undefined) {
      const stay = stays.findLast((each) =>
        coded ? each.code === code : each.start === span.start && each.end === span.end,
      );
      if (stay === undefined || known.has(id)) return;
      known.set(id, stay);
      if (ids.has(stay.key)) year.twice.push(`${stay.key}: ${ids.get(stay.key)} ${id}`);
      ids.set(stay.key, id);
    },
    gone(id: string, at: string) {
      const stay = known.get(id);
      if (stay === undefined || (stay.cancelledAt === undefined && stay.end > at.slice(0, 10)))
        year.wrongful.push(`${id} ${at}`);
      else reported.add(stay.key);
    },
    year: (): Year => ({ ...year, found: reported.size, stays: stays.length }),
  };
}
