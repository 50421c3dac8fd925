import type { PlainDate } from "../sync/time.ts";
import { fold } from "./fold.ts";
import { isPlaceholder, mayBeSamePerson } from "./person-name.ts";
import type { MailReading } from "./reading.ts";

/** A stay as its feed tells it, with what mails added. `key` is the caller's. */
export interface KnownStay {
  readonly key: string;
  readonly property: string | null;
  readonly platform: string | null;
  readonly code: string | null;
  readonly checkIn: PlainDate;
  readonly checkOut: PlainDate;
  readonly guestName: string | null;
  readonly status: "live" | "cancelled";
}

export type MatchReason = "Code Match" | "Exact Date";

/** Which stay a mail is about: one and only one, or a person looks, or it speaks of none. */
export type Match =
  | { readonly kind: "match"; readonly key: string; readonly reason: MatchReason; readonly confidence: number }
  | { readonly kind: "review"; readonly reason: string; readonly candidates: string[] }
  | { readonly kind: "none"; readonly reason: string };

/** The property the mailbox label stands for, where it stands for one. */
export interface MatchScope {
  readonly property?: string;
}

/**
 * Which of `stays` the mail is about: by its code; else by both exact dates on the same property; else a person
 * decides. Names, titles and near dates never decide (S18, S20, S21).
 */
export function matchStay(reading: MailReading, stays: readonly KnownStay[], scope: MatchScope): Match {
  if (reading.authenticity === "fail") {
    return { kind: "none", reason: "The sender is not who the mail says: it is about no stay." };
  }
  const near = stays.filter((stay) => mayBelong(stay, reading, scope));
  const match = byCode(reading, near) ?? byDates(reading, near, scope);
  if (reading.authenticity !== "borrowed" || match.kind !== "match") return match;
  return { kind: "review", reason: "A platform's name, but somebody else's address.", candidates: [match.key] };
}

function mayBelong(stay: KnownStay, reading: MailReading, scope: MatchScope): boolean {
  if (scope.property !== undefined && stay.property !== scope.property) return false;
  const { platform } = reading;
  return platform === null || platform === "pms" || stay.platform === null || stay.platform === platform;
}

function byCode(reading: MailReading, stays: readonly KnownStay[]): Match | undefined {
  const stated = reading.facts.confirmationCode;
  if (stated === null) return undefined;
  const same = preferLive(stays.filter((stay) => stay.code !== null && sameCode(stay.code, stated.value)));
  const [only, ...others] = same;
  if (only === undefined) return undefined;
  if (others.length > 0) return review("Several stays carry the mail's code.", same);
  const confidence = Math.min(0.99, stated.confidence + 0.04) * (datesDiffer(reading, only) ? 0.9 : 1);
  return { kind: "match", key: only.key, reason: "Code Match", confidence };
}

function byDates(reading: MailReading, stays: readonly KnownStay[], scope: MatchScope): Match {
  const { checkIn, checkOut, confirmationCode } = reading.facts;
  // A stay with another code is another stay, whatever its dates.
  const open = confirmationCode === null ? stays : stays.filter((stay) => stay.code === null);
  if (checkIn === null || checkOut === null) return withoutDates(reading, open);
  const same = open.filter((stay) => stay.checkIn === checkIn.value && stay.checkOut === checkOut.value);
  if (same.length === 0) return { kind: "none", reason: "No stay has these dates." };
  const placed = scope.property === undefined ? onNamedProperty(reading, same) : same;
  if (placed === undefined) return review("The dates fit, but nothing tells the property.", same);
  return theOne(reading, preferLive(placed), same, Math.min(checkIn.confidence, checkOut.confidence));
}

function theOne(
  reading: MailReading,
  candidates: readonly KnownStay[],
  same: readonly KnownStay[],
  confidence: number,
): Match {
  const [only, ...others] = candidates;
  if (only === undefined) return review("The dates fit stays of other properties only.", same);
  if (others.length > 0) return review("Several stays of the property have these dates.", candidates);
  if (only.status === "cancelled" && reading.action !== "cancel") {
    return review("The only stay with these dates is cancelled.", candidates);
  }
  if (namesDiffer(reading, only)) return review("The dates fit, but the stay is another guest's.", candidates);
  return { kind: "match", key: only.key, reason: "Exact Date", confidence: confidence * 0.95 };
}

/** What a person may choose from where the mail states no pair of dates: stays that begin or end on the one it states. */
function withoutDates(reading: MailReading, stays: readonly KnownStay[]): Match {
  const { checkIn, checkOut } = reading.facts;
  if (checkIn === null && checkOut === null) {
    return { kind: "none", reason: "The mail states neither a code that is known nor dates." };
  }
  const fitting = stays.filter((stay) =>
    checkIn === null ? stay.checkOut === checkOut?.value : stay.checkIn === checkIn.value,
  );
  if (fitting.length === 0) return { kind: "none", reason: "No stay begins or ends on the date the mail states." };
  return review("The mail states only one of the two dates.", fitting);
}

/** Undefined where the mail names no property that any of them has. */
function onNamedProperty(reading: MailReading, stays: readonly KnownStay[]): readonly KnownStay[] | undefined {
  const named = reading.facts.property;
  if (named === null) return undefined;
  const there = stays.filter((stay) => stay.property !== null && fold(stay.property) === fold(named.value));
  return there.length === 0 ? undefined : there;
}

function preferLive(stays: readonly KnownStay[]): readonly KnownStay[] {
  const live = stays.filter((stay) => stay.status === "live");
  return live.length === 0 ? stays : live;
}

function sameCode(a: string, b: string): boolean {
  return bareCode(a) === bareCode(b);
}

function bareCode(code: string): string {
  return fold(code).replaceAll(/[^a-z0-9]/g, "");
}

function datesDiffer(reading: MailReading, stay: KnownStay): boolean {
  const { checkIn, checkOut } = reading.facts;
  return (
    (checkIn !== null && checkIn.value !== stay.checkIn) || (checkOut !== null && checkOut.value !== stay.checkOut)
  );
}

function namesDiffer(reading: MailReading, stay: KnownStay): boolean {
  const stated = reading.facts.guestName?.value ?? null;
  if (stated === null || stay.guestName === null || isPlaceholder(stay.guestName)) return false;
  return !mayBeSamePerson(stated, stay.guestName);
}

function review(reason: string, stays: readonly KnownStay[]): Match {
  return { kind: "review", reason, candidates: stays.map((stay) => stay.key) };
}
