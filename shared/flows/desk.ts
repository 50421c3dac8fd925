import { findWorkspace, policyOf, type ResourceConfig, type WorkspaceConfig } from "../config.ts";
import { LockstepError } from "../errors.ts";
import type { BookingSource, SourceBooking } from "../ports/booking-source.ts";
import type { Calendar } from "../ports/calendar.ts";
import { ABSENT, type DocumentStore, type Stored, type Write } from "../ports/store.ts";
import type { BookingObservation } from "../sync/booking.ts";
import { type Content, pick } from "../sync/content.ts";
import type { Capabilities, Known } from "../sync/event-map.ts";
import { grade } from "../sync/evidence.ts";
import type { Policy } from "../sync/policy.ts";
import type { Instant } from "../sync/time.ts";
import type { AgendaDoc } from "./agenda-document.ts";
import {
  type BookingDoc,
  type BookingKey,
  bookingKey,
  bookingRef,
  type Done,
  type EventMap,
  type Failure,
  mapRef,
  type Occupied,
  type Seen,
} from "./documents.ts";
import { shownFields } from "./enriched-fields.ts";
import { renderContent } from "./render.ts";
import type { World } from "./world.ts";

/** Which (booking, resource) a turn is about. */
export interface Place {
  readonly ws: string;
  readonly resource: string;
  readonly source: string;
  readonly bookingId: string;
}

/** Counts of the run that brought the news (law 5). */
export interface Run {
  readonly id: string;
  readonly absent: number;
  /** Of them on this resource, where the run looked at several. */
  readonly absentHere?: number;
}

/** Everything one worker has on its desk during one turn: two documents and what it reads and does. */
export interface Desk {
  readonly world: World;
  readonly place: Place;
  readonly key: BookingKey;
  readonly now: Instant;
  readonly workspace: WorkspaceConfig;
  readonly resource: ResourceConfig;
  readonly policy: Policy;
  readonly store: DocumentStore;
  readonly source: BookingSource;
  readonly calendar: Calendar;
  readonly run: Run;
  map: EventMap;
  mapVersion: string;
  /** What stands in the store, to write only what changed. */
  storedMap: EventMap | undefined;
  booking: BookingDoc;
  bookingVersion: string;
  storedBooking: BookingDoc | undefined;
  /** The booking as read in this turn. */
  truth: SourceBooking | undefined;
  truthRead: boolean;
  /** When the booking was read last in this turn. */
  readAt: Instant;
  eventRead: boolean;
  /** The event as read last names the booking by an id it had before. */
  misnamed: boolean;
  /** A person approved that this event becomes ours: until it is marked, it counts as marked (S14). */
  adopting: boolean;
  /** Its event was left behind, and is taken in: somebody may be about to remove it as a twin. */
  takenIn: boolean;
  /** The room's agenda by week, as far as it was read. */
  readonly agenda: Map<string, Stored<AgendaDoc> | undefined>;
  /** Whether a map stands behind an entry of the agenda, as far as that was asked. */
  readonly standing: Map<string, boolean>;
  /** What the booking takes of the room, by what is known in this turn. */
  occupancy: Occupied | undefined;
  /** Writes that go along with the next commit of the booking, the final one at the latest: holds, review items. */
  along: Write[];
  /** The breaker's counts; they go along with the commit before the call they count, so that no race loses one. */
  counts: Write[];
  done: Done[];
  /** Until when this turn has claimed the booking for a move, as it saved it last: after a conflict it goes on with it. */
  claimed: Instant | undefined;
  /** When the change that is carried was made; see `changedAt`. */
  since: Instant | undefined;
  /** What made Lockstep look, for the journal. */
  saw: string;
  /** The effect that failed last, for explain (S55). */
  failed: Pick<Failure, "rule" | "effect">;
  note: string | undefined;
}

/** Opens both documents of a place in one round trip. Throws NOT_FOUND for a resource the configuration lacks. */
export async function openDesk(world: World, place: Place, run: Run): Promise<Desk> {
  const store = world.store(place.ws);
  const key = bookingKey(place.source, place.bookingId);
  const [map, booking] = await store.getMany([mapRef(key, place.resource), bookingRef(key)]);
  // Proof: only this program writes these collections, with these shapes.
  return layOut(world, place, run, map as Stored<EventMap> | undefined, booking as Stored<BookingDoc> | undefined);
}

/** A desk over documents that are read already. */
export function layOut(
  world: World,
  place: Place,
  run: Run,
  map: Stored<EventMap> | undefined,
  booking: Stored<BookingDoc> | undefined,
): Desk {
  const { workspace, resource } = settingsOf(world, place);
  const now = world.clock.now();
  return {
    world,
    place,
    key: bookingKey(place.source, place.bookingId),
    now,
    workspace,
    resource,
    policy: policyOf(workspace, resource),
    store: world.store(place.ws),
    source: world.source(place.ws, place.source),
    calendar: world.calendar(place.ws, resource.calendar),
    run,
    map: map?.data ?? blankMap(place, resource.calendar, booking?.data),
    mapVersion: map?.version ?? ABSENT,
    storedMap: map?.data,
    booking: booking?.data ?? blankBooking(place, now),
    bookingVersion: booking?.version ?? ABSENT,
    storedBooking: booking?.data,
    truth: undefined,
    truthRead: false,
    readAt: now,
    eventRead: false,
    misnamed: false,
    adopting: false,
    takenIn: false,
    agenda: new Map(),
    standing: new Map(),
    occupancy: map?.data.occupancy,
    along: [],
    counts: [],
    done: [],
    claimed: undefined,
    since: undefined,
    saw: "",
    failed: {},
    note: undefined,
  };
}

export function settingsOf(
  world: World,
  place: Pick<Place, "ws" | "resource">,
): { workspace: WorkspaceConfig; resource: ResourceConfig } {
  const workspace = findWorkspace(world.config, place.ws);
  const known = workspace !== undefined && Object.hasOwn(workspace.resources, place.resource);
  const resource = known ? workspace.resources[place.resource] : undefined;
  if (workspace === undefined || resource === undefined) {
    throw new LockstepError("NOT_FOUND", { detail: `No resource ${place.resource} in workspace ${place.ws}.` });
  }
  return { workspace, resource };
}

/** A map before anything was done for it. */
export function blankMap(place: Place, calendarId: string, booking: BookingDoc | undefined): EventMap {
  return {
    key: bookingKey(place.source, place.bookingId),
    source: place.source,
    bookingId: place.bookingId,
    resource: place.resource,
    calendarId,
    eventId: "",
    incarnation: booking?.incarnations?.[place.resource] ?? 0,
    status: "pending",
    dirty: false,
    nextAttempt: "",
    attempts: 0,
    endsAt: "",
    since: "",
    restored: 0,
    journal: [],
  };
}

function blankBooking(place: Place, now: Instant): BookingDoc {
  return {
    key: bookingKey(place.source, place.bookingId),
    source: place.source,
    bookingId: place.bookingId,
    resources: [],
    firstSeen: now,
    statusSince: now,
    formerIds: [],
    deliveries: [],
  };
}

/** What the booking says on this resource's calendar; undefined while it was never read. */
export function contentOf(desk: Desk): Content | undefined {
  const { seen } = desk.booking;
  if (seen === undefined) return undefined;
  return renderContent(desk.resource, { id: desk.place.bookingId, span: seen.span, fields: shownFields(desk.booking) });
}

/** What of a content a calendar keeps as it is written: that alone shows whether somebody changed it (S48). */
export function saidThere({ calendar }: Pick<Desk, "calendar">, content: Content): Content {
  return pick(content, calendar.capabilities.authored);
}

/** The values a decision is taken from. */
export function knownOf(desk: Desk): Known {
  const { map, booking, policy } = desk;
  const said = contentOf(desk);
  return {
    now: desk.now,
    resource: desk.place.resource,
    policy: map.overrule?.kind === "restore" ? { ...policy, calendarDeletion: "restore" } : policy,
    capabilities: capabilitiesFor(desk),
    booking: observedBooking(desk),
    event: map.event,
    hasEvent: map.eventId !== "" && (map.intent === undefined || map.event !== undefined),
    base: map.base,
    ...(said === undefined ? {} : { said }),
    ...(map.followed === undefined ? {} : { followed: map.followed }),
    ...(desk.occupancy?.givesWay === undefined ? {} : { givesWay: desk.occupancy.givesWay }),
    ...(desk.occupancy?.closedBy === undefined ? {} : { closed: true }),
    ...(desk.occupancy?.meets === undefined ? {} : { clashes: true }),
    restored: map.overrule?.kind === "restore" ? 0 : map.restored,
    ...(booking.changed === undefined ? {} : { bookingChanged: booking.changed }),
    ...editedAt(map),
  };
}

/** It takes place no more, or under another id. */
const GONE: ReadonlySet<string> = new Set<Seen["status"]>(["absent", "cancelled", "rescheduled"]);

/**
 * What can be written for this booking: booked anew on one resource, it would be lost on its others (S22). One that is
 * shown at a person's word though its source no longer has it can be changed nowhere, nor a closure.
 */
function capabilitiesFor({ booking, source, truth }: Desk): Capabilities {
  const { moves, cancels, capabilities } = source;
  if (GONE.has(booking.seen?.status ?? "") || booking.seen?.fixed === true)
    return { cancel: false, writes: [], changeResource: false };
  const { writes } = capabilities;
  const isOnSeveral = Math.max(booking.resources.length, truth?.resources.length ?? 0) > 1;
  return {
    cancel: cancels,
    writes: isOnSeveral && moves === "rebook" ? writes.filter((field) => field !== "span") : writes,
    changeResource: moves !== "none" && !isOnSeveral,
  };
}

/** When the event first differed; while that is new, the version it was seen with (R14). */
function editedAt({ event, eventEdited }: EventMap): Pick<Known, "eventEdited"> {
  const at = eventEdited ?? event?.updated;
  return at === undefined ? {} : { eventEdited: at };
}

function observedBooking(desk: Desk): BookingObservation | undefined {
  const { booking, map } = desk;
  const content = contentOf(desk);
  if (booking.seen === undefined || content === undefined) return undefined;
  const { status, span } = booking.seen;
  const graded = grade({
    now: desk.now,
    policy: desk.policy,
    found: status === "absent" ? undefined : { status, span, content, resources: booking.resources },
    evidence: booking.seen.missing === true ? "missing" : "seen",
    since: booking.statusSince,
    wasLive: map.base !== undefined,
    lastSpan: span,
    mailCancelled: booking.mailSays?.kind === "cancelled",
  });
  // Once its event is deleted too, there is nothing left that a person's word could keep.
  const isKept = map.overrule?.kind === "keep" && booking.statusSince <= map.overrule.at;
  const kept = isKept && map.event?.kind !== "deleted";
  if (kept && graded.kind === "cancelled") {
    return { kind: "live", content, resources: [desk.place.resource] };
  }
  return graded;
}

/** True where an earlier turn left something behind: then even old news is worked on. */
export function isUnfinished(desk: Desk): boolean {
  const { map, booking } = desk;
  return map.dirty || map.intent !== undefined || booking.claim !== undefined || isEnding(desk);
}

/** True while our event is known to be on its way out by our own hand, here or where people carried it. */
export function isEnding({ map, booking }: Desk): boolean {
  return map.eventId !== "" && Object.values(booking.ending ?? {}).includes(map.eventId);
}

/** The map's document as a write on the version this desk has. */
export function putMap(desk: Desk): Write {
  return {
    kind: "put",
    ref: mapRef(desk.key, desk.place.resource),
    data: { ...desk.map, touchedAt: desk.world.clock.now() } satisfies EventMap,
    ifVersion: desk.mapVersion,
  };
}

/** The booking's document as a write on the version this desk has. */
export function putBooking(desk: Desk): Write {
  return { kind: "put", ref: bookingRef(desk.key), data: desk.booking, ifVersion: desk.bookingVersion };
}

/** Commits the map alone, before a call (R2), and goes on with its new version. */
export async function commitMap(desk: Desk): Promise<void> {
  const [version = ABSENT] = await desk.store.commit([putMap(desk), ...desk.counts]);
  desk.counts = [];
  desk.mapVersion = version;
  desk.storedMap = desk.map;
}

/** Commits both documents before a call, and goes on with their new versions. */
export async function commitBoth(desk: Desk): Promise<void> {
  const writes = [putBooking(desk), putMap(desk), ...desk.along, ...desk.counts];
  const [bookingVersion = ABSENT, mapVersion = ABSENT] = await desk.store.commit(writes);
  desk.along = [];
  desk.counts = [];
  desk.bookingVersion = bookingVersion;
  desk.mapVersion = mapVersion;
  desk.storedBooking = desk.booking;
  desk.storedMap = desk.map;
}

/** Commits the booking alone, before a call, and goes on with its new version. */
export async function commitBooking(desk: Desk): Promise<void> {
  const [version = ABSENT] = await desk.store.commit([putBooking(desk), ...desk.along, ...desk.counts]);
  desk.along = [];
  desk.counts = [];
  desk.bookingVersion = version;
  desk.storedBooking = desk.booking;
}
