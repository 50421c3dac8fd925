import { fold } from "./fold.ts";
import type { Line } from "./line.ts";
import type { MailKind, Platform } from "./reading.ts";
import type { MarkedUp } from "./schema-org.ts";
import type { Unwrapped } from "./unwrap.ts";
import {
  BY_PROGRAMS,
  type KindWords,
  NO_STAY,
  RESERVATION_WORDS,
  RULES_HEADING,
  type Saying,
  STAY_WORDS,
  SUBJECT_WORDS,
  TEMPLATE_WORDS,
  TEXT_WORDS,
} from "./vocabulary/kind-words.ts";

/** What a mail is for, and whether it states that a stay was confirmed or cancelled. */
export interface Verdict {
  readonly kind: MailKind;
  readonly states: "confirmed" | "cancelled" | null;
  /** 0 to 1. */
  readonly confidence: number;
  readonly reasons: readonly string[];
}

/** Lines from the top in which a template says what it is about. */
const TOP_LINES = 40;
/** A longer line is a paragraph; its sentences are looked at one by one. */
const LONGEST_SENTENCE = 240;

/** Decides by markup, then who replies, then the subject, then the text; where subject and text contradict, nothing is stated. */
export function decideKind(
  opened: Unwrapped,
  lines: readonly Line[],
  platform: Platform | null,
  stay: MarkedUp | null,
  template: string | null,
): Verdict {
  const said = textSaying(lines);
  const written = sayingIn(fold(opened.subject), SUBJECT_WORDS);
  const subject = written ?? templateSaying(template);
  if (BY_PROGRAMS.test(fold(opened.subject))) return plain("other", 0.9, "A program wrote the mail, no platform.");
  if (opened.isReply) return plain("guest-message", 0.95, "The subject marks a reply: somebody writes about a stay.");
  if (platform === null && /\?$/.test(opened.subject)) return plain("guest-message", 0.7, "The subject is a question.");
  if (stay !== null) return byMarkup(stay);
  if (isElsewhere(opened, lines, platform))
    return plain("other", 0.8, "The mail speaks of something else than a stay.");
  if (opened.isForward && speaksOfCancelling(opened.note) && subject !== "cancel") {
    return plain(kindOf(subject ?? said ?? "other"), 0.5, "Who forwarded the mail writes of a cancellation above it.");
  }
  return subject === null
    ? byText(said, lines, platform)
    : bySubject(subject, said, { subject: opened.subject, isTemplate: written === null }, lines);
}

function byMarkup(stay: MarkedUp): Verdict {
  const reasons = ["The mail carries schema.org markup of a lodging reservation."];
  if (stay.status === "cancelled") return { kind: "cancellation", states: "cancelled", confidence: 0.97, reasons };
  if (stay.status === "other") return { kind: "inquiry", states: null, confidence: 0.8, reasons };
  return { kind: "confirmation", states: "confirmed", confidence: 0.97, reasons };
}

function bySubject(
  subject: Saying,
  said: Saying | null,
  from: { readonly subject: string; readonly isTemplate: boolean },
  lines: readonly Line[],
): Verdict {
  const reason = `The ${from.isTemplate ? "template's name" : "subject"} says ${SPOKEN[subject]}.`;
  if (subject === "confirmation") {
    if (said === "inquiry" || said === "inquiry-over")
      return plain("inquiry", 0.85, reason, "The text asks for an answer: nothing is confirmed yet.");
    if (said === "cancel")
      return plain("cancellation", 0.5, reason, "The text says the opposite: somebody should look.");
    if (said === "guest-message" && !sayingsOf(lines).has("confirmation"))
      return plain("guest-message", 0.7, reason, "The text is a message.");
    return {
      kind: "confirmation",
      states: "confirmed",
      confidence: said === "confirmation" ? 0.97 : 0.9,
      reasons: [reason],
    };
  }
  if (subject === "cancel") {
    if (said !== "cancel" && !from.isTemplate && !RESERVATION_WORDS.test(fold(from.subject))) {
      return plain("other", 0.6, "What is cancelled is no stay that the mail names.");
    }
    if (said === "cancellation-refused" || said === "cancellation-asked")
      return plain("cancellation", 0.7, reason, "The text says it is not cancelled, or not yet.");
    if (said === "inquiry-over")
      return plain("inquiry", 0.8, reason, "The text says it is a request that is cancelled, not a stay.");
    return {
      kind: "cancellation",
      states: "cancelled",
      confidence: said === "cancel" ? 0.97 : 0.88,
      reasons: [reason],
    };
  }
  if (subject === "guest-message" && said === "inquiry")
    return plain("inquiry", 0.8, reason, "The text asks to accept or decline.");
  return plain(kindOf(subject), 0.9, reason);
}

function byText(said: Saying | null, lines: readonly Line[], platform: Platform | null): Verdict {
  if (said === null) return plain("other", 0.6, "Neither subject nor text says what the mail is for.");
  const reason = `The text says ${SPOKEN[said]}.`;
  const confidence = platform === null ? 0.65 : 0.8;
  if (said === "confirmation") return { kind: "confirmation", states: "confirmed", confidence, reasons: [reason] };
  if (said === "cancel") {
    if (sayingsOf(lines).has("confirmation"))
      return plain("cancellation", 0.5, reason, "It also speaks of a confirmed stay: somebody should look.");
    return { kind: "cancellation", states: "cancelled", confidence, reasons: [reason] };
  }
  return plain(kindOf(said), confidence, reason);
}

function plain(kind: MailKind, confidence: number, ...reasons: string[]): Verdict {
  return { kind, states: null, confidence, reasons };
}

function templateSaying(template: string | null): Saying | null {
  return template === null ? null : sayingIn(fold(template), TEMPLATE_WORDS);
}

/** What the sentences at the top say, the most telling first. */
function textSaying(lines: readonly Line[]): Saying | null {
  const sayings = sayingsOf(lines);
  return TEXT_WORDS.find(({ saying }) => sayings.has(saying))?.saying ?? null;
}

function sayingsOf(lines: readonly Line[]): ReadonlySet<Saying> {
  const sayings = new Set<Saying>();
  for (const sentence of sentencesOf(lines)) {
    const saying = sayingIn(sentence, TEXT_WORDS);
    if (saying !== null) sayings.add(saying);
  }
  return sayings;
}

function sayingIn(text: string, words: readonly KindWords[]): Saying | null {
  return words.find((each) => each.words.test(text) && each.unless?.test(text) !== true)?.saying ?? null;
}

/** Lines that a narrow plain text broke are one sentence again. */
function sentencesOf(lines: readonly Line[]): string[] {
  const all = lines.slice(0, TOP_LINES).map(({ text }) => fold(text));
  const rules = all.findIndex((line) => RULES_HEADING.test(line));
  const top = rules === -1 ? all : all.slice(0, rules);
  const joined = top.map((line, index) =>
    /[a-z,]$/.test(line) && line.length > 40 ? `${line} ${top[index + 1] ?? ""}` : line,
  );
  return joined.flatMap((line) => line.split(/(?<=[.!?])\s+/)).map((sentence) => sentence.slice(0, LONGEST_SENTENCE));
}

/** Only unknown senders confirm tables and flights; what they confirm must have something of a stay. */
function isElsewhere(opened: Unwrapped, lines: readonly Line[], platform: Platform | null): boolean {
  if (platform !== null) return false;
  const text = fold([opened.subject, ...lines.map((line) => line.text)].join(" ").slice(0, 6000));
  return NO_STAY.test(text) || !STAY_WORDS.test(text);
}

function speaksOfCancelling(note: readonly string[]): boolean {
  return /\b(?:cancel\w*|storn\w*|annul\w*|abgesagt|afgezegd|disdett\w*)\b/.test(fold(note.join(" ")));
}

function kindOf(saying: Saying): MailKind {
  if (saying === "cancel" || saying === "cancellation-asked" || saying === "cancellation-refused")
    return "cancellation";
  return saying === "inquiry-over" ? "inquiry" : saying;
}

const SPOKEN: Readonly<Record<Saying, string>> = {
  confirmation: "a stay is confirmed",
  inquiry: "somebody asks for a stay",
  "inquiry-over": "a request ended without a stay",
  alteration: "a stay changes",
  cancel: "a stay is cancelled",
  "cancellation-asked": "somebody asks to cancel",
  "cancellation-refused": "a stay is not cancelled",
  reminder: "a stay comes up",
  "guest-message": "somebody wrote a message",
  "review-request": "it is about a review",
  payout: "it is about a payout",
  other: "it is about something else",
};
