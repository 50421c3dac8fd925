import { workspaceOf } from "../config.ts";
import { isError, LockstepError } from "../errors.ts";
import type { RebookingSource, SourceBooking, UpdatingSource } from "../ports/booking-source.ts";
import type { DocumentStore, Stored, Write } from "../ports/store.ts";
import { type Instant, later } from "../sync/time.ts";
import { letGoOn } from "./backfill.ts";
import { type BreakerDoc, breakerRef } from "./breaker-doc.ts";
import {
  type AlertDoc,
  alertRef,
  type BookingDoc,
  bookingRef,
  type EventMap,
  type HeldItem,
  type HoldDoc,
  holdRef,
  mapRef,
} from "./documents.ts";
import { publishBookingHint } from "./publish.ts";
import { ensureReview } from "./review.ts";
import type { World } from "./world.ts";

/** So long whoever decided has the matter in hand; then the job takes up what is left of it. */
const IN_HAND_MS = 120_000;

/**
 * Lets what was held go on: events are removed at once, bookings cancelled from `carryOutAt` on (see
 * `carry-out-decided.ts`). Throws NOT_FOUND; INVALID_STATE where it was decided before.
 */
export async function approveHold(world: World, ws: string, id: string, actor: string): Promise<HoldDoc> {
  const hold = await decideHold(world, ws, id, actor, "approved");
  if (hold.data.carryOutAt === undefined) return carryOutDecision(world, ws, hold);
  const atOnce = hold.data.items.filter((item) => !cancels(item));
  await askAgain(world, ws, atOnce, whyOf(hold.data));
  return hold.data;
}

/**
 * What a decision asks for, item by item; then the hold says that nothing is left of it. Repeating it after a death in between
 * does nothing twice.
 */
export async function carryOutDecision(
  world: World,
  ws: string,
  { ref, data, version }: Stored<HoldDoc>,
): Promise<HoldDoc> {
  const { carryOutAt: _until, takeUpAt: _done, ...hold } = data;
  if (hold.kind === "adoption" && hold.status === "approved") await letGoOn(world, ws, hold);
  const rebooked = hold.status === "undone" ? await undoItems(world, ws, hold) : [];
  if (hold.status === "rejected" && hold.kind === "breaker")
    for (const item of hold.items) await overrule(world, ws, item);
  if (hold.status !== "undone") await askAgain(world, ws, hold.items, whyOf(hold));
  const done: HoldDoc = { ...hold, ...(rebooked.length > 0 && { rebooked }) };
  await world.store(ws).commit([{ kind: "put", ref, data: done, ifVersion: version }]);
  return done;
}

/** What the journal of each booking says of a decision: whose it was. */
function whyOf({ id, status, decidedBy = "nobody" }: HoldDoc): string {
  return `hold ${id} ${status} by ${decidedBy}`;
}

function cancels({ would }: HeldItem): boolean {
  return would === "cancel-booking";
}

/**
 * Refuses what was held. Events whose deletion was held stay; bookings whose cancellation was held
 * stay too, and their events are put back. A rejected adoption leaves those events alone.
 */
export async function rejectHold(world: World, ws: string, id: string, actor: string): Promise<HoldDoc> {
  return carryOutDecision(world, ws, await decideHold(world, ws, id, actor, "rejected"));
}

/**
 * Takes an approval back: events that were deleted are made again under the same maps; bookings that
 * were cancelled are booked again, if the slot is still free, under a new id; not those that others cancelled
 * meanwhile. What was not carried out yet is refused, and takes nothing away. `rebooked` names the new ids. Throws
 * INVALID_STATE for an adoption, and for what was not approved.
 */
export async function undoHold(world: World, ws: string, id: string, actor: string): Promise<HoldDoc> {
  const before = await loadHold(world.store(ws), id);
  if (before.data.kind === "adoption" || before.data.status !== "approved") {
    throw new LockstepError("INVALID_STATE", {
      detail: `Hold ${id} cannot be undone: only an approved hold of the breaker can (this one: ${before.data.kind}, ${before.data.status}).`,
    });
  }
  return carryOutDecision(world, ws, await saveDecision(world, ws, before, actor, "undone", []));
}

async function undoItems(world: World, ws: string, hold: HoldDoc): Promise<NonNullable<HoldDoc["rebooked"]>> {
  const rebooked: NonNullable<HoldDoc["rebooked"]>[number][] = [];
  for (const item of hold.items) {
    const newId = await undoItem(world, ws, hold, item);
    if (newId !== undefined) rebooked.push({ bookingId: item.bookingId, newId });
  }
  return rebooked;
}

async function loadHold(store: DocumentStore, id: string): Promise<Stored<HoldDoc>> {
  const stored = await store.get<HoldDoc>(holdRef(id));
  if (stored === undefined) throw new LockstepError("NOT_FOUND", { detail: `There is no hold ${id}.` });
  return stored;
}

async function decideHold(
  world: World,
  ws: string,
  id: string,
  actor: string,
  status: "approved" | "rejected",
): Promise<Stored<HoldDoc>> {
  const store = world.store(ws);
  const stored = await loadHold(store, id);
  if (stored.data.status !== "open") {
    throw new LockstepError("INVALID_STATE", { detail: `Hold ${id} is ${stored.data.status} already.` });
  }
  return saveDecision(world, ws, stored, actor, status, await releaseScope(store, stored.data));
}

async function saveDecision(
  world: World,
  ws: string,
  stored: Stored<HoldDoc>,
  actor: string,
  status: HoldDoc["status"],
  along: readonly Write[],
): Promise<Stored<HoldDoc>> {
  const { carryOutAt: _before, ...hold } = stored.data;
  const decidedAt = world.clock.now();
  const takeUpAt = later(decidedAt, IN_HAND_MS);
  const decided: HoldDoc = { ...hold, status, decidedAt, decidedBy: actor, takeUpAt };
  const data = status === "approved" ? withDelay(decided, workspaceOf(world.config, ws).undoSeconds) : decided;
  const put: Write = { kind: "put", ref: stored.ref, data, ifVersion: stored.version };
  const [version = ""] = await world.store(ws).commit([put, ...along]);
  world.log.write("NOTICE", "hold decided", { ws, holdId: data.id, decision: status, actor });
  return { ref: stored.ref, data, version };
}

/** Bookings wait for a free undo: cancelled, they could only be booked anew. */
function withDelay(hold: HoldDoc, seconds: number): HoldDoc {
  if (seconds === 0 || hold.decidedAt === undefined || !hold.items.some(cancels)) return hold;
  const carryOutAt = later(hold.decidedAt, seconds * 1000);
  return { ...hold, carryOutAt, takeUpAt: carryOutAt };
}

/** The breaker closes again, and its alert with it. */
async function releaseScope(store: DocumentStore, hold: HoldDoc): Promise<Write[]> {
  const kind = hold.kind === "adoption" ? "adoption" : "held";
  const subject = hold.kind === "adoption" ? hold.scope.replace(/^calendar:/, "") : hold.scope;
  const [breaker, alert] = await store.getMany([breakerRef(hold.scope), alertRef(`${kind}~${subject}`)]);
  const writes: Write[] = [];
  if (breaker !== undefined) {
    // Proof: only Lockstep writes breakers and alerts, with these shapes.
    const { openHold: _released, ...doc } = breaker.data as BreakerDoc;
    writes.push({ kind: "put", ref: breaker.ref, data: doc, ifVersion: breaker.version });
  }
  if (alert !== undefined) {
    const closed: AlertDoc = { ...(alert.data as AlertDoc), status: "closed" };
    writes.push({ kind: "put", ref: alert.ref, data: closed, ifVersion: alert.version });
  }
  return writes;
}

async function askAgain(world: World, ws: string, items: readonly HeldItem[], why: string): Promise<void> {
  for (const item of items) await publishBookingHint(world, { ws, ...item }, why);
}

/** Writes a person's word into the map; the next turn obeys it. */
async function overrule(world: World, ws: string, item: HeldItem): Promise<void> {
  const store = world.store(ws);
  for (let races = 0; races < 5; races++) {
    const stored = await store.get<EventMap>(mapRef(item.key, item.resource));
    if (stored === undefined) return;
    const kind = item.would === "cancel-booking" ? "restore" : "keep";
    const data: EventMap = { ...stored.data, overrule: { kind, at: world.clock.now() } };
    try {
      await store.commit([{ kind: "put", ref: stored.ref, data, ifVersion: stored.version }]);
      return;
    } catch (error) {
      if (!isError(error, "STORE_CONFLICT")) throw error;
    }
  }
  throw new LockstepError("STORE_CONFLICT", {
    detail: `The map of booking ${item.bookingId} kept changing; try again.`,
  });
}

/** Answers the new id, where it was booked anew. */
async function undoItem(world: World, ws: string, hold: HoldDoc, item: HeldItem): Promise<string | undefined> {
  const map = await world.store(ws).get<EventMap>(mapRef(item.key, item.resource));
  if (!cancels(item) || map?.data.status !== "cancelled") {
    await overrule(world, ws, item);
    await askAgain(world, ws, [item], whyOf(hold));
    return undefined;
  }
  if (wasOurs(map.data, hold.openedAt)) return bookAgain(world, ws, item, whyOf(hold));
  return undoFailed(world, ws, item, "it is not known to have been cancelled by Lockstep");
}

/** The journal says who cancelled it: what its staff or guest ended does not come back (law 4). */
function wasOurs({ journal }: EventMap, since: Instant): boolean {
  return journal.some(
    ({ at, effects }) =>
      at >= since && effects.some(({ effect, answer }) => effect === "cancel-booking" && answer === "cancelled"),
  );
}

/** What was cancelled takes place again: under its own id where the source can, else booked anew. */
async function bookAgain(world: World, ws: string, item: HeldItem, why: string): Promise<string | undefined> {
  const source = world.source(ws, item.source);
  try {
    if (source.moves === "update") return await enableAgain(world, ws, source, item, why);
    if (source.moves === "rebook") return await bookAnew(world, ws, source, item, why);
    return await undoFailed(world, ws, item, "its source takes no bookings");
  } catch (error) {
    if (!isError(error, "SLOT_TAKEN", "PROVIDER_REFUSED", "BOOKING_CHANGED")) throw error;
    return undoFailed(world, ws, item, error.code === "SLOT_TAKEN" ? "its slot is taken" : "its source refuses it");
  }
}

async function enableAgain(
  world: World,
  ws: string,
  source: UpdatingSource,
  item: HeldItem,
  why: string,
): Promise<undefined> {
  await source.enable(item.bookingId);
  world.log.write("NOTICE", "booking enabled again", { ws, appointmentId: item.bookingId });
  await askAgain(world, ws, [item], why);
}

/** Books a cancelled booking again, once: the marker finds what an earlier try booked. */
async function bookAnew(
  world: World,
  ws: string,
  source: RebookingSource,
  item: HeldItem,
  why: string,
): Promise<string | undefined> {
  const stored = await world.store(ws).get<BookingDoc>(bookingRef(item.key));
  const seen = stored?.data.seen;
  const name = world.config.workspaces[ws]?.resources[item.resource]?.sourceName;
  if (seen === undefined || name === undefined) return undoFailed(world, ws, item, "what it was is no longer known");
  const marker = `${item.bookingId}-undo`;
  const [earlier] = await source.findByMarker(marker, seen.span);
  if (earlier !== undefined) {
    await askAgain(world, ws, [{ ...item, bookingId: earlier.id }], why);
    return earlier.id;
  }
  if ((await source.available({ resource: name, span: seen.span })) === "taken") {
    return undoFailed(world, ws, item, "its slot is taken");
  }
  const like: SourceBooking = { ...seen, status: "cancelled", id: item.bookingId, resources: [name], hash: "" };
  const { id } = await source.book({ resource: name, span: seen.span, marker, like });
  world.log.write("NOTICE", "booking booked again under a new id", { ws, appointmentId: item.bookingId, newId: id });
  await askAgain(world, ws, [{ ...item, bookingId: id }], why);
  return id;
}

async function undoFailed(world: World, ws: string, item: HeldItem, why: string): Promise<undefined> {
  const detail = `Booking ${item.bookingId} on ${item.resource} could not be booked again: ${why}.`;
  const { key, resource, calendarId } = item;
  await ensureReview(
    world.store(ws),
    { id: `undo-failed~${key}~${resource}`, kind: "undo-failed", detail, key, resource, calendarId },
    world.clock.now(),
  );
}
