import { type Content, differingFields, FIELDS, type Field, pick } from "./content.ts";
import type { Decision, Effect, Question } from "./decision.ts";
import type { Known } from "./event-map.ts";
import { type Lost, laterSide, type Merge, mergeContent, wasKept } from "./merge.ts";
import type { RuleId, TableRuleId } from "./rule-id.ts";
import { isFuture } from "./time.ts";
import { agreedContent, viewEvent } from "./view.ts";

export interface Rule {
  /** The rule as a customer would say it; shown by explain. */
  readonly sentence: string;
  readonly decide: (known: Known) => Omit<Decision, "rule">;
}

const NOTHING = { effects: [], agreed: [], lost: [], kept: [] } as const;

/** Every rule by its id. The ids stand in SPEC.md, in the journal, in log lines and in test names. */
export const RULES = {
  "booking-not-yet-seen": {
    sentence: "Nothing is decided about an event before its booking has been read.",
    decide: () => ({ ...NOTHING, status: "pending" }),
  },
  "create-event": {
    sentence: "A live booking without an event gets one.",
    decide: (known) => {
      const content = liveContent(known);
      return { ...NOTHING, effects: [{ kind: "insert-event", content }], agreed: FIELDS, status: "active" };
    },
  },
  "adopt-event": {
    sentence: "An event that already says what its booking says is adopted as it is, and marked.",
    decide: () => ({ ...NOTHING, effects: [{ kind: "patch-event", content: {} }], agreed: FIELDS, status: "active" }),
  },
  "adopt-and-update": {
    sentence: "An adopted event takes over what its booking says; what it said before is kept in the journal.",
    decide: (known) => {
      const booking = liveContent(known);
      const { fields, lost } = takeOver(booking, eventContent(known));
      const effects: Effect[] = [{ kind: "patch-event", content: pick(booking, fields) }];
      return { ...NOTHING, effects, agreed: FIELDS, status: "active", lost };
    },
  },
  "in-step": {
    sentence: "Both sides are as agreed: there is nothing to do.",
    decide: () => ({ ...NOTHING, agreed: FIELDS, status: "active" }),
  },
  "carry-booking-change": {
    sentence: "What changed at the booking source is changed on the event, in place.",
    decide: mergeSides,
  },
  "carry-event-edit": {
    sentence: "What a person changed on the event is changed at the booking source.",
    decide: mergeSides,
  },
  "merge-both": {
    sentence: "Both sides changed: different fields both win, the same field goes by the resource's policy.",
    decide: mergeSides,
  },
  "event-deleted": {
    sentence: "A person deleted the event: the resource's policy acts once.",
    decide: decideDeletion,
  },
  "change-against-deletion": {
    sentence:
      "The booking changed while its event was deleted: the resource's merge policy decides which of the two counts.",
    decide: (known) => {
      if (viewEvent(known) === "past-deleted") return restore(known);
      if (known.policy.merge === "ask") return ask("change-against-deletion");
      if (known.policy.merge === "last-write-wins" && laterSide(known) === "calendar") return decideDeletion(known);
      return restore(known);
    },
  },
  "past-event-deleted": {
    sentence: "Deleting an event that is over changes nothing at the booking source.",
    decide: () => ({ ...NOTHING, status: "cancelled" }),
  },
  "carry-resource-change": {
    sentence: "An event moved to another resource's calendar moves its booking to that resource.",
    decide: (known) => {
      const event = known.event;
      if (event?.kind !== "elsewhere") throw misplaced("carry-resource-change");
      // The booking went there once, and was taken back by its staff since: the event comes after it.
      if (event.resource === known.followed) {
        const effects: Effect[] = [
          { kind: "remove-event", how: "delete" },
          { kind: "restore-event", content: liveContent(known) },
        ];
        return { ...NOTHING, effects, agreed: FIELDS, status: "active", lost: lostEdits(known) };
      }
      if (!known.capabilities.changeResource) return ask("resource-not-writable");
      const merge = mergeElsewhere(known);
      if (merge.asked.length > 0) return ask("merge-conflict");
      const span = merge.toBooking.includes("span") ? event.content.span : liveContent(known).span;
      const effects: Effect[] = [
        { kind: "move-booking", resource: event.resource, ...(span === undefined ? {} : { span }) },
        ...eventEffects(merge, liveContent(known)),
      ];
      return { effects, agreed: FIELDS, status: "active", lost: merge.lost, kept: merge.kept };
    },
  },
  "leave-resource": {
    sentence: "A booking that is no longer on this resource loses its event here, and nothing else.",
    decide: (known) => ({
      ...NOTHING,
      effects: [{ kind: "remove-event", how: "delete" }],
      status: "cancelled",
      lost: lostEdits(known),
    }),
  },
  "left-already": {
    sentence: "The booking is not on this resource and has no event here: there is nothing to do.",
    decide: () => ({ ...NOTHING, status: "cancelled" }),
  },
  "give-way": {
    sentence:
      "A reservation gives the room to one that goes before it: its event is taken away until that one goes. What a person changed on the event is carried to the booking first.",
    decide: (known) => {
      if (known.base !== undefined && viewEvent(known) === "changed")
        return { ...mergeSides(known), status: "conflict" };
      const effects: Effect[] = [{ kind: "remove-event", how: "delete" }];
      return { ...gaveWay(known), effects, lost: lostEdits(known) };
    },
  },
  "gave-way": {
    sentence: "A reservation that gives way to another in its room is not shown.",
    decide: gaveWay,
  },
  "cancel-event": {
    sentence: "A booking cancelled with evidence has its event deleted or marked, as the policy says.",
    decide: (known) => {
      const effects: Effect[] = [{ kind: "remove-event", how: known.policy.cancellation }];
      return { ...NOTHING, effects, status: "cancelled", lost: lostEdits(known) };
    },
  },
  "both-gone": {
    sentence: "The booking is cancelled and its event is gone: there is nothing left to do.",
    decide: () => ({ ...NOTHING, status: "cancelled" }),
  },
  "never-shown": {
    sentence: "A cancelled booking that has no event needs none.",
    decide: () => ({ ...NOTHING, status: "cancelled" }),
  },
  "wait-for-evidence": {
    sentence: "The booking side is in doubt: nothing is done until there is evidence.",
    decide: (known) => {
      if (isMovedAfterEnd(known)) return ask("moved-after-end");
      return { ...NOTHING, status: known.hasEvent ? "active" : "pending" };
    },
  },
  "marker-removed": {
    sentence: "An event whose marker a person removed is theirs: it is left alone and shown.",
    decide: () => ask("marker-removed"),
  },
} as const satisfies Record<TableRuleId, Rule>;

/** Where the breaker stops a decision, its sentence. */
export const HELD_SENTENCE =
  "More would be cancelled or deleted here than the breaker allows: a person approves first.";

/** Before there is a booking to decide about, its sentence. */
const IMPORT_SENTENCE = "A meeting that people put on the calendar becomes a booking, as the resource's policy says.";

/** The sentence of a rule, for people. */
/** Whether a word is the id of a rule that decides about pairs. */
export function isRuleId(word: string): word is RuleId {
  return Object.hasOwn(RULES, word);
}

export function sentenceOf(rule: RuleId): string {
  if (rule === "import-meeting") return IMPORT_SENTENCE;
  return rule === "held-by-breaker" ? HELD_SENTENCE : RULES[rule].sentence;
}

function ask(question: Question): Omit<Decision, "rule"> {
  return { ...NOTHING, status: "conflict", question };
}

/** Of two of the same kind a person must know: they are a double booking (S47). */
function gaveWay(known: Known): Omit<Decision, "rule"> {
  const question = known.givesWay?.equal === true ? ({ question: "double-booking" } as const) : {};
  return { ...NOTHING, status: "conflict", ...question };
}

/** S05: cancel the booking, put the event back once, or ask; never an endless re-create. */
function decideDeletion(known: Known): Omit<Decision, "rule"> {
  const { calendarDeletion } = known.policy;
  if (calendarDeletion === "cancel" && known.capabilities.cancel) {
    if (isOnSeveral(known)) return ask("event-deleted");
    return { ...NOTHING, effects: [{ kind: "cancel-booking" }], status: "cancelled" };
  }
  return calendarDeletion === "ask" ? ask("event-deleted") : restore(known);
}

/** One room's event is not the whole booking (R5). */
function isOnSeveral({ booking }: Known): boolean {
  return booking?.kind === "live" && booking.resources.length > 1;
}

function restore(known: Known): Omit<Decision, "rule"> {
  if (known.givesWay !== undefined) return gaveWay(known);
  if (known.restored > 0) return ask("deleted-again");
  const content = liveContent(known);
  return { ...NOTHING, effects: [{ kind: "restore-event", content }], agreed: FIELDS, status: "active" };
}

/** Field-level three-way merge: one rule for "only one side changed" and for "both did". */
function mergeSides(known: Known): Omit<Decision, "rule"> {
  if (known.base === undefined) throw misplaced("mergeSides");
  const booking = liveContent(known);
  const event = eventContent(known);
  const merge = mergeContent(known, booking, event, known.base);
  const effects = [...bookingEffects(merge, event), ...eventEffects(merge, booking)];
  const question = questionOf(known, merge);
  return {
    effects,
    agreed: FIELDS.filter((field) => !merge.asked.includes(field)),
    status: merge.asked.length > 0 ? "conflict" : "active",
    lost: merge.lost,
    kept: merge.kept,
    ...(question === undefined ? {} : { question }),
  };
}

function bookingEffects(merge: Merge, event: Content): Effect[] {
  if (!merge.toBooking.includes("span") || event.span === undefined) return [];
  return [{ kind: "move-booking", span: event.span }];
}

function eventEffects(merge: Merge, booking: Content): Effect[] {
  return merge.toEvent.length === 0 ? [] : [{ kind: "patch-event", content: pick(booking, merge.toEvent) }];
}

function questionOf(known: Known, merge: Merge): Question | undefined {
  if (merge.asked.length > 0) return "merge-conflict";
  const putBack = merge.lost.some((lost) => lost.side === "calendar" && lost.field === "span");
  return putBack && !known.capabilities.writes.includes("span") ? "time-not-writable" : undefined;
}

/** An event on another calendar is merged like one on its own; without a base it takes over what its booking says. */
function mergeElsewhere(known: Known): Merge {
  const booking = liveContent(known);
  const event = eventContent(known);
  if (known.base !== undefined) return mergeContent(known, booking, event, known.base);
  const { fields, lost } = takeOver(booking, event);
  return { toBooking: [], toEvent: fields, kept: [], asked: [], lost };
}

/** What an event of unknown past takes over from its booking, and what it said instead. */
function takeOver(booking: Content, event: Content): { readonly fields: Field[]; readonly lost: Lost[] } {
  const fields = differingFields(booking, event);
  return { fields, lost: fields.map((field) => ({ side: "calendar", field, value: pick(event, [field]) })) };
}

/** Its booking is over and not found any more, so that no evidence comes, and people gave the event a time to come. */
function isMovedAfterEnd({ booking, event, now }: Known): boolean {
  if (booking?.kind !== "doubtful" || booking.reason !== "past") return false;
  if (event === undefined || event.kind === "deleted" || event.content.span === undefined) return false;
  return isFuture(event.content.span, now);
}

/**
 * What goes with the event: edits not carried yet, and those that had stayed on the calendar alone (S49), a description
 * among them of which the source says nothing. One taken back from the bin has no base any more: it is held against what
 * its booking said last.
 */
function lostEdits(known: Known): Decision["lost"] {
  const { base, event } = known;
  if (event === undefined || event.kind === "deleted") return [];
  const { content } = event;
  const unagreed = differingFields(content, agreedContent(known));
  const said = base?.booking ?? known.said ?? {};
  const isTheirs = (field: Field) => field === "description" && said[field] === undefined && Boolean(content[field]);
  const isLost = (field: Field) =>
    unagreed.includes(field) || (base !== undefined && wasKept(base, field)) || isTheirs(field);
  return FIELDS.filter(isLost).map((field) => ({
    side: "calendar",
    field,
    value: pick(content, [field]),
  }));
}

function liveContent(known: Known): Content {
  if (known.booking?.kind !== "live") throw misplaced("a rule for live bookings");
  return known.booking.content;
}

function eventContent(known: Known): Content {
  if (known.event === undefined || known.event.kind === "deleted") throw misplaced("a rule for existing events");
  return known.event.content;
}

function misplaced(what: string): Error {
  return new Error(`${what} stands in a cell of the table where it cannot work`);
}
