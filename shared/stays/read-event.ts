import type { Component } from "./components.ts";
import { type Moment, named, readMoment, type TimeContext } from "./event-time.ts";
import { type BadEvent, type FeedRow, nightsBetween } from "./feed-row.ts";
import { natureOf } from "./nature.ts";
import { plain, tidy } from "./plain-words.ts";
import { isPortal, type Platform, platformIn } from "./platform.ts";
import { readFacts } from "./stated-facts.ts";

/** How the events of one file are to be read. */
export interface EventContext extends TimeContext {
  readonly platform: Platform;
  /** METHOD:CANCEL: everything in the file is taken back. */
  readonly isCancellation: boolean;
  /** `nights`: a stay, whatever times it is written with. `exact`: an event that has times keeps them (a hall, a boat). */
  readonly times: "nights" | "exact";
}

export type ReadEvent = { readonly row: FeedRow } | { readonly bad: BadEvent };

const GUESTY_RULE = /_(?:an|bw)_\d{4}-\d{2}-\d{2}_/;
const LONGEST_UID = 255;

/** One event; its occurrences, where it repeats, are made of the answer (`occurrences.ts`). */
export function readEvent({ properties, broken }: Component, context: EventContext): ReadEvent {
  const uid = tidy(named(properties, "UID")?.value ?? "").slice(0, LONGEST_UID);
  const status = (named(properties, "STATUS")?.value ?? "").trim().toUpperCase();
  const said = context.isCancellation ? "CANCELLED" : status;
  const moment: ReturnType<typeof readMoment> = broken
    ? { unreadable: "it breaks off" }
    : readMoment(properties, context);
  if ("unreadable" in moment) return badEvent(uid, moment.unreadable, said);
  const timed = context.times === "exact" && moment.span.kind === "timed" ? { timed: moment.span } : {};
  const row = {
    uid,
    ...describe(properties, context, said, moment),
    ...moment.nights,
    ...timed,
    ...sequenceOf(properties),
  };
  const coversNone = row.start === row.end && row.timed === undefined;
  if (coversNone && row.nature !== "note" && row.nature !== "cancelled")
    return badEvent(uid, "it covers no night", said);
  return { row };
}

function sequenceOf(properties: Component["properties"]): Pick<FeedRow, "sequence"> {
  const sequence = Number(named(properties, "SEQUENCE")?.value ?? "");
  return Number.isSafeInteger(sequence) && sequence > 0 ? { sequence } : {};
}

function badEvent(uid: string, reason: string, status: string): ReadEvent {
  return { bad: { uid, reason, ...(status === "CANCELLED" ? { cancelled: true } : {}) } };
}

function describe(
  properties: Component["properties"],
  context: EventContext,
  status: string,
  { nights }: Moment,
): Omit<FeedRow, "uid" | "start" | "end"> {
  const title = tidy(named(properties, "SUMMARY")?.value ?? "");
  const description = named(properties, "DESCRIPTION")?.value ?? "";
  const uid = named(properties, "UID")?.value ?? "";
  const own = isPortal(context.platform) ? context.platform : (platformIn(uid) ?? context.platform);
  const sold = isPortal(own) ? own : (platformIn(title) ?? own);
  const facts = readFacts(title, `${description}\n${named(properties, "URL")?.value ?? ""}`, sold);
  const isReserved = facts.code !== undefined || /reservation url|\/reservations?\//.test(plain(description));
  const isFree = named(properties, "TRANSP")?.value.trim().toUpperCase() === "TRANSPARENT";
  const length = nightsBetween(nights.start, nights.end);
  const judged = natureOf({ title, platform: own, isReserved, status, nights: length, isFree });
  const { nature, customer = facts.customer, platform = own } = judged;
  const stated = nature === "block" ? {} : { ...facts, ...(customer === undefined ? {} : { customer }) };
  const rolling = nature === "block" && GUESTY_RULE.test(uid) ? { rolling: true as const } : {};
  return { nature, title, platform: isPortal(own) ? own : platform, ...stated, ...rolling };
}
