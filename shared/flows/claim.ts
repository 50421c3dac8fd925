import { isError, LockstepError } from "../errors.ts";
import { type Instant, later } from "../sync/time.ts";
import { commitBooking, commitBoth, type Desk } from "./desk.ts";
import { type BookingDoc, bookingRef, type Claim } from "./documents.ts";

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

/** How often and how soon what was booked is saved again: for a few seconds, while the claim lasts. */
const SAVES = 4;
const SAVE_AGAIN_MS = 500;

/**
 * Saves the claim with what was booked. Should staff write over its notes meanwhile, its id is all by which it is known
 * again: no other writer of the document and no moment without a store may lose it (R4).
 */
export async function advanceBooked(desk: Desk, change: Partial<Claim>): Promise<undefined> {
  const before = claimOf(desk);
  let became: Awaited<ReturnType<typeof whatBecame>> = "open";
  for (let saves = 1; ; saves += 1) {
    try {
      if (saves > 1) became = await whatBecame(desk, before);
      if (became === "saved") return;
      return await advance(desk, change);
    } catch (error) {
      const mayHelp = isError(error, "STORE_CONFLICT", "STORE_UNAVAILABLE") && became !== "taken-over";
      if (!mayHelp || saves >= SAVES) throw error;
      await desk.world.clock.sleep(SAVE_AGAIN_MS * 2 ** (saves - 1));
    }
  }
}

/** The claim is laid onto the document as it is by now, unless it was saved after all, or is another worker's. */
async function whatBecame(desk: Desk, before: Claim): Promise<"saved" | "open" | "taken-over"> {
  const stored = await desk.store.get<BookingDoc>(bookingRef(desk.key));
  const claim = claimOf(desk);
  const saved = stored?.data.claim;
  if (stored === undefined || saved?.marker !== before.marker) return "taken-over";
  const isSaved = saved.until === claim.until && claim.until !== before.until;
  if (!isSaved && saved.until !== before.until) return "taken-over";
  desk.booking = isSaved ? stored.data : { ...stored.data, claim };
  desk.bookingVersion = stored.version;
  if (!isSaved) return "open";
  desk.storedBooking = stored.data;
  desk.claimed = saved.until;
  desk.along = [];
  desk.counts = [];
  return "saved";
}

/** Saves the claim before the next call; `wake` also makes the sweep look after it. */
export async function commitClaim(desk: Desk, claim: Claim, wake: boolean): Promise<void> {
  desk.booking = { ...desk.booking, claim };
  if (wake) desk.map = { ...desk.map, dirty: true, nextAttempt: claim.until };
  await (wake ? commitBoth(desk) : commitBooking(desk));
  desk.claimed = claim.until;
}

/** Goes along with the next commit of the claim, whichever that is. */
export function noteGiven(desk: Desk): void {
  desk.booking = { ...desk.booking, claim: { ...claimOf(desk), given: true } };
}
