import type { Instant, PlainDate } from "../sync/time.ts";
import { latin, type Sender, type Vouched, vouchFor } from "./authenticity.ts";
import { dateOrder } from "./date-order.ts";
import { decideKind, type Verdict } from "./decide-kind.ts";
import { fold } from "./fold.ts";
import { languageOf } from "./language.ts";
import { type Line, toLines } from "./line.ts";
import { type Letter, openLetter } from "./open-letter.ts";
import { readFacts } from "./read-facts.ts";
import { readerOf } from "./readers/reader-of.ts";
import { type Facts, type MailAction, type MailReading, NO_FACTS, type Platform } from "./reading.ts";
import type { DateEvidence } from "./resolve-date.ts";
import { markedUpStay } from "./schema-org.ts";
import { daysBackOf } from "./stay-dates.ts";
import { type Unwrapped, unwrap } from "./unwrap.ts";
import { brandIn, platformOfAddress } from "./vocabulary/senders.ts";
import { writtenSpans } from "./written-date.ts";

/** Raised with every change that changes what is read, so that kept mails can be read again. */
export const READER_VERSION = 2;

/** When the mail came in, as the mailbox says (Gmail's `internalDate`); left out: the mail's own headers tell. */
export interface Arrival {
  readonly received?: Instant;
}

/**
 * Reads one raw mail. Never throws: a mail that cannot be read is of kind `other` and states nothing. What the mail
 * does not state is null.
 */
export async function readMail(raw: Uint8Array, arrival: Arrival): Promise<MailReading> {
  const letter = await openLetter(raw);
  const enclosed = letter.enclosed === null ? null : await openLetter(letter.enclosed);
  // A mail attached to a mail is what it is about; who attached it is no platform.
  const isCarrier = enclosed !== null && !letter.isAutomatic && platformOfAddress(letter.from.address) === null;
  return isCarrier ? readLetter(enclosed, arrival, letter) : readLetter(letter, arrival, letter);
}

function readLetter(letter: Letter, arrival: Arrival, envelope: Letter): MailReading {
  const [view = []] = letter.views;
  const opened = unwrap(letter.subject, view);
  const views = letter.views.map((each) => toLines(unwrap(letter.subject, each).lines));
  const lines = views[0] ?? [];
  const receivedAt = arrival.received ?? envelope.sentAt;
  const isForwarded = opened.isForward || letter !== envelope;
  const from = opened.from ?? letter.from;
  const platform = platformOf(from, opened, lines, letter.links);
  const vouched = vouchedFor(envelope, from, isForwarded);
  const markup = isForwarded ? null : markedUpStay(letter.jsonLd, letter.items);
  const verdict = letter.isAutomatic
    ? AUTOMATIC
    : decideKind(opened, lines, platform, markup, isForwarded ? null : letter.template);
  const evidence = dateEvidence(
    letter,
    opened,
    lines,
    verdict,
    letter === envelope ? receivedAt : (letter.sentAt ?? receivedAt),
  );
  const reader = readerOf(platform);
  // A person who replies did not write the subject.
  const isQuoting = opened.isReply && platformOfAddress(from.address) === null;
  const read = readFacts({ subject: opened.subject, isQuoting, views, links: letter.links, reader, evidence, markup });
  // What is about no stay states none, whatever dates and names stand in it.
  const facts = verdict.kind === "other" ? NO_FACTS : read;
  return {
    readerVersion: READER_VERSION,
    kind: verdict.kind,
    action: actionOf(verdict, facts, vouched),
    platform,
    facts,
    authenticity: vouched.authenticity,
    confidence: confidenceOf(verdict, vouched, platform),
    reasons: [
      ...verdict.reasons,
      vouched.reason,
      ...(isForwarded ? ["The mail was forwarded: the forwarded part was read."] : []),
    ],
    messageId: envelope.messageId,
    receivedAt,
  };
}

const AUTOMATIC: Verdict = {
  kind: "other",
  states: null,
  confidence: 0.95,
  reasons: ["A mail program wrote the mail by itself: an absence note or a bounce."],
};

/** Of a forward only its own sender can be vouched for, not whom it quotes; but a quoted impostor is one. */
function vouchedFor(envelope: Letter, from: Sender, isForwarded: boolean): Vouched {
  const outer = vouchFor(envelope.from, envelope.authentication);
  if (!isForwarded || outer.authenticity === "fail") return outer;
  const inner = vouchFor(from, []);
  if (inner.authenticity === "fail" || inner.authenticity === "borrowed") return inner;
  return { authenticity: "unknown", reason: "A forward cannot show who wrote what it forwards." };
}

/** By the sender's domain; else by the brand the sender or text shows, with a code or link of its own. */
function platformOf(
  from: Sender,
  opened: Unwrapped,
  lines: readonly Line[],
  links: readonly string[],
): Platform | null {
  const own = platformOfAddress(from.address);
  if (own !== null) return own;
  const named =
    brandIn(latin(from.name)) ??
    brandIn(fold(from.address.replaceAll(/[.-]/g, " ").replace(/ com$/, ".com"))) ??
    brandIn(fold(opened.subject));
  if (named !== null) return named;
  const text = fold(
    lines
      .map((line) => line.text)
      .join(" ")
      .slice(0, 20_000),
  );
  if (
    /\bhm[a-z0-9]{8}\b/.test(fold(opened.subject)) ||
    (/\bhm[a-z0-9]{8}\b/.test(text) && /airbnb/.test(`${text} ${links.join(" ")}`))
  )
    return "airbnb";
  if (/\bha-[a-z0-9]{6,7}\b/.test(`${fold(opened.subject)} ${text}`)) return "vrbo";
  if (/\bonlinescoutmanager\b|\bonline scout manager\b/.test(`${text} ${links.join(" ")}`)) return "osm";
  // Booking numbers behind a `#` in a subject are how OSM's mails are told.
  return /\bbooking\b.*#\d{3,9}\b/.test(fold(opened.subject)) ? "osm" : null;
}

function dateEvidence(
  letter: Letter,
  opened: Unwrapped,
  lines: readonly Line[],
  verdict: Verdict,
  receivedAt: Instant | null,
): DateEvidence {
  const texts = [opened.subject, ...lines.map((line) => line.text)];
  const order = dateOrder(texts, languageOf(texts), letter.locale);
  const received = receivedAt?.slice(0, 10) ?? null;
  return { sent: sentOn(opened.dateLine, received), daysBack: daysBackOf(verdict.kind), order };
}

/** A forwarded mail is as old as its own header says. */
function sentOn(dateLine: string | null, received: PlainDate | null): PlainDate | null {
  const [span] = dateLine === null ? [] : writtenSpans(dateLine);
  if (span === undefined || span.start.kind !== "named" || span.start.year === null) return received;
  const { year, month, day } = span.start;
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

function actionOf(verdict: Verdict, facts: Facts, vouched: Vouched): MailAction {
  if (vouched.authenticity === "fail" || verdict.states === null) return "none";
  if (verdict.states === "cancelled") return "cancel";
  const { checkIn, checkOut, guestName, confirmationCode } = facts;
  const hasWho = guestName !== null || confirmationCode !== null;
  if (checkIn !== null && checkOut !== null && hasWho) return "create";
  return checkIn !== null || checkOut !== null || hasWho ? "create-partial" : "none";
}

function confidenceOf(verdict: Verdict, vouched: Vouched, platform: Platform | null): number {
  if (vouched.authenticity === "fail") return Math.min(0.2, verdict.confidence);
  if (vouched.authenticity === "borrowed") return Math.min(0.5, verdict.confidence);
  const trust = vouched.authenticity === "pass" ? 1 : 0.95;
  return Math.round(verdict.confidence * trust * (platform === null ? 0.9 : 1) * 100) / 100;
}
