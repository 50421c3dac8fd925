import type { SourceBooking } from "../ports/booking-source.ts";
import { lengthMs } from "../sync/time.ts";

/** S07: the same guest and length, all that tells a booking's successor. Without a name nobody is like anybody. */
export function isAlike(one: SourceBooking, other: SourceBooking): boolean {
  const customer = one.fields["customer"];
  if (customer === undefined || customer === "") return false;
  return other.fields["customer"] === customer && lengthMs(other.span) === lengthMs(one.span);
}

/** False for what a move of ours booked for another one: staff's rescheduling leaves the notes, and so our marker, as they were. */
export function mayFollow(former: SourceBooking, next: SourceBooking): boolean {
  const marker = next.fields["marker"];
  return marker === undefined || marker === former.fields["marker"];
}
