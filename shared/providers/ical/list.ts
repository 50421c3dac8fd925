import type { SourceListing } from "../../ports/booking-source.ts";
import { instantsOf } from "../../series/wall-time.ts";
import { type Instant, later, type Span } from "../../sync/time.ts";
import type { Homes } from "./homes.ts";
import type { Settings } from "./schema.ts";
import { type ToldHome, tellHome } from "./tell-home.ts";

/** Homes that are read at the same time: their hosts are few, and the same. */
const AT_ONCE = 4;
const DAY_MS = 86_400_000;

interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * The stays of all homes that touch the window, both edges exclusive. A feed that fails makes nothing of its own missing, and
 * nothing of the others'; where all fail, the first failure is thrown.
 */
export async function listHomes(
  homes: Homes,
  settings: Settings,
  window: Stretch,
  zone: string,
): Promise<SourceListing> {
  const told: ToldHome[] = [];
  const failures: Error[] = [];
  let answered = false;
  for (let from = 0; from < homes.properties.length; from += AT_ONCE) {
    const some = homes.properties.slice(from, from + AT_ONCE);
    for (const home of await Promise.all(some.map((each) => homes.read(each, settings.minutesBetween * 60_000)))) {
      failures.push(...home.failed.map(({ error }) => error));
      answered ||=
        home.feeds.length > home.failed.filter(({ feed }) => home.feeds.some((each) => each.feed === feed)).length;
      told.push(tellHome(home, settings));
    }
  }
  const [first] = failures;
  if (first !== undefined && !answered) throw first;
  return {
    bookings: told.flatMap(({ bookings }) => bookings).filter(({ span }) => touches(span, window, zone)),
    bad: told.flatMap(({ bad }) => bad),
    complete: true,
    unread: told.flatMap(({ unread }) => unread),
    notices: told.flatMap(({ notices }) => notices),
  };
}

function touches(span: Span, window: Stretch, zone: string): boolean {
  // Well within it in whatever zone: most are, and midnights are dear.
  const [from, to] = [later(window.from, 2 * DAY_MS), later(window.to, -2 * DAY_MS)];
  if (span.kind === "all-day" && span.end > from && span.start < to) return true;
  const { start, end } = instantsOf(span, zone);
  return start < window.to && window.from < end;
}
