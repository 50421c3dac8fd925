import { RRuleTemporal } from "rrule-temporal";
import { Temporal } from "temporal-polyfill";
import type { OriginalStart, Rule, SeriesSpan } from "../sync/series.ts";
import type { PlainDate } from "../sync/time.ts";
import { instantAt, isoOf, wallAt, wallStart } from "./wall-time.ts";

/** One start that a rule gives. `gap`: the clock skips that time of day; `at` is then what it shows instead. */
export interface Candidate {
  readonly at: OriginalStart;
  /** Local date in the series' zone. */
  readonly day: PlainDate;
  readonly gap: boolean;
}

/**
 * What a start is that the clock skips in spring: no occurrence (RFC 5545 3.3.10), or one as much later as the
 * clock is put forward. Which of both a calendar shows is not documented.
 */
export type GapHabit = "skipped" | "shifted";

const CHUNK = { years: 1 };
/** Law 12: after so many years, or candidates, a rule is walked no further. */
const MAX_YEARS = 250;
export const MAX_CANDIDATES = 20_000;

/**
 * The starts that a rule gives, in order, beginning on the local date `from` or before it. Rules of days and
 * longer run on the bare wall clock, as if there were no zones; only then is each start given its instant,
 * so that a change of the clock moves none of them (S37). Hourly rules run in real time.
 *
 * Starts in a gap are told too, with `gap`; COUNT counts them only where they are shown.
 */
export function* candidates(rule: Rule, first: SeriesSpan, from: PlainDate, gaps: GapHabit): Generator<Candidate> {
  const most = rule.ends.kind === "count" ? rule.ends.count : MAX_CANDIDATES;
  let found = 0;
  for (const candidate of walk(rule, first, rule.ends.kind === "count" ? undefined : from)) {
    if (rule.ends.kind === "until" && candidate.at > rule.ends.until) return;
    yield candidate;
    if (!candidate.gap || gaps === "shifted") found++;
    if (found >= Math.min(most, MAX_CANDIDATES)) return;
  }
}

/** Everything the rule gives from `from` on, or from its start, without an end. */
function* walk(rule: Rule, first: SeriesSpan, from: PlainDate | undefined): Generator<Candidate> {
  const zone = rule.frequency === "HOURLY" && first.kind === "timed" ? first.zone : "UTC";
  const read = zone === "UTC" ? onWall : inTime;
  const engine = engineOf(rule, wallStart(first).toZonedDateTime(zone));
  let chunk = chunkStart(first, from).toZonedDateTime(zone);
  for (let year = 0; year < MAX_YEARS; year++) {
    const next = chunk.add(CHUNK);
    for (const found of engine.between(chunk, next, true)) {
      if (found.epochMilliseconds < next.epochMilliseconds) yield read(isoOf(found.epochMilliseconds), first);
    }
    chunk = next;
  }
}

function chunkStart(first: SeriesSpan, from: PlainDate | undefined): Temporal.PlainDateTime {
  const begin = wallStart(first);
  const wanted = from === undefined ? begin : Temporal.PlainDate.from(from).toPlainDateTime();
  return Temporal.PlainDateTime.compare(wanted, begin) > 0 ? wanted : begin;
}

function engineOf(rule: Rule, dtstart: Temporal.ZonedDateTime) {
  return new RRuleTemporal({
    dtstart,
    freq: rule.frequency,
    interval: rule.interval,
    wkst: rule.weekStart,
    ...(rule.byDay.length > 0 && { byDay: rule.byDay.map(({ day, nth }) => `${nth ?? ""}${day}`) }),
    ...(rule.byMonth.length > 0 && { byMonth: [...rule.byMonth] }),
    ...(rule.byMonthDay.length > 0 && { byMonthDay: [...rule.byMonthDay] }),
    ...(rule.byYearDay.length > 0 && { byYearDay: [...rule.byYearDay] }),
    ...(rule.byWeekNo.length > 0 && { byWeekNo: [...rule.byWeekNo] }),
    ...(rule.byHour.length > 0 && { byHour: [...rule.byHour] }),
    ...(rule.byMinute.length > 0 && { byMinute: [...rule.byMinute] }),
    ...(rule.bySetPos.length > 0 && { bySetPos: [...rule.bySetPos] }),
  });
}

/** `wall` is wall time written as if it were UTC. */
function onWall(wall: string, first: SeriesSpan): Candidate {
  const day = wall.slice(0, 10);
  if (first.kind === "all-day") return { at: day, day, gap: false };
  const { at, gap } = instantAt(Temporal.PlainDateTime.from(wall.slice(0, 19)), first.zone);
  return { at, day, gap };
}

function inTime(at: string, first: SeriesSpan): Candidate {
  const day = first.kind === "timed" ? wallAt(at, first.zone).toPlainDate().toString() : at.slice(0, 10);
  return { at, day, gap: false };
}
