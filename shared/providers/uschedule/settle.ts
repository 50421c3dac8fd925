import type { SourceBooking } from "../../ports/booking-source.ts";
import { lengthMs, overlaps, type Span } from "../../sync/time.ts";
import type { Availability, Verdict } from "./availability.ts";

/**
 * What becomes of a booking whose status does not tell (S11, S12).
 *
 *   slot free ............................................... freed
 *   slot taken, nobody else listed on it .................... held
 *   slot taken, partly by others: the rest free ............. freed
 *                                 any of the rest taken ..... held
 *   slot taken, all of it by others: this one the newest .... held (nobody books a taken slot)
 *                                    otherwise .............. unknown
 *   availability does not tell .............................. unknown
 */
export type Settled = "freed" | "held" | "unknown";

/** True where the status alone is no answer. */
export function isOpen(booking: SourceBooking): boolean {
  return booking.status === "unclear" || booking.status === "pending";
}

/** `listed`: everything listed on those days; the booking itself may be among it. */
export async function settle(
  booking: SourceBooking,
  listed: Iterable<SourceBooking>,
  availability: Availability,
): Promise<Settled> {
  const whole = await ask(booking, [booking.span], availability);
  if (whole !== "taken") return whole === "free" ? "freed" : "unknown";
  const others = [...listed].filter((other) => holdsSameSlot(other, booking));
  if (others.length === 0) return "held";
  const rest = subtract(
    booking.span,
    others.map((other) => other.span),
  );
  if (rest.length === 0) return isNewest(booking, others) ? "held" : "unknown";
  const verdict = await ask(booking, rest, availability);
  if (verdict === "unknown") return "unknown";
  return verdict === "free" ? "freed" : "held";
}

/** `free` only where every part is free on every resource. */
async function ask(booking: SourceBooking, spans: readonly Span[], availability: Availability): Promise<Verdict> {
  let result: Verdict = "free";
  for (const resource of booking.resources) {
    for (const span of spans) {
      const verdict = await availability.verdict(resource, span, booking.fields);
      if (verdict === "taken") return "taken";
      if (verdict === "unknown") result = "unknown";
    }
  }
  return result;
}

function holdsSameSlot(other: SourceBooking, booking: SourceBooking): boolean {
  if (other.id === booking.id || other.status === "cancelled" || other.status === "rescheduled") return false;
  return overlaps(other.span, booking.span) && other.resources.some((name) => booking.resources.includes(name));
}

/** Ids grow. A record known to be live holds the slot, however old it is. */
function isNewest(booking: SourceBooking, others: readonly SourceBooking[]): boolean {
  return others.every((other) => other.status !== "live" && Number(other.id) < Number(booking.id));
}

/** What is left of a timed span without the others. */
function subtract(span: Span, others: readonly Span[]): Span[] {
  let rest = [span];
  for (const other of others) rest = rest.flatMap((part) => cut(part, other));
  return rest.filter((part) => lengthMs(part) > 0);
}

function cut(part: Span, other: Span): Span[] {
  if (!overlaps(part, other)) return [part];
  const before = other.start > part.start ? [{ ...part, end: other.start }] : [];
  const behind = other.end < part.end ? [{ ...part, start: other.end }] : [];
  return [...before, ...behind];
}
