import { type Content, differingFields } from "./content.ts";
import type { Known } from "./event-map.ts";
import { learnedFields } from "./merge.ts";
import { isFuture } from "./time.ts";

/**
 * How the booking side looks against the base, without clocks or guesses about who did what.
 *
 *   unseen     never read            moved      live, but no longer on this resource
 *   new        live, no base yet     yielding   live, but another reservation takes the room
 *   same       as agreed             cancelled  with evidence
 *   changed    differs from base     doubtful   not enough evidence for anything
 */
export const BOOKING_VIEWS = [
  "unseen",
  "new",
  "same",
  "changed",
  "moved",
  "yielding",
  "cancelled",
  "doubtful",
] as const;
export type BookingView = (typeof BOOKING_VIEWS)[number];

/**
 * How the calendar side looks.
 *
 *   none       no event in this incarnation     deleted       confirmed, and it was still to come
 *   same       as agreed                        past-deleted  confirmed, and it was over
 *   changed    differs from base                moved         found on another resource's calendar
 *                                               unmarked      somebody took our marker away
 */
export const EVENT_VIEWS = ["none", "same", "changed", "deleted", "past-deleted", "moved", "unmarked"] as const;
export type EventView = (typeof EVENT_VIEWS)[number];

export function viewBooking(known: Known): BookingView {
  const { booking, base } = known;
  if (booking === undefined) return "unseen";
  if (booking.kind !== "live") return booking.kind;
  if (!booking.resources.includes(known.resource)) return "moved";
  if (known.givesWay !== undefined) return "yielding";
  if (base === undefined) return "new";
  const isSame = differingFields(booking.content, base.booking).length === 0;
  return isSame && learnedFields(known, booking.content, base).length === 0 ? "same" : "changed";
}

export function viewEvent(known: Known): EventView {
  const { event } = known;
  if (!known.hasEvent || event === undefined) return "none";
  if (event.kind === "elsewhere") return "moved";
  if (event.kind === "deleted") return wasStillToCome(known) ? "deleted" : "past-deleted";
  if (!event.marked) return "unmarked";
  return differingFields(event.content, agreedContent(known)).length === 0 ? "same" : "changed";
}

/** What the event should look like by what is agreed; without a base, what the booking says or said last. */
export function agreedContent({ base, booking, said }: Known): Content {
  if (base !== undefined) return base.event;
  return booking?.kind === "live" ? booking.content : (said ?? {});
}

/** Tombstones of past events never cancel (R5). Where no time is known, nothing may be derived. */
function wasStillToCome(known: Known): boolean {
  const span = agreedContent(known).span;
  return span !== undefined && isFuture(span, known.now);
}
