import { isDeepStrictEqual } from "node:util";
import type { Where, Write } from "../ports/store.ts";
import { MAX_COUNTED, mayTrip, trips, withinWindow } from "../sync/breaker.ts";
import type { Decided } from "../sync/decide.ts";
import { isDestructive } from "../sync/decision.ts";
import { type BreakerDoc, breakerRef } from "./breaker-doc.ts";
import type { Desk } from "./desk.ts";
import { alertRef, type HeldItem, type HoldDoc, holdRef } from "./documents.ts";

interface Scope {
  readonly name: string;
  /** What the run that brought the news found gone there. */
  readonly runAbsent: number;
  readonly doc: BreakerDoc;
  readonly version: string;
  /** Which maps belong to it. */
  readonly maps: Where;
}

/**
 * The breaker (law 5, R7): lets a destructive decision pass and counts it, or holds it for a person.
 * An explicit cancellation at the source is counted per run alone; what Lockstep derives from an
 * absence or a tombstone also over a sliding hour. It is counted before it is carried out: two rooms
 * that race for the last place of a source cannot both have it.
 */
export async function guard(desk: Desk, decided: Decided): Promise<Decided> {
  if (!isDestructive(decided)) return decided;
  const word = await wordOn(desk, decided);
  if (word === "approved") return decided;
  if (word === "waits") return heldBack(decided);
  const derived = isDerived(decided, desk);
  if (!derived && desk.run.absent <= desk.policy.breakerCount) return decided;
  const scopes = await loadScopes(desk);
  for (const scope of scopes) {
    if (await isTripped(desk, scope, derived)) return hold(desk, decided, scope);
  }
  if (derived) desk.counts = scopes.map((scope) => count(desk, scope));
  return decided;
}

function isDerived(decided: Decided, desk: Desk): boolean {
  return cancelsBooking(decided) || desk.booking.seen?.status === "absent";
}

/** What a person said to the hold it is on; `waits`: approved, and undoing is free until the bookings' time has come. */
async function wordOn(desk: Desk, decided: Decided): Promise<"approved" | "waits" | undefined> {
  if (desk.map.holdId === undefined) return undefined;
  const hold = (await desk.store.get<HoldDoc>(holdRef(desk.map.holdId)))?.data;
  if (hold?.status !== "approved") return undefined;
  return cancelsBooking(decided) && (hold.carryOutAt ?? "") > desk.now ? "waits" : "approved";
}

function cancelsBooking({ effects }: Decided): boolean {
  return effects.some(({ kind }) => kind === "cancel-booking");
}

async function loadScopes(desk: Desk): Promise<Scope[]> {
  const { calendarId } = desk.map;
  const { source } = desk.place;
  const { absent, absentHere = absent } = desk.run;
  const scopes: Pick<Scope, "name" | "maps" | "runAbsent">[] = [
    {
      name: `calendar:${calendarId}`,
      maps: { field: "calendarId", op: "==", value: calendarId },
      runAbsent: absentHere,
    },
    { name: `source:${source}`, maps: { field: "source", op: "==", value: source }, runAbsent: absent },
  ];
  const docs = await desk.store.getMany(scopes.map(({ name }) => breakerRef(name)));
  return scopes.map((scope, index) => {
    const stored = docs[index];
    // Proof: only this file writes breakers.
    const doc = (stored?.data as BreakerDoc | undefined) ?? { scope: scope.name, counted: [] };
    return { ...scope, doc, version: stored?.version ?? "absent" };
  });
}

/** The items of a scope are counted only where their number can matter. */
async function isTripped(desk: Desk, { doc, maps, runAbsent }: Scope, derived: boolean): Promise<boolean> {
  const item = { key: mapName(desk), since: desk.map.since, derived };
  const state = { counted: doc.counted, runAbsent, openHold: doc.openHold !== undefined };
  if (!mayTrip(state, item, desk.policy, desk.now)) return false;
  return trips({ ...state, future: await countFuture(desk, maps) }, item, desk.policy, desk.now);
}

function countFuture(desk: Desk, maps: Where): Promise<number> {
  return desk.store.count({
    collection: "eventMaps",
    where: [maps, { field: "status", op: "==", value: "active" }, { field: "endsAt", op: ">", value: desk.now }],
  });
}

function count(desk: Desk, scope: Scope): Write {
  const entry = { at: desk.now, key: mapName(desk), since: desk.map.since };
  const others = withinWindow(scope.doc.counted, desk.now).filter((counted) => counted.key !== entry.key);
  const counted = [...others, entry].slice(-MAX_COUNTED);
  return { kind: "put", ref: breakerRef(scope.name), data: { ...scope.doc, counted }, ifVersion: scope.version };
}

/** Puts the decision on the scope's open hold, or opens one, with an alert. */
async function hold(desk: Desk, decided: Decided, scope: Scope): Promise<Decided> {
  const id = scope.doc.openHold ?? `${scope.name}~${desk.now}`;
  const stored = await desk.store.get<HoldDoc>(holdRef(id));
  const held = stored?.data.items ?? [];
  const item = heldItem(desk, decided);
  // Looked at again while it waits, it is on the list already: that costs no write (law 7).
  if (!held.some((each) => isDeepStrictEqual(each, item))) {
    const items = [...held.filter((each) => each.key !== desk.key), item];
    const blank = { id, kind: "breaker", scope: scope.name, status: "open", openedAt: desk.now } as const;
    const doc: HoldDoc = { ...(stored?.data ?? blank), items };
    desk.along.push({ kind: "put", ref: holdRef(id), data: doc, ifVersion: stored?.version ?? "absent" });
  }
  if (scope.doc.openHold === undefined) desk.along.push(...openHold(desk, scope, id));
  desk.map = { ...desk.map, holdId: id };
  return heldBack(decided);
}

function heldBack(decided: Decided): Decided {
  return { ...decided, rule: "held-by-breaker", effects: [], agreed: [], lost: [], kept: [], status: "held" };
}

function openHold(desk: Desk, scope: Scope, id: string): Write[] {
  desk.world.log.write("WARNING", "breaker tripped", {
    ws: desk.place.ws,
    scope: scope.name,
    holdId: id,
    runId: desk.run.id,
  });
  const alert = {
    id: `held~${scope.name}`,
    kind: "held",
    subject: scope.name,
    detail: `More would be cancelled or deleted on ${scope.name} than the breaker allows. Approve or reject hold ${id}.`,
    status: "open",
    openedAt: desk.now,
  };
  return [
    { kind: "put", ref: breakerRef(scope.name), data: { ...scope.doc, openHold: id }, ifVersion: scope.version },
    { kind: "put", ref: alertRef(alert.id), data: alert },
  ];
}

function heldItem(desk: Desk, decided: Decided): HeldItem {
  const { key, place, map } = desk;
  return {
    key,
    bookingId: place.bookingId,
    source: place.source,
    resource: place.resource,
    calendarId: map.calendarId,
    eventId: map.eventId,
    would: cancelsBooking(decided) ? "cancel-booking" : "remove-event",
    reason: decided.rule,
  };
}

function mapName(desk: Desk): string {
  return `${desk.key}~${desk.place.resource}`;
}
