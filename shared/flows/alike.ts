import type { SourceBooking } from "../ports/booking-source.ts";
import { lengthMs } from "../sync/time.ts";

/** S07: the same guest and length, all that tells a booking's successor. Without a name nobody is like anybody. */
export function isAlike(one: SourceBooking, other: SourceBooking): boolean {
  const customer = one.fields["customer"];
  if (customer === undefined || customer === "") return false;
  return other.fields["customer"] === customer && lengthMs(other.span) === lengthMs(one.span);
}
