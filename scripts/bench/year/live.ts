import { Config } from "../../../shared/config.ts";
import type { SnapshotEntry } from "../../../shared/flows/documents.ts";
import { compareListing } from "../../../shared/flows/snapshot.ts";
import { windowOf } from "../../../shared/flows/window.ts";
import type { BookingSource, SourceBooking } from "../../../shared/ports/booking-source.ts";
import type { Clock } from "../../../shared/ports/clock.ts";
import type { SourceMemory } from "../../../shared/ports/source-memory.ts";
import { ical } from "../../../shared/providers/ical/index.ts";
import { type Habits, type Host, openHost, type TrueStay } from "./host.ts";

/** Three complete readings of what is true … */
const READINGS = 3;
/** … and as many more as the hours for which so many at once are not believed. */
const DOUBTED = READINGS + 12;
const HOUR_MS = 3_600_000;

/** Every kind of feed: what it tells of a stay, and how it changes its UIDs. */
export const KINDS: readonly Omit<Habits, "random">[] = (["codes", "names", "nothing"] as const).flatMap((tells) =>
  (["dates", "daily", "fetch"] as const).map((uids) => ({ tells, uids })),
);

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
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What Lockstep told of the host's feed, beside what was true. */
export interface Year {
  /** Cancellations told of stays that take place. */
  readonly wrongful: string[];
  /** Cancellations not told after three complete readings, and twelve more where too many were missing to be believed. */
  readonly late: string[];
  /** The most complete readings that a cancellation took. */
  readonly slowest: number;
  /** Cancellations that were found. */
  readonly found: number;
  /** Stays that were shown as new though they were known. */
  readonly twice: string[];
  readonly stays: number;
}

/** Reads a host's feed hourly for `length` days, from the fetch to the evidence that the flows act upon. */
export async function liveWith(habits: Habits, length: number, memory: SourceMemory): Promise<Year> {
  const clock = startAt("2027-01-01T00:30:00.000Z");
  const host = openHost(habits);
  let answer = host.hour(clock.now());
  const source = connect(() => answer, clock, memory);
  const watch = watcher(host, habits.tells);
  let entries: Readonly<Record<string, SnapshotEntry>> = {};
  for (let hour = 0; hour < length * 24; hour++) {
    await clock.sleep(HOUR_MS - (Date.parse(clock.now()) % HOUR_MS));
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
    for (const booking of listing.bookings) watch.shown(booking);
    for (const { item } of compared.items) if (item.evidence === "missing") watch.gone(item.bookingId, began);
  }
  return watch.year();
}

/** A clock that moves only where somebody sleeps. */
function startAt(start: string): Clock {
  let at = Date.parse(start);
  return {
    now: () => new Date(at).toISOString(),
    sleep: async (ms) => {
      at += ms;
    },
  };
}

function connect(answer: () => ReturnType<Host["hour"]>, clock: Clock, memory: SourceMemory): BookingSource {
  return ical.connect({
    settings: ical.settings.parse({ feeds: { home: { property: "Home" } }, minutesBetween: 0 }),
    root: "http://sandbox/ical",
    timeZone: "Etc/UTC",
    secrets: { read: async (name) => name },
    clock,
    fetch: async () => new Response(answer().body, { status: answer().status }),
    memory,
  });
}

/** Compares what is told with what is true. */
function watcher({ stays }: Host, tells: Habits["tells"]) {
  const known = new Map<string, TrueStay>();
  const ids = new Map<number, string>();
  const reported = new Set<number>();
  const year = { wrongful: [] as string[], late: [] as string[], twice: [] as string[] };
  let slowest = 0;
  return {
    trueReading() {
      for (const stay of stays) {
        if (stay.cancelledAt === undefined || reported.has(stay.key) || !ids.has(stay.key)) continue;
        stay.good++;
        if (stay.good === DOUBTED + 1 && stay.end > stay.cancelledAt.slice(0, 10))
          year.late.push(`${stay.key} ${stay.cancelledAt}`);
      }
    },
    shown({ id, span, fields }: SourceBooking) {
      const mark = tells === "codes" ? fields["code"] : fields["customer"];
      const stay = stays.findLast((each) =>
        tells === "nothing" ? each.start === span.start && each.end === span.end : each.mark === mark,
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
      else {
        slowest = Math.max(slowest, stay.good);
        reported.add(stay.key);
      }
    },
    year: (): Year => ({ ...year, slowest, found: reported.size, stays: stays.length }),
  };
}
