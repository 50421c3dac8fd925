import type { Content } from "../sync/content.ts";
import type { OriginalStart, Rule, Series } from "../sync/series.ts";
import { type Days, firstStart, type Occurrence, occurrencesOf } from "./occurrences.ts";
import { addDays, dayOf, daysBetween } from "./wall-time.ts";

/** A series as a calendar has it now. */
export interface Master {
  readonly id: string;
  readonly series: Series;
  /** An absent title is unknown, and never alike. */
  readonly content: Content;
  /** The id of the series that this one goes on, where the provider itself tells it. */
  readonly follows?: string;
  /** True where it was there before the cut: it is then somebody's other series. */
  readonly known?: boolean;
}

export interface Cut {
  readonly before: Master;
  readonly after: Series;
  /** All other series of the calendars where the tail may have gone (R5). */
  readonly candidates: readonly Master[];
  /** False where one of those calendars could not be read to the end (law 2). */
  readonly complete: boolean;
  /** How far ahead occurrences are compared. */
  readonly days: Days;
}

/**
 * - `told`: the provider says that it goes on the old series.
 * - `same-times`: it begins where the old one was cut, and keeps its times.
 * - `same-look`: it begins where the old one was cut, repeats as often and as long, under the same title.
 */
export type Evidence = "told" | "same-times" | "same-look";

export type Continuation =
  /** No tail is gone: nothing is, or it is another kind of change. */
  | { readonly kind: "not-cut" }
  | {
      readonly kind: "continues";
      /** One series after the other. */
      readonly parts: readonly { readonly id: string; readonly by: Evidence }[];
      /** Occurrences of the old tail that none of the parts has: these are cancelled indeed. */
      readonly gone: readonly OriginalStart[];
    }
  /** A person, or a later look, must say: until then nothing is cancelled. */
  | { readonly kind: "unclear"; readonly why: "several" | "alike" | "incomplete"; readonly ids: readonly string[] }
  | { readonly kind: "ended"; readonly gone: readonly OriginalStart[] };

/** Law 12: "this and following" on the following, and so on. */
const MAX_PARTS = 10;
const MONTH = 31;

/**
 * "This and following" cuts a series by UNTIL and goes on in a new one, so a cut tail is only half of the news.
 * Before anything of it counts as cancelled, this looks for the other half (R11, S43).
 */
export function findContinuation(cut: Cut): Continuation {
  const tail = tailOf(cut.before.series, cut.after, cut.days);
  if (tail === undefined) return { kind: "not-cut" };
  const parts: { id: string; by: Evidence }[] = [];
  const ids = new Set([cut.before.id]);
  let rest = tail;
  while (rest.lost.length > 0 && parts.length < MAX_PARTS) {
    const pick = pickPart(cut, rest, ids);
    if (pick.kind === "unclear") return pick;
    if (pick.kind === "none") break;
    parts.push({ id: pick.master.id, by: pick.by });
    ids.add(pick.master.id);
    rest = restAfter(rest, pick, cut.days);
  }
  const gone = rest.lost.map(({ original }) => original);
  if (gone.length > 0 && !cut.complete) return { kind: "unclear", why: "incomplete", ids: [...ids].slice(1) };
  return parts.length === 0 ? { kind: "ended", gone } : { kind: "continues", parts, gone };
}

/** What is to be found again: occurrences of the old series, and the last local date that it kept. */
interface Tail {
  readonly lost: readonly Occurrence[];
  readonly keptUntil: string;
}

/** undefined unless the new occurrences are just the first of the old ones. */
function tailOf(before: Series, after: Series, days: Days): Tail | undefined {
  const old = occurrencesOf(before, days).items;
  const kept = occurrencesOf(after, days).items;
  const head = kept.every(({ original }, place) => original === old[place]?.original);
  if (!head || kept.length === old.length) return undefined;
  return { lost: old.slice(kept.length), keptUntil: kept.at(-1)?.day ?? addDays(days.from, -1) };
}

type Pick =
  | { readonly kind: "part"; readonly master: Master; readonly by: Evidence }
  | { readonly kind: "none" }
  | Extract<Continuation, { kind: "unclear" }>;

/** The best evidence wins where just one series has it. */
function pickPart(cut: Cut, tail: Tail, used: ReadonlySet<string>): Pick {
  const possible = cut.candidates.filter(({ id, known }) => !used.has(id) && known !== true);
  const graded = possible.map((master) => ({ master, by: evidenceFor(master, cut, tail, used) }));
  for (const by of ["told", "same-times", "same-look"] as const) {
    const [found, ...others] = graded.filter((one) => one.by === by);
    if (found === undefined) continue;
    if (others.length === 0) return { kind: "part", master: found.master, by };
    return { kind: "unclear", why: "several", ids: [found, ...others].map(({ master }) => master.id) };
  }
  const alike = graded.filter(({ by }) => by === "alike").map(({ master }) => master.id);
  return alike.length === 0 ? { kind: "none" } : { kind: "unclear", why: "alike", ids: alike };
}

function evidenceFor(master: Master, cut: Cut, tail: Tail, used: ReadonlySet<string>): Evidence | "alike" | undefined {
  if (master.follows !== undefined && used.has(master.follows)) return "told";
  if (!beginsAtCut(master, tail)) return undefined;
  const ahead = occurrencesOf(master.series, beyond(cut.days, tail)).items;
  const [mine, theirs] = [cut.before.content.title, master.content.title];
  const sameTitle = mine !== undefined && mine === theirs;
  const otherTitle = mine !== undefined && theirs !== undefined && mine !== theirs;
  if (hasSameTimes(ahead, tail, cut.days)) return otherTitle ? "alike" : "same-times";
  if (!repeatsAlike(cut.before.series, master.series)) return undefined;
  return sameTitle ? "same-look" : otherTitle ? undefined : "alike";
}

/** After what was kept, and not later than a period after the first that is lost. */
function beginsAtCut({ series }: Master, tail: Tail): boolean {
  const [first, second] = tail.lost;
  if (first === undefined) return false;
  const day = firstStart(series)?.day ?? dayOf(series.first.start, series.first);
  const period = second === undefined ? MONTH : Math.max(7, daysBetween(first.day, second.day));
  return day > tail.keptUntil && day < addDays(first.day, period);
}

/** It takes up the first that is lost, and has no time that the old series had not. */
function hasSameTimes(ahead: readonly Occurrence[], tail: Tail, days: Days): boolean {
  const lost = new Set(tail.lost.map(({ original }) => original));
  const within = ahead.filter(({ day }) => day < days.until);
  return within[0]?.original === tail.lost[0]?.original && within.every(({ original }) => lost.has(original));
}

function repeatsAlike(a: Series, b: Series): boolean {
  const period = ({ rules: [rule] }: Series) => (rule === undefined ? "" : periodOf(rule));
  return a.first.kind === b.first.kind && period(a) === period(b) && lengthOf(a) === lengthOf(b);
}

function periodOf({ frequency, interval, byDay }: Rule): string {
  return `${frequency} ${interval} ${Math.max(1, byDay.length)}`;
}

function lengthOf({ first }: Series): number {
  return Date.parse(first.end) - Date.parse(first.start);
}

/** What is still to be found when one part has been. Where times have changed, its days stand for the old ones. */
function restAfter(tail: Tail, { master, by }: Extract<Pick, { kind: "part" }>, days: Days): Tail {
  const ahead = occurrencesOf(master.series, beyond(days, tail)).items;
  const keptUntil = ahead.at(-1)?.day ?? tail.keptUntil;
  const has = new Set(ahead.map(({ original }) => original));
  if (by === "same-times") return { lost: tail.lost.filter(({ original }) => !has.has(original)), keptUntil };
  const period = periodDays(tail);
  return {
    lost: tail.lost.filter(({ day, original }) => !has.has(original) && day >= addDays(keptUntil, period)),
    keptUntil,
  };
}

function periodDays({ lost }: Tail): number {
  const steps = lost.slice(1).map(({ day }, place) => daysBetween(lost[place]?.day ?? day, day));
  return Math.max(1, ...steps);
}

/** The days to compare, and a period more, so that a shifted series is not taken for one that ends. */
function beyond(days: Days, tail: Tail): Days {
  return { from: days.from, until: addDays(days.until, periodDays(tail) + MONTH) };
}
