import { type Content, differingFields, FIELDS, type Field, pick } from "./content.ts";
import type { Base, Known } from "./event-map.ts";
import { later } from "./time.ts";

/** A value that did not prevail; kept in the journal and shown (S49). */
export interface Lost {
  readonly side: "booking" | "calendar";
  readonly field: Field;
  readonly value: Content;
}

/** What a three-way merge asks for, field by field. */
export interface Merge {
  /** Fields whose calendar value goes to the booking. */
  readonly toBooking: readonly Field[];
  /** Fields whose booking value goes to the event. */
  readonly toEvent: readonly Field[];
  /** Edits that stay on the calendar because the source has no place for them. */
  readonly kept: readonly Field[];
  /** Fields that a person must decide; their base stays. */
  readonly asked: readonly Field[];
  readonly lost: readonly Lost[];
}

/** Doubt about when a polled change happened, on top of the gap between two looks (R14). */
const DOUBT_MS = 2_000;

/**
 * Fields that nobody had ever said anything in, and of which the booking says something now, as when a mail tells who
 * comes. Where the event says something by itself, it is left alone: unknown never differs (R3).
 */
export function learnedFields({ event }: Known, booking: Content, base: Base): Field[] {
  const shown = event?.kind === "live" || event?.kind === "elsewhere" ? event.content : undefined;
  if (shown === undefined) return [];
  return FIELDS.filter((field) => {
    const isNew = booking[field] !== undefined && base.booking[field] === undefined;
    return isNew && !base.event[field] && !shown[field];
  });
}

/** Merges booking and event content against the base. Fields unknown on a side never differ (R3). */
export function mergeContent(known: Known, booking: Content, event: Content, base: Base): Merge {
  const inBooking = differingFields(booking, base.booking);
  const inEvent = differingFields(event, base.event);
  const merge = {
    toBooking: [] as Field[],
    toEvent: [] as Field[],
    kept: [] as Field[],
    asked: [] as Field[],
    lost: [] as Lost[],
  };
  merge.toEvent.push(...learnedFields(known, booking, base));
  for (const field of FIELDS) {
    if (!inBooking.includes(field) && !inEvent.includes(field)) continue;
    if (differingFields(pick(booking, [field]), pick(event, [field])).length === 0) continue;
    const winner = pickWinner(known, field, inBooking.includes(field), inEvent.includes(field));
    if (winner === "ask") {
      merge.asked.push(field);
    } else if (winner === "booking") {
      merge.toEvent.push(field);
      if (inEvent.includes(field) || wasKept(base, field)) {
        merge.lost.push({ side: "calendar", field, value: pick(event, [field]) });
      }
    } else {
      const place = known.capabilities.writes.includes(field) ? merge.toBooking : merge.kept;
      place.push(field);
      if (inBooking.includes(field)) merge.lost.push({ side: "booking", field, value: pick(booking, [field]) });
    }
  }
  return merge;
}

/**
 * An edit that stayed on the calendar alone, agreed as such: where the source's value replaces it, it is lost (S49).
 * Times never stay so; where theirs differ, a provider rounded (S24).
 */
export function wasKept(base: Base, field: Field): boolean {
  return field !== "span" && differingFields(pick(base.booking, [field]), pick(base.event, [field])).length > 0;
}

/** Who wins one field. A time that the source cannot take is put back: both sides must agree on when. */
function pickWinner(known: Known, field: Field, inBooking: boolean, inEvent: boolean): "booking" | "calendar" | "ask" {
  if (field === "span" && !known.capabilities.writes.includes("span")) return "booking";
  if (!inEvent) return "booking";
  if (!inBooking) return "calendar";
  if (known.policy.merge === "ask") return "ask";
  return known.policy.merge === "source-wins" ? "booking" : laterSide(known);
}

/** Last write wins by provider times; where the intervals of doubt touch, the booking source (R14). */
export function laterSide(known: Known): "booking" | "calendar" {
  const { bookingChanged, eventEdited } = known;
  if (bookingChanged === undefined || eventEdited === undefined) return "booking";
  return eventEdited > later(bookingChanged.before, DOUBT_MS) ? "calendar" : "booking";
}
