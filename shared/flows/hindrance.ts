import type { Span } from "../sync/time.ts";
import { type Desk, settingsOf } from "./desk.ts";
import type { RebookDesk } from "./new-booking.ts";

/** What keeps the slot from being booked, the booking's own old one aside. An answer that does not tell is left to `book`. */
export async function hindranceOf(
  desk: RebookDesk,
  resource: string,
  span: Span,
  own: Span | undefined,
): Promise<"slot-taken" | "time-not-writable" | undefined> {
  const parts = own === undefined ? [span] : without(span, own);
  // Wholly within its own old slot only the kind of time is asked about.
  for (const part of parts.length === 0 ? [span] : parts) {
    const answer = await desk.source.available({ resource: sourceName(desk, resource), span: part });
    if (answer === "impossible") return "time-not-writable";
    if (answer === "taken" && parts.length > 0) return "slot-taken";
  }
  return undefined;
}

/** What is left of `span` outside `own`. */
function without(span: Span, own: Span): Span[] {
  const parts: Span[] = [];
  if (span.start < own.start) parts.push({ ...span, end: own.start });
  if (own.end < span.end) parts.push({ ...span, start: own.end });
  return parts;
}

/** What the booking source calls a resource. */
export function sourceName(desk: Desk, resource: string): string {
  return settingsOf(desk.world, { ws: desk.place.ws, resource }).resource.sourceName;
}
