import type { PlainDate } from "../sync/time.ts";
import { addDays, daysBetween } from "./calendar-date.ts";
import { fold } from "./fold.ts";
import type { Labelled } from "./labelled.ts";
import type { Line } from "./line.ts";
import type { Fact, MailKind } from "./reading.ts";
import { type DateEvidence, resolveSpan } from "./resolve-date.ts";
import { type WrittenDate, type WrittenSpan, writtenSpans } from "./written-date.ts";

export interface StayDates {
  readonly checkIn: Fact<PlainDate> | null;
  readonly checkOut: Fact<PlainDate> | null;
}

/** Lines whose dates are of something else. */
const ELSEWHERE =
  /\b(?:original|previous|ursprunglich\w*|initiales?|originales|originali|oorspronkelijk\w*|until|before|by|expires?|booked on|policy|refund|payout|invoice|due|bis zum|jusqu'au|hasta el|fino al|uiterlijk|home -|home ·|sent|paid)\b/;
const NIGHTS = /(?<![\d.,])(\d{1,3})[ -](?:nights?|nachte?|nuits?|nuitees?|noches?|nott[ei]|nachten|noites?)(?![a-z])/g;
const NO_DATES: StayDates = { checkIn: null, checkOut: null };

/** Arrival and departure: labelled, else a span in subject or text, else what the subject says of the arrival. */
export function stayDates(
  labelled: readonly Labelled[],
  subject: { readonly dates: string | null; readonly line: string },
  lines: readonly Line[],
  evidence: DateEvidence,
): StayDates {
  const found =
    labelledDates(labelled, evidence) ??
    spanOf(subject.dates ?? subject.line, subject.line, evidence) ??
    spanInLines(lines, evidence) ??
    arrivalIn(subject, evidence) ??
    NO_DATES;
  return withNights(completed(found, subject, lines, evidence), labelled, lines);
}

/** How far back year-less dates of a kind of mail may lie: a review comes after its stay, a booking before it. */
export function daysBackOf(kind: MailKind): number {
  if (kind === "review-request" || kind === "payout") return 300;
  return kind === "confirmation" || kind === "inquiry" ? 10 : 45;
}

function labelledDates(labelled: readonly Labelled[], evidence: DateEvidence): StayDates | null {
  const span = firstSpan(labelled, "stay");
  const inside = firstSpan(labelled, "checkIn");
  const outside = firstSpan(labelled, "checkOut");
  if (inside?.span.end != null) return factsOf(inside.span.start, inside.span.end, inside.line, inside.line, evidence);
  if (inside !== null || outside !== null) {
    const both = factsOf(
      inside?.span.start ?? null,
      outside?.span.start ?? null,
      inside?.line,
      outside?.line,
      evidence,
    );
    if (both.checkIn !== null || both.checkOut !== null) return both;
  }
  return span === null ? null : factsOf(span.span.start, span.span.end, span.line, span.line, evidence);
}

function firstSpan(
  labelled: readonly Labelled[],
  field: Labelled["field"],
): { span: WrittenSpan; line: string } | null {
  for (const each of labelled) {
    const [span] = each.field === field ? writtenSpans(each.value) : [];
    // A date far into the value belongs to a sentence; `Date: 7 May` may be any date, only two of them are a stay.
    if (span !== undefined && span.at <= 30 && (field !== "stay" || span.end !== null))
      return { span, line: each.line };
  }
  return null;
}

function spanOf(text: string, line: string, evidence: DateEvidence): StayDates | null {
  const span = writtenSpans(text).find(({ end }) => end !== null);
  return span === undefined ? null : withBoth(factsOf(span.start, span.end, line, line, evidence));
}

/** The one span of dates in the text; two different ones tell nothing. */
function spanInLines(lines: readonly Line[], evidence: DateEvidence): StayDates | null {
  const spans = lines
    .filter(
      ({ text }, index) =>
        !ELSEWHERE.test(fold(text)) && !ELSEWHERE.test(fold(lines[index - 1]?.text ?? "").slice(0, 40)),
    )
    .flatMap(({ text }) => spanOf(text, text, evidence) ?? []);
  const [first] = spans;
  if (first === undefined) return null;
  const isOne = spans.every(
    (other) => other.checkIn?.value === first.checkIn?.value && other.checkOut?.value === first.checkOut?.value,
  );
  return isOne ? first : null;
}

function arrivalIn(
  subject: { readonly dates: string | null; readonly line: string },
  evidence: DateEvidence,
): StayDates | null {
  const [span] = writtenSpans(subject.dates ?? "");
  return span === undefined ? null : factsOf(span.start, span.end, subject.line, subject.line, evidence);
}

/** What one place left open another may tell, as long as both fit. */
function completed(
  found: StayDates,
  subject: { readonly dates: string | null; readonly line: string },
  lines: readonly Line[],
  evidence: DateEvidence,
): StayDates {
  if (found.checkIn !== null && found.checkOut !== null) return found;
  const more = [
    spanOf(subject.line, subject.line, evidence),
    arrivalIn(subject, evidence),
    spanInLines(lines, evidence),
  ].filter((each) => each !== null);
  const checkIn = found.checkIn ?? more.find((each) => each.checkIn !== null)?.checkIn ?? null;
  const checkOut = found.checkOut ?? more.find((each) => each.checkOut !== null)?.checkOut ?? null;
  const fits = checkIn === null || checkOut === null || checkIn.value < checkOut.value;
  return fits ? { checkIn, checkOut } : found;
}

/** An arrival and a stated number of nights state the departure, too; a number that contradicts makes both doubtful. */
function withNights(found: StayDates, labelled: readonly Labelled[], lines: readonly Line[]): StayDates {
  const nights = statedNights(labelled, lines);
  const { checkIn, checkOut } = found;
  if (nights === null || checkIn === null) return found;
  if (checkOut === null) {
    return { checkIn, checkOut: { ...nights.fact, value: addDays(checkIn.value, nights.count) } };
  }
  if (daysBetween(checkIn.value, checkOut.value) === nights.count) return found;
  return { checkIn: { ...checkIn, confidence: 0.6 }, checkOut: { ...checkOut, confidence: 0.6 } };
}

function statedNights(
  labelled: readonly Labelled[],
  lines: readonly Line[],
): { count: number; fact: { line: string; confidence: number } } | null {
  const label = labelled.find(({ field, value }) => field === "nights" && /^\d{1,3}\b/.test(value));
  if (label !== undefined)
    return { count: Number.parseInt(label.value, 10), fact: { line: label.line, confidence: 0.85 } };
  const stated = lines
    .filter(({ text }) => text.length < 80 && !/minimum|mindest|min\.|free|gratis|first/i.test(text))
    .flatMap(({ text }) => [...fold(text).matchAll(NIGHTS)].map((match) => ({ count: Number(match[1]), line: text })));
  const [first] = stated;
  if (first === undefined || stated.some(({ count }) => count !== first.count) || first.count === 0) return null;
  return { count: first.count, fact: { line: first.line, confidence: 0.8 } };
}

function factsOf(
  start: WrittenDate | null,
  end: WrittenDate | null,
  startLine: string | undefined,
  endLine: string | undefined,
  evidence: DateEvidence,
): StayDates {
  const { start: checkIn, end: checkOut, confidence } = resolveSpan(start, end, evidence);
  return {
    checkIn: checkIn === null ? null : { value: checkIn, line: startLine ?? "", confidence },
    checkOut: checkOut === null ? null : { value: checkOut, line: endLine ?? "", confidence },
  };
}

function withBoth(dates: StayDates): StayDates | null {
  return dates.checkIn === null || dates.checkOut === null ? null : dates;
}
