import { isDeepStrictEqual } from "node:util";
import { ABSENT, type Stored, type Write } from "../ports/store.ts";
import { instantsOf } from "../series/wall-time.ts";
import { judge, type Listed, meet, type Occupancy, type Verdict } from "../sync/agenda.ts";
import { type Instant, later } from "../sync/time.ts";
import type { AgendaDoc } from "./agenda-document.ts";
import { type Desk, knownOf } from "./desk.ts";
import { agendaRef, bookingKey, type EventMap, mapRef, type Occupied } from "./documents.ts";
import { publishBookingHint } from "./publish.ts";

const WEEK_MS = 7 * 86_400_000;
/** The first Monday there is in Unix time. */
const MONDAY_MS = 4 * 86_400_000;
/** A reservation counts in so many weeks from its start (law 12). */
const MAX_WEEKS = 60;
/** An agenda of a week that is over is kept so long. */
const KEPT_MS = 30 * 86_400_000;

/**
 * Which reservations take a room is written down per room and week, so that a turn sees what overlaps by one read:
 *
 *   turn of A ── reads the weeks of A's time ─▶ judge (shared/sync/agenda.ts) ─▶ shown, or gives way
 *       └── settles: its entry, in the commit of its map ── whoever is shown otherwise because of it is told, before that
 *
 * Only what its source tells the kind of has an entry: elsewhere this costs nothing.
 */
export async function takeRoom(desk: Desk): Promise<void> {
  const wanted = occupancyOf(desk);
  if (wanted === "as before") return;
  if (wanted === undefined && desk.map.occupancy === undefined) return;
  await loadAgenda(desk, wanted);
  desk.occupancy = wanted === undefined ? undefined : { ...withoutKey(wanted), ...(await verdictOn(desk, wanted)) };
}

/** What the booking takes on this resource by what is known of it; a doubt changes nothing. */
function occupancyOf(desk: Desk): Occupancy | undefined | "as before" {
  const { seen, firstSeen, changed } = desk.booking;
  const { booking } = knownOf(desk);
  if (seen?.kind === undefined || booking === undefined) return undefined;
  if (booking.kind === "doubtful") return "as before";
  if (booking.kind === "cancelled" || !booking.resources.includes(desk.place.resource)) return undefined;
  const { start: from, end: to } = instantsOf(seen.span, desk.resource.timeZone);
  const within = seen.within === undefined ? {} : { within: bookingKey(desk.place.source, seen.within) };
  return {
    ...{ key: desk.key, kind: seen.kind, from, to },
    ...within,
    ...(desk.map.imported === true && { imported: true }),
    changed: seen.modified ?? changed?.before ?? firstSeen,
  };
}

/**
 * The agenda is an index: before anything is taken away at its word, the map of who takes the room is read. One that
 * says otherwise was left behind by a map that is gone, and is dropped.
 */
async function verdictOn(desk: Desk, own: Occupancy): Promise<Verdict> {
  for (;;) {
    const others = othersOf(desk);
    const verdict = judge(own, others);
    const winner = others.find(({ key }) => key === verdict.givesWay?.to);
    if (winner === undefined || (await stands(desk, winner))) return verdict;
  }
}

/** Asked once a turn. */
async function stands(desk: Desk, { key, from }: Listed): Promise<boolean> {
  const known = desk.standing.get(key);
  if (known !== undefined) return known;
  const map = await desk.store.get<EventMap>(mapRef(key, desk.place.resource));
  const isThere = map?.data.occupancy?.from === from;
  desk.standing.set(key, isThere);
  return isThere;
}

/** Whether an entry of the agenda is somebody else's, and no leftover. */
function isOther(desk: Desk, key: string): boolean {
  return key !== desk.key && desk.standing.get(key) !== false;
}

function othersOf(desk: Desk): Listed[] {
  const all = [...desk.agenda.values()].flatMap((stored) => Object.entries(stored?.data.entries ?? {}));
  const others = new Map(all.filter(([key]) => isOther(desk, key)));
  return [...others].map(([key, entry]) => ({ key, ...entry }));
}

async function loadAgenda(desk: Desk, wanted: Occupancy | undefined): Promise<void> {
  const weeks = new Set([...weeksOf(desk.map.occupancy), ...weeksOf(wanted)]);
  const missing = [...weeks].filter((week) => !desk.agenda.has(week));
  if (missing.length === 0) return;
  const stored = await desk.store.getMany(missing.map((week) => agendaRef(desk.place.resource, week)));
  // Proof: only this file writes agendas, with this shape.
  for (const [index, week] of missing.entries()) desk.agenda.set(week, stored[index] as Stored<AgendaDoc> | undefined);
}

/** The Mondays, in UTC, of the weeks it touches. */
function weeksOf(occupancy: Pick<Occupancy, "from" | "to"> | undefined): string[] {
  if (occupancy === undefined) return [];
  const weeks: string[] = [];
  for (let at = mondayOf(occupancy.from); at < occupancy.to && weeks.length < MAX_WEEKS; at = later(at, WEEK_MS)) {
    weeks.push(at.slice(0, 10));
  }
  return weeks;
}

function mondayOf(at: Instant): Instant {
  const since = Date.parse(at) - MONDAY_MS;
  return later(at, -(((since % WEEK_MS) + WEEK_MS) % WEEK_MS));
}

/**
 * The agenda with this turn's outcome, to go along with its commit; nothing where nothing changed. Whoever is shown
 * otherwise because of it is told first (R9).
 */
export async function agendaWrites(desk: Desk): Promise<Write[]> {
  const { occupancy } = desk;
  const weeks = weeksOf(occupancy);
  const before = othersOf(desk);
  const writes: Write[] = [];
  for (const [week, stored] of desk.agenda) {
    const former = stored?.data.entries ?? {};
    const entries = Object.fromEntries(Object.entries(former).filter(([key]) => isOther(desk, key)));
    const next = occupancy !== undefined && weeks.includes(week) ? { ...entries, [desk.key]: occupancy } : entries;
    if (isDeepStrictEqual(next, former)) continue;
    const data: AgendaDoc = { resource: desk.place.resource, week, entries: next };
    const expiresAt = later(`${week}T00:00:00.000Z`, WEEK_MS + KEPT_MS);
    const ref = agendaRef(desk.place.resource, week);
    writes.push({ kind: "put", ref, data, ifVersion: stored?.version ?? ABSENT, expiresAt });
  }
  if (writes.length > 0) await tellConcerned(desk, before);
  return writes;
}

async function tellConcerned(desk: Desk, others: readonly Listed[]): Promise<void> {
  const { occupancy, place } = desk;
  const own = occupancy === undefined ? [] : [{ key: desk.key, ...occupancy }];
  for (const other of others) {
    if (![...own, ...formerOf(desk)].some((each) => meet(each, other))) continue;
    if (meansTheSame(judge(other, [...others, ...own]), other)) continue;
    const bookingId = other.key.slice(`${place.source}:`.length);
    await publishBookingHint(desk.world, { ...place, bookingId }, "another reservation in the room");
  }
}

/** Where the agenda had this booking before. */
function formerOf(desk: Desk): Occupancy[] {
  const entries = [...desk.agenda.values()].flatMap((stored) => stored?.data.entries[desk.key] ?? []);
  return entries.map((entry) => ({ key: desk.key, ...entry }));
}

/** It is shown as before, and nobody is told anything else. */
export function meansTheSame(one: Verdict, other: Verdict): boolean {
  const of = ({ givesWay, meets, closedBy }: Verdict) => [givesWay, meets, closedBy].map((each) => each === undefined);
  return isDeepStrictEqual(of(one), of(other));
}

/** The agenda without this booking, for a map that goes from this resource. */
export async function leaveAgenda(desk: Desk): Promise<Write[]> {
  if (desk.map.occupancy === undefined) return [];
  await loadAgenda(desk, undefined);
  desk.occupancy = undefined;
  return agendaWrites(desk);
}

function withoutKey({ key: _key, ...rest }: Occupancy): Occupied {
  return rest;
}
