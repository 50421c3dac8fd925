import { ERRORS, isError, isOurOwnFailure, type LockstepError } from "../errors.ts";
import type { CreatedKind, NewBooking, SourceBooking } from "../ports/booking-source.ts";
import type { CalendarEvent } from "../ports/calendar.ts";
import { ABSENT, type Stored, type Write } from "../ports/store.ts";
import { type Content, pick } from "../sync/content.ts";
import { later } from "../sync/time.ts";
import { isCarriedHere } from "./carried-meeting.ts";
import { ensureConnected } from "./connect-calendar.ts";
import { openDesk, type Place, type Run, settingsOf } from "./desk.ts";
import { type CalendarDoc, calendarRef, type EventMap, type ImportDoc, importRef, mapRef } from "./documents.ts";
import { importIdOf, importKeyOf, nextKey } from "./import-key.ts";
import { linkImport } from "./import-link.ts";
import { importAwaiting, importKind, isChanged, isImportable, reviewOfImport } from "./importable.ts";
import { INTENT_MS } from "./intent.ts";
import { asError, outageDelayMs, raiseOutage } from "./park.ts";
import { publishEventHint } from "./publish.ts";
import { closing, openReview } from "./review.ts";
import { takeTurn } from "./turn.ts";
import type { World } from "./world.ts";

/** What a private meeting is called at the booking source: that the room is taken, and no more. */
const BUSY = "Busy";

/** Where an event was seen that no map points at. */
interface Sighting {
  readonly world: World;
  readonly room: Omit<Place, "bookingId">;
  readonly run: Run;
  readonly calendarId: string;
}

/**
 * An event that people made themselves becomes a booking, where the resource's policy says so (`import-meeting`):
 *
 *   read ─▶ import `creating`, with the order ─▶ create, under the import's key ─▶ booking + map + import `done` ─▶ its turn
 *                │        ▲                          │ └──refused──▶ `refused`, a person is told; again when the meeting changes
 *                │        └────── no answer ─────────┘
 *                └─ dying anywhere: the same order under the same key again, by redelivery, sweep, or whoever hears of the booking
 */
export async function considerMeeting(sighting: Sighting, eventId: string): Promise<void> {
  const { world, room, calendarId } = sighting;
  const kind = importKind(world, room);
  if (kind === undefined || !(await ensureConnected(world, room.ws, calendarId))) return;
  const event = await world.calendar(room.ws, calendarId).get(calendarId, eventId);
  const known =
    event?.state === "live" ? await importOf(sighting, event) : await importAwaiting(world, room.ws, eventId);
  if (known?.data.status === "creating") return complete(sighting, kind, known, event);
  if (event === undefined || !isImportable(world, room, event)) {
    if (known?.data.status === "refused") await forget(sighting, known);
    return;
  }
  if (known?.data.status === "done") return bookAgain(sighting, kind, known, event);
  if (known === undefined && (await isCarriedHere(world, room, event))) return;
  await order(sighting, kind, event, known);
}

function importOf({ world, room }: Sighting, event: CalendarEvent): Promise<Stored<ImportDoc> | undefined> {
  return world.store(room.ws).get<ImportDoc>(importRef(importIdOf(room.ws, event)));
}

/**
 * It was a booking before. While that has an event, its own turn finds out whether the two are one that got another id.
 * A booking that ended does not come back by itself (law 4); sent anew, the meeting is another booking.
 */
async function bookAgain(
  sighting: Sighting,
  kind: CreatedKind,
  known: Stored<ImportDoc>,
  event: CalendarEvent,
): Promise<void> {
  const { world, room } = sighting;
  const { bookingKey = "", resource } = known.data;
  const map = await world.store(room.ws).get<EventMap>(mapRef(bookingKey, resource));
  if (map !== undefined && map.data.eventId !== "") {
    if (map.data.eventId === event.id) return;
    return publishEventHint(world, room.ws, resource, map.data.calendarId, map.data.eventId);
  }
  const next = { ...known, data: { ...known.data, key: nextKey(known.data.key) } };
  if (event.id !== known.data.eventId) return order(sighting, kind, event, next);
  await refuse(sighting, next, `it was booking ${bookingKey} before, which has ended`, event);
}

/** The order as it is sent now, and until there is an answer. Committed before the call (R2). */
async function order(
  sighting: Sighting,
  kind: CreatedKind,
  event: CalendarEvent,
  known: Stored<ImportDoc> | undefined,
): Promise<void> {
  const { world, room } = sighting;
  const { span } = event.content;
  if (span === undefined) return;
  await rememberForeignEvents(sighting);
  const { sourceName, source } = settingsOf(world, room).resource;
  const id = importIdOf(room.ws, event);
  const now = world.clock.now();
  const doc: ImportDoc = {
    ...{ key: known?.data.key ?? importKeyOf(id, 0), status: "creating", source, resource: room.resource },
    ...{ calendarId: event.calendarId, eventId: event.id },
    ...(event.series === undefined ? {} : { isOfSeries: true }),
    ...(event.series !== undefined || event.iCalUid === undefined ? {} : { iCalUid: event.iCalUid }),
    order: { kind: kindOf(event, kind), resource: sourceName, span, fields: fieldsOf(event) },
    shown: shownOf(event),
    version: versionOf(event),
    ...{ at: now, dirty: true, nextAttempt: later(now, INTENT_MS), attempts: 0 },
  };
  const ref = importRef(id);
  const [version = ABSENT] = await world
    .store(room.ws)
    .commit([{ kind: "put", ref, data: doc, ifVersion: known?.version ?? ABSENT }]);
  await complete(sighting, kind, { ref, data: doc, version }, event);
}

/** From now on tombstones of foreign ids may be ours on this calendar, whatever becomes of the policy (R13). */
async function rememberForeignEvents({ world, room, calendarId }: Sighting): Promise<void> {
  const stored = await world.store(room.ws).get<CalendarDoc>(calendarRef(calendarId));
  if (stored === undefined || stored.data.adopted) return;
  const data: CalendarDoc = { ...stored.data, adopted: true };
  await world.store(room.ws).commit([{ kind: "put", ref: stored.ref, data, ifVersion: stored.version }]);
}

/** A category that is called like a kind says what the booking is. */
function kindOf({ meeting }: CalendarEvent, otherwise: CreatedKind): CreatedKind {
  const words = (meeting?.categories ?? []).map((word) => word.trim().toLowerCase());
  const kinds: readonly CreatedKind[] = ["event", "booking", "allocation"];
  return kinds.find((kind) => words.includes(kind)) ?? otherwise;
}

function fieldsOf({ content, meeting, isPrivate }: CalendarEvent): NewBooking["fields"] {
  if (isPrivate === true) return { title: BUSY };
  const { name: customer, email } = meeting?.organiser ?? {};
  const words = { title: content.title, notes: meeting?.notes ?? content.description, customer };
  const told = Object.entries({ ...words, ...(isMailAddress(email) && { email }) });
  return Object.fromEntries(told.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));
}

/** Outlook names some people by a path in its directory. */
function isMailAddress(text: string | undefined): boolean {
  return text !== undefined && /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text);
}

/** What a private event is about is not even kept. */
function shownOf({ content, isPrivate }: CalendarEvent): Content {
  return isPrivate === true ? pick(content, ["span"]) : content;
}

function versionOf({ updated, etag }: CalendarEvent): ImportDoc["version"] {
  return { ...(updated === undefined ? {} : { updated }), ...(etag === undefined ? {} : { etag }) };
}

/** Asks for the booking and links it. `event` as it was read now, where it is still there. */
async function complete(
  sighting: Sighting,
  kind: CreatedKind,
  begun: Stored<ImportDoc>,
  event: CalendarEvent | undefined,
): Promise<void> {
  const { world, room, run } = sighting;
  const made = await create(sighting, begun);
  if ("code" in made) {
    if (isOutage(made)) return wait(sighting, begun, made);
    return notMade(sighting, kind, begun, event, made);
  }
  const place: Place = { ws: room.ws, resource: begun.data.resource, source: begun.data.source, bookingId: made.id };
  const desk = await openDesk(world, place, run);
  const live = event?.state === "live" ? event : undefined;
  await linkImport(desk, { ...begun, data: { ...begun.data, eventId: live?.id ?? begun.data.eventId } }, made);
  const saw = `meeting in ${run.id}`;
  await takeTurn(world, place, run, live === undefined ? { saw, hintEvent: true } : { saw, event: live }, desk);
}

async function create({ world, room }: Sighting, { data }: Stored<ImportDoc>): Promise<SourceBooking | LockstepError> {
  const source = world.source(room.ws, data.source);
  if (!source.creates || data.order === undefined) throw new Error("only what can be made is ordered");
  try {
    return await source.create({ key: data.key, ...data.order });
  } catch (error) {
    if (isOurOwnFailure(error)) throw error;
    return asError(error);
  }
}

/** What trying again can help against; a defect of ours is shown like a refusal, and not tried on and on. */
function isOutage(error: LockstepError): boolean {
  return ERRORS[error.code].disposition === "retry" && !isError(error, "INTERNAL", "BOOKING_CHANGED");
}

/** R6: the import waits, and the room goes on. */
async function wait({ world, room }: Sighting, begun: Stored<ImportDoc>, error: LockstepError): Promise<void> {
  const now = world.clock.now();
  const attempts = begun.data.attempts + 1;
  const { calendarId, eventId } = begun.data;
  const data: ImportDoc = {
    ...begun.data,
    attempts,
    nextAttempt: later(now, Math.max(outageDelayMs(attempts), error.retryAfterMs ?? 0)),
    error: { code: error.code, detail: error.message, at: now, rule: "import-meeting", effect: "create-booking" },
  };
  const store = world.store(room.ws);
  await store.commit([{ kind: "put", ref: begun.ref, data, ifVersion: begun.version }]);
  world.log.write("WARNING", "import parked", {
    ...{ ws: room.ws, resource: room.resource, calendarId, eventId, attempts, nextAttempt: data.nextAttempt },
    ...{ code: error.code, providerError: error.provider, detail: error.message },
  });
  await raiseOutage(store, error, calendarId, attempts, now);
}

/** Refused. What changed since it was ordered is tried as it is now; a key whose booking was deleted is used up. */
async function notMade(
  sighting: Sighting,
  kind: CreatedKind,
  begun: Stored<ImportDoc>,
  event: CalendarEvent | undefined,
  error: LockstepError,
): Promise<void> {
  const { world, room } = sighting;
  const { calendarId, eventId } = begun.data;
  world.log.write(error.code === "INTERNAL" ? "ERROR" : "NOTICE", "meeting not imported", {
    ...{ ws: room.ws, resource: room.resource, calendarId, eventId },
    ...{ code: error.code, providerError: error.provider, detail: error.message },
    stack: error.code === "INTERNAL" && error.cause instanceof Error ? error.cause.stack : undefined,
  });
  const isUsedUp = isError(error, "BOOKING_CHANGED");
  const next = isUsedUp ? { ...begun, data: { ...begun.data, key: nextKey(begun.data.key) } } : begun;
  if (event === undefined || !isImportable(world, room, event)) return forget(sighting, next);
  if (!isUsedUp && isChanged(event, begun.data)) return order(sighting, kind, event, next);
  await refuse(sighting, next, reasonOf(error), event);
}

function reasonOf(error: LockstepError): string {
  if (error.code === "SLOT_TAKEN") return "its time is taken there";
  if (error.code === "BOOKING_CHANGED") return "the booking that it was made into was deleted right away";
  return error.message;
}

/** The meeting stays as it is, and a person is told. */
async function refuse(
  { world, room }: Sighting,
  { ref, data, version }: Stored<ImportDoc>,
  why: string,
  event: CalendarEvent,
): Promise<void> {
  const { order: _not, error: _past, ...rest } = data;
  const { resource, calendarId } = data;
  const doc: ImportDoc = {
    ...rest,
    ...{ status: "refused", eventId: event.id, version: versionOf(event) },
    ...{ dirty: false, nextAttempt: "", attempts: 0 },
  };
  const detail = `Meeting ${event.id} on ${resource} did not become a booking: ${why}. It stays on the calendar, and is tried again when it changes or this item is resolved.`;
  const item = { id: reviewOfImport(event.id), kind: "import-refused" as const, detail };
  const now = world.clock.now();
  await world
    .store(room.ws)
    .commit([
      { kind: "put", ref, data: doc, ifVersion: version },
      openReview({ ...item, resource, calendarId, eventId: event.id }, now),
    ]);
}

/** The meeting went, or takes the room no more: there is nothing left to ask. */
async function forget({ world, room }: Sighting, { ref, data, version }: Stored<ImportDoc>): Promise<void> {
  const { order: _not, error: _past, ...rest } = data;
  const doc: ImportDoc = { ...rest, status: "gone", dirty: false, nextAttempt: "", attempts: 0 };
  const writes: Write[] = [{ kind: "put", ref, data: doc, ifVersion: version }];
  const store = world.store(room.ws);
  await store.commit([...writes, ...(await closing(store, reviewOfImport(data.eventId), world.clock.now()))]);
}
