import { LockstepError } from "../errors.ts";
import type { BadRow, SourceBooking, WantedBooking } from "../ports/booking-source.ts";

/**
 * What a read gives of a row that is there and cannot be read: where it was last seen, nothing is derived from it (law 10)
 * but its end, if it tells that. Never seen and cancelled, it is nothing that anybody could miss; never seen at all, it
 * throws PROVIDER_REFUSED with the reason. `what` names it in the error: `Portico: event-12`.
 */
export function unreadRow(
  what: string,
  { id, around }: WantedBooking,
  { reason, cancelled }: Omit<BadRow, "id">,
): SourceBooking | undefined {
  if (around === undefined && cancelled === true) return undefined;
  if (around === undefined) throw unreadable(what, reason);
  const status = cancelled === true ? "cancelled" : "unclear";
  return { id, resources: [], status, span: around, fields: {}, hash: `${status} ${reason}` };
}

export function unreadable(what: string, reason: string): LockstepError {
  return new LockstepError("PROVIDER_REFUSED", { detail: `${what} cannot be kept in step: ${reason}.` });
}
