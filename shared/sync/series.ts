import type { Content } from "./content.ts";
import type { Instant, PlainDate } from "./time.ts";

/**
 * When an occurrence begins if nobody moves it: an instant, or a date in an all-day series. It names the
 * occurrence for good: Google's `originalStartTime`, Graph's `originalStart`, RFC 5545's RECURRENCE-ID.
 */
export type OriginalStart = Instant | PlainDate;

/**
 * The time of a series' first occurrence. A timed series repeats by the wall clock of `zone` (IANA), so
 * here the zone does count. `endZone` is only what people see, where the end is shown in another zone (S43).
 */
export type SeriesSpan =
  | {
      readonly kind: "timed";
      readonly start: Instant;
      readonly end: Instant;
      readonly zone: string;
      readonly endZone?: string;
    }
  | { readonly kind: "all-day"; readonly start: PlainDate; readonly end: PlainDate };

export const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export const FREQUENCIES = ["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** `nth` counts within the month or year, from the end where negative: `{ day: "FR", nth: -1 }` is the last Friday. */
export interface RuleDay {
  readonly day: Weekday;
  readonly nth?: number;
}

/** `until` is inclusive; `count` counts what the rule gives, cancelled occurrences too (RFC 5545 3.3.10). */
export type RuleEnd =
  | { readonly kind: "never" }
  | { readonly kind: "count"; readonly count: number }
  | { readonly kind: "until"; readonly until: OriginalStart };

/** An RRULE; its words are RFC 5545's. An empty list is a part that is not there. */
export interface Rule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly ends: RuleEnd;
  readonly weekStart: Weekday;
  readonly byDay: readonly RuleDay[];
  readonly byMonth: readonly number[];
  readonly byMonthDay: readonly number[];
  readonly byYearDay: readonly number[];
  readonly byWeekNo: readonly number[];
  readonly byHour: readonly number[];
  readonly byMinute: readonly number[];
  readonly bySetPos: readonly number[];
}

/** What one occurrence says otherwise than the series; an absent field is the series' own. */
export interface Exception {
  readonly original: OriginalStart;
  readonly content: Content;
}

/**
 * A series as neither side writes it, so that both can be compared (R11):
 *
 *     occurrences = rules + extra - excluding - cancelled;   exceptions say what differs at which occurrence
 *
 * Without a rule, `first` and `extra` are the series. With one, `first` counts only where the rule gives it.
 */
export interface Series {
  readonly first: SeriesSpan;
  /** Nearly always one. */
  readonly rules: readonly Rule[];
  /** EXRULE: withdrawn from RFC 5545, still accepted by Google. */
  readonly excluding: readonly Rule[];
  /** RDATE. */
  readonly extra: readonly OriginalStart[];
  /** EXDATE, and occurrences that were deleted. */
  readonly cancelled: readonly OriginalStart[];
  readonly exceptions: readonly Exception[];
}
