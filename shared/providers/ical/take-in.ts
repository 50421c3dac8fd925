import { createHash } from "node:crypto";
import { addDays } from "../../series/wall-time.ts";
import { haveUnstableIds, type Identified, identify } from "../../stays/identify.ts";
import { isBlock } from "../../stays/known-stay.ts";
import { readCalendar } from "../../stays/read-calendar.ts";
import { isRolling } from "../../stays/rolling.ts";
import type { Origin } from "../../stays/stay-id.ts";
import { type Instant, later, type PlainDate } from "../../sync/time.ts";
import { brokenFeed } from "./failures.ts";
import type { Fetched } from "./fetch-feed.ts";
import type { FeedMemory, Known } from "./home-memory.ts";
import type { Feed } from "./schema.ts";

/** How long so much must be missing before it is believed to be missing at all. */
export const SUSPICION_MS = 12 * 3_600_000;
/** Within minutes no more guests of one home cancel than these, unless they are half of all. */
const MANY = 3;
/** A stay that is over is remembered so long: hosts take past ones out and put them back. */
const KEPT_DAYS = 45;
/** More of one feed is no home's calendar, and would not go into one document (law 12). */
const MOST_KNOWN = 1_500;

/** One feed at the time it is read. */
export interface Taking {
  readonly origin: Origin;
  readonly feed: Feed;
  readonly zone: string;
  readonly at: Instant;
  readonly today: PlainDate;
}

/** What is known of a feed after it was asked. Throws PROVIDER_UNAVAILABLE where the answer is no calendar (law 2). */
export function takeIn(before: FeedMemory | undefined, fetched: Fetched, taking: Taking): FeedMemory {
  if (fetched.kind === "unchanged" && before !== undefined)
    return believed({ ...before, checkedAt: taking.at }, taking);
  if (fetched.kind === "unchanged")
    throw brokenFeed(taking.origin.feed, "it is said to be unchanged, and was never read");
  const digest = createHash("sha256").update(fetched.bytes).digest("base64url");
  const { etag: _etag, lastModified: _modified, ...rest } = before ?? blank(taking);
  const checked = { ...rest, ...fetched.validators, digest, checkedAt: taking.at };
  if (digest === before?.digest && !isOld(before, taking)) return believed(checked, taking);
  return takeContent(checked, fetched.bytes, taking);
}

/** Occurrences are written out from a reading; one that stands for weeks is read anew. */
function isOld({ readAt }: FeedMemory, { at }: Taking): boolean {
  return later(readAt, 7 * 86_400_000) <= at;
}

function blank({ at }: Taking): FeedMemory {
  return { digest: "", readAt: at, checkedAt: at, complete: true, unstable: 0, known: [], bad: [] };
}

function takeContent(before: FeedMemory, bytes: Uint8Array, taking: Taking): FeedMemory {
  const { origin, feed, zone, at, today } = taking;
  const platform = feed.platform === "unknown" ? {} : { platform: feed.platform };
  const reading = readCalendar(bytes, { now: at, zone, times: feed.times, ...platform });
  if (reading.kind === "failure") throw brokenFeed(origin.feed, reading.why);
  const found = identify(before.known, { origin, rows: reading.rows, at, today });
  const known = [...found.present.map((each) => asKnown(each, today)), ...notFound(found, reading.complete)];
  if (known.length > MOST_KNOWN) throw brokenFeed(origin.feed, `it has more than ${MOST_KNOWN} events`);
  const unstable = haveUnstableIds(found) ? before.unstable + 1 : 0;
  const { suspectSince = undefined, ...rest } = before;
  const isSuspect = reading.complete && lacksTooMuch(before.known, found, today);
  const suspicion = isSuspect ? { suspectSince: suspectSince ?? at } : {};
  const taken = { ...rest, ...suspicion, readAt: at, complete: reading.complete, unstable, bad: [...reading.bad] };
  return believed({ ...taken, known: known.filter(({ row }) => row.end > addDays(today, -KEPT_DAYS)) }, taking);
}

function asKnown({ stay, before }: Identified["present"][number], today: PlainDate): Known {
  const { rolling: _before, ...row } = stay.row;
  const { id, seenAt, since, echo } = stay;
  const known = {
    id,
    row: isRolling(stay.row, before, today) ? { ...row, rolling: true as const } : row,
    seenAt,
    since,
  };
  return echo === undefined ? known : { ...known, echo };
}

/** What a whole reading says is cancelled is; what it merely lacks is decided by `believed`. */
function notFound({ absent, cancelled }: Identified, complete: boolean): Known[] {
  const said = complete ? cancelled.map((stay) => ({ ...stay, gone: "cancelled" as const })) : cancelled;
  return [...absent, ...said];
}

/** So much that was ahead is missing at once: a host's mistake more often than so many guests' (S02, S03). */
function lacksTooMuch(known: readonly Known[], { absent }: Identified, today: PlainDate): boolean {
  const isAhead = ({ row, gone }: Known) => gone === undefined && !isBlock(row) && row.end > today;
  const lacking = (absent as readonly Known[]).filter(isAhead).length;
  return lacking >= MANY || (lacking > 1 && lacking * 2 >= known.filter(isAhead).length);
}

/** Once it is complete and no suspicion rests on it, what a reading lacks is missing. */
function believed(memory: FeedMemory, { at }: Taking): FeedMemory {
  if (!memory.complete || isSuspect(memory, at)) return memory;
  const { suspectSince: _over, ...rest } = memory;
  const known = memory.known.map((stay) =>
    stay.seenAt === memory.readAt || stay.gone !== undefined ? stay : { ...stay, gone: "missing" as const },
  );
  return { ...rest, known };
}

export function isSuspect({ suspectSince }: FeedMemory, at: Instant): boolean {
  return suspectSince !== undefined && later(suspectSince, SUSPICION_MS) > at;
}
