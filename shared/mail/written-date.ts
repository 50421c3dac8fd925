import { fold } from "./fold.ts";
import { MONTHS, WEEKDAYS } from "./vocabulary/calendar-words.ts";

/** A date as it is written, before anybody says which year or order it means. */
export type WrittenDate = {
  readonly year: number | null;
  /** 0 (Sunday) to 6 where a day of the week stands beside it. */
  readonly weekday: number | null;
} & (
  | { readonly kind: "named"; readonly month: number; readonly day: number }
  /** `07/05/2027`: day and month in an order that other evidence must tell. */
  | { readonly kind: "numbers"; readonly first: number; readonly second: number }
);

/** A date, or two of them with a dash or a word between. */
export interface WrittenSpan {
  readonly start: WrittenDate;
  readonly end: WrittenDate | null;
  /** Where it stands in the folded line. */
  readonly at: number;
  readonly after: number;
}

const names = (words: ReadonlyMap<string, number>) => [...words.keys()].sort((a, b) => b.length - a.length).join("|");
const MONTH = `(?:${names(MONTHS)})(?![a-z])\\.?`;
const WEEKDAY = `(?:(?<![a-z])(?:${names(WEEKDAYS)})(?![a-z])\\.?,?\\s+(?:(?:den|dem|the|le|el|il|de|op)\\s+)?)?`;
const DAY = "(?<![\\d,:/$€£]|\\d\\.)\\d{1,2}(?![\\d:%])(?:st|nd|rd|th|er|ro|º|ª|o\\b|\\.)?";
const YEAR =
  "(?:(?:\\s*,?\\s*|-|/)(?:de\\s+|del\\s+|of\\s+)?(?<![\\d])(?:(?:19|20)\\d{2})(?![\\d])|\\s*,?\\s+'\\d{2}(?!\\d))";
const DAY_MONTH = `${WEEKDAY}${DAY}(?:\\s*|-|/)(?:de\\s+|of\\s+|d')?(?<![a-z])${MONTH}${YEAR}?`;
const MONTH_DAY = `${WEEKDAY}(?<![a-z])${MONTH}\\s*${DAY}(?!\\s*(?:${names(MONTHS)})(?![a-z]))${YEAR}?`;
const ISO = `${WEEKDAY}(?<!\\d)(?:19|20)\\d{2}[-/.]\\d{1,2}[-/.]\\d{1,2}(?!\\d)(?:t[\\d:.]+(?:z|[+-]\\d\\d:?\\d\\d)?)?`;
const NUMERIC = `${WEEKDAY}(?<![\\d.,/-])\\d{1,2}[./-]\\d{1,2}[./-](?:(?:19|20)\\d{2}|\\d{2})(?![\\d/])`;
/** `07.05.`: only with both dots, or every price would be one. */
const DOTTED = `${WEEKDAY}(?<![\\d.,])\\d{1,2}\\.\\s?\\d{1,2}\\.(?!\\d)`;
const EAST = "(?:(?:19|20)\\d{2}\\s*[年년]\\s*)?\\d{1,2}\\s*[月월]\\s*\\d{1,2}\\s*[日일]";
const DATE = `(?:${ISO}|${NUMERIC}|${EAST}|${DAY_MONTH}|${MONTH_DAY}|${DOTTED})`;
const TO =
  "\\s*(?:-|~|to|until|till|through|thru|bis(?: zum)?|au|jusqu'au|al|hasta(?: el)?|a|fino al|tot(?: en met)?|t/m|ate|→|>)\\s*";
/** What stands between two dates of one span besides the word for it: a time of day. */
const TIME = "(?:\\s*,?\\s*(?:\\d{1,2}[:.h]\\d{2}(?:\\s*[ap]\\.?m\\.?)?(?:\\s*(?:uhr|h|uur))?))?";

const SPANS: readonly {
  readonly pattern: RegExp;
  readonly read: (match: RegExpExecArray) => Omit<WrittenSpan, "at" | "after"> | null;
}[] = [
  // 7 - 9 May 2027; 7. bis 9. Mai; del 7 al 9 de mayo
  { pattern: new RegExp(`${WEEKDAY}(${DAY})${TO}(${DAY_MONTH})`, "g"), read: (match) => dayToDate(match[1], match[2]) },
  // 7. - 9.5.2027
  {
    pattern: new RegExp(
      `${WEEKDAY}((?<![\\d.,])\\d{1,2}\\.)${TO}(${WEEKDAY}\\d{1,2}\\.\\s?\\d{1,2}\\.(?:\\d{4})?)`,
      "g",
    ),
    read: (match) => dayToDate(match[1], match[2]),
  },
  // May 7 - 9, 2027
  {
    pattern: new RegExp(
      `(${WEEKDAY}(?<![a-z])${MONTH}\\s*${DAY})${TO}(${DAY}(?!\\s*(?:${names(MONTHS)})(?![a-z]))${YEAR}?)`,
      "g",
    ),
    read: (match) => dateToDay(match[1], match[2]),
  },
  { pattern: new RegExp(`(${DATE})${TIME}${TO}(${DATE})`, "g"), read: (match) => bothDates(match[1], match[2]) },
  { pattern: new RegExp(`(${DATE})`, "g"), read: (match) => oneDate(match[1]) },
];
const MAX_SPANS = 40;

/** Every date and span of dates that stands in `line`, in order; the longest reading of each place wins. */
export function writtenSpans(line: string): WrittenSpan[] {
  const text = fold(line);
  if (!/\d/.test(text)) return [];
  const found = SPANS.flatMap(({ pattern, read }, rank) =>
    [...text.matchAll(pattern)].slice(0, MAX_SPANS).flatMap((match) => {
      const span = read(match);
      return span === null ? [] : [{ ...span, at: match.index, after: match.index + match[0].length, rank }];
    }),
  );
  return withoutOverlaps(found);
}

function withoutOverlaps(found: readonly (WrittenSpan & { readonly rank: number })[]): WrittenSpan[] {
  const byWorth = [...found].sort(
    (a, b) => Number(b.end !== null) - Number(a.end !== null) || b.after - b.at - (a.after - a.at) || a.rank - b.rank,
  );
  const kept: WrittenSpan[] = [];
  for (const { start, end, at, after } of byWorth) {
    if (kept.every((other) => after <= other.at || at >= other.after)) kept.push({ start, end, at, after });
  }
  return kept.sort((a, b) => a.at - b.at);
}

function oneDate(text: string | undefined): { start: WrittenDate; end: null } | null {
  const start = readDate(text ?? "");
  return start === null ? null : { start, end: null };
}

function bothDates(
  first: string | undefined,
  second: string | undefined,
): { start: WrittenDate; end: WrittenDate } | null {
  const start = readDate(first ?? "");
  const end = readDate(second ?? "");
  return start === null || end === null ? null : { start, end };
}

function dayToDate(day: string | undefined, date: string | undefined): { start: WrittenDate; end: WrittenDate } | null {
  const end = readDate(date ?? "");
  if (end === null || end.kind !== "named") return null;
  return { start: { ...end, day: Number.parseInt(day ?? "", 10), weekday: null }, end };
}

function dateToDay(date: string | undefined, day: string | undefined): { start: WrittenDate; end: WrittenDate } | null {
  const start = readDate(date ?? "");
  if (start === null || start.kind !== "named") return null;
  const year = yearIn(day ?? "");
  const end = { ...start, day: Number.parseInt(day ?? "", 10), weekday: null, year };
  return { start: { ...start, year }, end };
}

/** Reads what one of the patterns above matched. */
function readDate(text: string): WrittenDate | null {
  const weekday = weekdayIn(text);
  const iso = /((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})/.exec(text);
  if (iso !== null) return named(Number(iso[1]), Number(iso[2]), Number(iso[3]), weekday);
  const east = /(?:(\d{4})\s*[年년]\s*)?(\d{1,2})\s*[月월]\s*(\d{1,2})/.exec(text);
  if (east !== null) {
    return named(east[1] === undefined ? null : Number(east[1]), Number(east[2]), Number(east[3]), weekday);
  }
  return readNumbers(text, weekday) ?? readNamed(text, weekday);
}

function readNumbers(text: string, weekday: number | null): WrittenDate | null {
  const match = /(\d{1,2})([./-])\s?(\d{1,2})[./-](\d{2,4})?/.exec(text);
  if (match === null) return null;
  const year = match[4] === undefined ? null : Number(match[4]) + (match[4].length === 2 ? 2000 : 0);
  const [first, second] = [Number(match[1]), Number(match[3])];
  // Nobody writes the month first with dots.
  if (match[2] === ".") return named(year, second, first, weekday);
  if (first > 12 && second <= 12) return named(year, second, first, weekday);
  if (second > 12 && first <= 12) return named(year, first, second, weekday);
  return first > 12 ? null : { kind: "numbers", first, second, year, weekday };
}

function readNamed(text: string, weekday: number | null): WrittenDate | null {
  const words = [...text.matchAll(/[a-z]+/g)].map((match) => match[0]);
  // `mar` is a month and, before another month, a Tuesday: the month is the last word that names one.
  const month = words.map((word) => MONTHS.get(word)).findLast((value) => value !== undefined);
  const day = /(?<!\d)\d{1,2}(?!\d)/.exec(text.replace(/'\d{2}|(?:19|20)\d{2}/, ""));
  return month === undefined || day === null ? null : named(yearIn(text), month, Number(day[0]), weekday);
}

function named(year: number | null, month: number, day: number, weekday: number | null): WrittenDate | null {
  if (month < 1 || month > 12 || day < 1 || day > 31) return null;
  return { kind: "named", year, month, day, weekday };
}

function yearIn(text: string): number | null {
  const match = /(?<!\d)((?:19|20)\d{2})(?!\d)|'(\d{2})(?!\d)/.exec(text);
  if (match === null) return null;
  return match[1] === undefined ? 2000 + Number(match[2]) : Number(match[1]);
}

/** The word before the date; a month's name alone is none. */
function weekdayIn(text: string): number | null {
  const word = /^[a-z-]+/.exec(text)?.[0];
  if (word === undefined) return null;
  const day = WEEKDAYS.get(word);
  if (day === undefined) return null;
  const rest = text.slice(word.length);
  const isMonth = MONTHS.has(word) && ![...rest.matchAll(/[a-z]+/g)].some((match) => MONTHS.has(match[0]));
  return isMonth && !/\d[./-]\d/.test(rest) ? null : day;
}
