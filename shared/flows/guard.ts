import type { Write } from "../ports/store.ts";
import { type BreakerState, MAX_COUNTED, trips, withinWindow } from "../sync/breaker.ts";
import type { Decided } from "../sync/decide.ts";
import { isDestructive } from "../sync/decision.ts";
import type { Desk } from "./desk.ts";
import { alertRef, type BreakerDoc, breakerRef, type HeldItem, type HoldDoc, holdRef } from "./documents.ts";

interface Scope {
  readonly name: string;
  readonly doc: BreakerDoc;
  readonly version: string;
  readonly state: BreakerState;
}

/**
 * The breaker (law 5, R7): lets a destructive decision pass and counts it, or holds it for a person.
 * An explicit cancellation at the source is counted per run alone; what Lockstep derives from an
 * absence or a tombstone also over a sliding hour. Counters and holds travel with the final commit.
 */
export async function guard(desk: Desk, decided: Decided): Promise<Decided> {
  if (!isDestructive(decided)) return decided;
  if (await isApproved(desk)) return decided;
  const derived = isDerived(decided, desk);
  if (!derived && desk.run.absent <= desk.policy.breakerCount) return decided;
  const scopes = await loadScopes(desk);
  const item = { key: mapName(desk), since: desk.map.since, derived };
  const tripped = scopes.find((scope) => trips(scope.state, item, desk.policy, desk.now));
  if (tripped !== undefined) return hold(desk, decided, tripped);
  if (derived) desk.along.push(...scopes.map((scope) => count(desk, scope)));
  return decided;
}

function isDerived(decided: Decided, desk: Desk): boolean {
  return decided.effects.some((effect) => effect.kind === "cancel-booking") || desk.booking.seen?.status === "absent";
}

async function isApproved(desk: Desk): Promise<boolean> {
  if (desk.map.holdId === undefined) return false;
  const held = await desk.store.get<HoldDoc>(holdRef(desk.map.holdId));
  return held?.data.status === "approved";
}

async function loadScopes(desk: Desk): Promise<Scope[]> {
  const names = [
    { name: `calendar:${desk.map.calendarId}`, field: "calendarId", value: desk.map.calendarId },
    { name: `source:${desk.place.source}`, field: "source", value: desk.place.source },
  ];
  const docs = await desk.store.getMany(names.map(({ name }) => breakerRef(name)));
  const scopes: Scope[] = [];
  for (const [index, { name, field, value }] of names.entries()) {
    const stored = docs[index];
    // Proof: only this file writes breakers.
    const doc = (stored?.data as BreakerDoc | undefined) ?? { scope: name, counted: [] };
    scopes.push({ name, doc, version: stored?.version ?? "absent", state: await stateOf(desk, doc, field, value) });
  }
  return scopes;
}

async function stateOf(desk: Desk, doc: BreakerDoc, field: string, value: string): Promise<BreakerState> {
  const future = await desk.store.count({
    collection: "eventMaps",
    where: [
      { field, op: "==", value },
      { field: "status", op: "==", value: "active" },
      { field: "endsAt", op: ">", value: desk.now },
    ],
  });
  return { future, counted: doc.counted, runAbsent: desk.run.absent, openHold: doc.openHold !== undefined };
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
  const items = [...(stored?.data.items ?? []).filter((item) => item.key !== desk.key), heldItem(desk, decided)];
  const doc: HoldDoc = {
    ...(stored?.data ?? { id, kind: "breaker", scope: scope.name, status: "open", openedAt: desk.now }),
    items,
  };
  desk.along.push({ kind: "put", ref: holdRef(id), data: doc, ifVersion: stored?.version ?? "absent" });
  if (scope.doc.openHold === undefined) desk.along.push(...openHold(desk, scope, id));
  desk.map = { ...desk.map, holdId: id };
  return {
    ...decided,
    rule: "held-by-breaker",
    effects: [],
    agreed: [],
    lost: [],
    kept: [],
    status: "held",
  };
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
  const cancels = decided.effects.some((effect) => effect.kind === "cancel-booking");
  return {
    key,
    bookingId: place.bookingId,
    source: place.source,
    resource: place.resource,
    calendarId: map.calendarId,
    eventId: map.eventId,
    would: cancels ? "cancel-booking" : "remove-event",
    reason: decided.rule,
  };
}

function mapName(desk: Desk): string {
  return `${desk.key}~${desk.place.resource}`;
}
