import { isError, LockstepError } from "../errors.ts";
import type { AsRead, SourceBooking, UpdatingSource } from "../ports/booking-source.ts";
import type { Decided } from "../sync/decide.ts";
import type { Effect } from "../sync/decision.ts";
import { later, sameSpan } from "../sync/time.ts";
import type { Carried } from "./carried.ts";
import { commitBoth, commitMap, type Desk, settingsOf } from "./desk.ts";
import { logEffect } from "./effect-log.ts";
import { handOver } from "./hand-over.ts";
import { INTENT_MS } from "./intent.ts";
import { putBack } from "./put-back.ts";
import { tellOthersOfMove } from "./tell-others.ts";
import { takeTruth } from "./truth.ts";

type Move = Extract<Effect, { kind: "move-booking" }>;

/** For so long the other resource waits for its event; by then the sweep has looked after a worker that died. */
const ARRIVAL_MS = 600_000;

/**
 * Moves a booking at a source that updates in place, if it still is as the decision knows it (R2, R3):
 *
 *   intent ─▶ update ──taken, refused──▶ put back, ask
 *               │ └──changed meanwhile──▶ BOOKING_CHANGED: both sides are read, and it is decided again
 *               ▼
 *             answer = observation ─▶ the same resource: settle
 *                                  └▶ another one: the map goes along with its event
 *
 * Dying in between loses nothing: whoever looks next finds the booking at the time that the intent names, which is
 * agreed then, whatever the event says by now, or the event beside its booking on the other resource.
 */
export async function moveInPlace(
  desk: Desk,
  source: UpdatingSource,
  decided: Decided,
  effect: Move,
): Promise<Carried> {
  const to = effect.resource === desk.place.resource ? undefined : effect.resource;
  await commitIntent(desk, effect, to);
  const moved = await update(desk, source, effect, to);
  if (typeof moved === "string") return putBack(desk, decided, moved);
  takeTruth(desk, moved);
  desk.done.push({ effect: "move-booking", answer: "moved in place" });
  logEffect(desk, decided, effect, "moved in place");
  if (effect.span !== undefined && !sameSpan(effect.span, moved.span)) return { outcome: "again", decided };
  if (to !== undefined) return follow(desk, decided, to);
  await tellOthersOfMove(desk);
  return { outcome: "done", decided };
}

/** The map follows, and knows before it does that the booking went there: taken back by its staff since, it stays with them. */
async function follow(desk: Desk, decided: Decided, to: string): Promise<Carried> {
  desk.map = { ...desk.map, followed: to };
  await commitMap(desk);
  return handOver(desk, decided, to);
}

async function commitIntent(desk: Desk, { span }: Move, to: string | undefined): Promise<void> {
  const { moving: _former, ...map } = desk.map;
  const said = map.event?.kind === "deleted" ? undefined : map.event?.content.span;
  const isEdit = span !== undefined && said !== undefined && sameSpan(span, said);
  desk.map = { ...map, ...(isEdit ? { moving: span } : {}), dirty: true, nextAttempt: later(desk.now, INTENT_MS) };
  if (to === undefined) return commitMap(desk);
  desk.booking = { ...desk.booking, arriving: { resource: to, until: later(desk.now, ARRIVAL_MS) } };
  return commitBoth(desk);
}

/** The booking as it is then, or why it cannot be moved. An answer of any kind ends the waiting of the other resource. */
async function update(
  desk: Desk,
  source: UpdatingSource,
  { span }: Move,
  to: string | undefined,
): Promise<SourceBooking | "slot-taken" | "time-not-writable"> {
  const { ws, bookingId: id } = desk.place;
  const change = {
    ...{ id, as: asRead(desk) },
    ...(span === undefined ? {} : { span }),
    ...(to === undefined ? {} : { resource: settingsOf(desk.world, { ws, resource: to }).resource.sourceName }),
  };
  try {
    const moved = await source.update(change);
    forgetArrival(desk);
    return moved;
  } catch (error) {
    if (isError(error, "SLOT_TAKEN", "PROVIDER_REFUSED", "BOOKING_CHANGED")) forgetArrival(desk);
    if (isError(error, "SLOT_TAKEN")) return "slot-taken";
    if (isError(error, "PROVIDER_REFUSED")) return "time-not-writable";
    throw error;
  }
}

/**
 * What the decision rests on: what was read in this turn, else the version known before. The hash that is kept may be
 * that of a listing row and not of `seen`: a turn without a version has read (`turn.ts`).
 */
function asRead({ truth, booking }: Desk): AsRead {
  if (truth !== undefined) return truth;
  const version = booking.seen?.version;
  if (version !== undefined) return { version };
  throw new LockstepError("INTERNAL", { detail: "A move was decided on a booking that was not read." });
}

function forgetArrival(desk: Desk): void {
  const { arriving: _over, ...booking } = desk.booking;
  desk.booking = booking;
}
