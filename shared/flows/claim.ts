import { LockstepError } from "../errors.ts";
import { type Instant, later } from "../sync/time.ts";
import { commitBooking, commitBoth, type Desk } from "./desk.ts";
import type { Claim } from "./documents.ts";

/** A worker that died gives its claim up after this long; far longer than one step takes. */
export const CLAIM_MS = 60_000;

/** However late a call arrives that somebody gave up waiting for: none of a former worker's is on its way after that. */
const ARRIVES_MS = 25_000;

export function claimOf(desk: Desk): Claim {
  if (desk.booking.claim === undefined) throw new Error("a rebooking without its claim");
  return desk.booking.claim;
}

/** The present worker's time from now on. */
export function claimedUntil(desk: Desk): Instant {
  return later(desk.world.clock.now(), CLAIM_MS);
}

/** After this instant no call is begun that could arrive when the claim is another worker's. */
export function lastCallOf(desk: Desk): Instant {
  return later(claimOf(desk).until, -ARRIVES_MS);
}

/**
 * A claim that ran out while we waited may be another worker's by now, and what was read before it is old: the turn
 * begins anew. Asked right before every call that cannot be repeated or taken back (R4, R6).
 */
export function requireClaim(desk: Desk, until = lastCallOf(desk)): void {
  if (desk.world.clock.now() < until) return;
  throw new LockstepError("STORE_CONFLICT", { detail: `The claim on booking ${desk.place.bookingId} ran out.` });
}

/** Saves the claim with what has changed, before the next call. One that ran out is not renewed: what was read is old. */
export async function advance(desk: Desk, change: Partial<Claim>): Promise<undefined> {
  requireClaim(desk, claimOf(desk).until);
  await commitClaim(desk, { ...claimOf(desk), ...change, until: claimedUntil(desk) }, false);
}

/** Saves the claim before the next call; `wake` also makes the sweep look after it. */
export async function commitClaim(desk: Desk, claim: Claim, wake: boolean): Promise<void> {
  desk.booking = { ...desk.booking, claim };
  if (!wake) return commitBooking(desk);
  desk.map = { ...desk.map, dirty: true, nextAttempt: claim.until };
  return commitBoth(desk);
}

/** Goes along with the next commit of the claim, whichever that is. */
export function noteGiven(desk: Desk): void {
  desk.booking = { ...desk.booking, claim: { ...claimOf(desk), given: true } };
}
