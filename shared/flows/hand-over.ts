import { ABSENT, type Write } from "../ports/store.ts";
import { type Content, differingFields, FIELDS, type Field, pick } from "../sync/content.ts";
import type { Decided } from "../sync/decide.ts";
import { leaveAgenda } from "./agenda.ts";
import type { Carried } from "./carried.ts";
import { contentOf, type Desk, saidThere, settingsOf } from "./desk.ts";
import { type BookingDoc, bookingRef, type EventMap, mapRef } from "./documents.ts";
import { logEffect } from "./effect-log.ts";
import { withoutEnding } from "./ending.ts";
import { shownFields } from "./enriched-fields.ts";
import { markerFor } from "./marker.ts";
import { publishBookingHint } from "./publish.ts";
import { fieldsOf, movedMap, patchUnderNewName } from "./rekey.ts";
import { renderContent } from "./render.ts";
import { meet, removeTwinUnder } from "./twin.ts";

/**
 * The resource on whose calendar our event stands, where its booking is there too: a move in place whose worker died,
 * or people who moved both. Where they differ beside it is merged there. Undefined: the event is only left behind.
 */
export function whereItFollowed({ map, booking }: Desk): string | undefined {
  const { event } = map;
  return event?.kind === "elsewhere" && booking.resources.includes(event.resource) ? event.resource : undefined;
}

/**
 * Booking and event are on another resource now: the map follows them, in one commit with the booking.
 * An event that was made there meanwhile is a twin, and goes. What was told to that resource while it
 * waited is looked at by its own next turn.
 */
export async function handOver(desk: Desk, decided: Decided, to: string): Promise<Carried> {
  const { ws, bookingId, resource: from } = desk.place;
  const { seen } = desk.booking;
  if (seen === undefined) throw new Error("a booking that was never read has moved nowhere");
  if (await isKnownThere(desk, to)) return leaveTo(desk, decided, to);
  const target = settingsOf(desk.world, { ws, resource: to }).resource;
  const content = renderContent(target, { id: bookingId, span: seen.span, fields: shownFields(desk.booking) });
  const number = (desk.map.base?.agreement ?? 0) + 1;
  const calendar = desk.world.calendar(ws, target.calendar);
  const renamed = pick(content, differingFields(content, contentOf(desk) ?? {}));
  const unsaid = notShownYet(desk, content, renamed);
  const says = unsaid.length === 0 ? saidThere({ calendar }, content) : {};
  const shown = { id: bookingId, fields: shownFields(desk.booking) };
  const properties = markerFor(desk.workspace, target, shown, number, says);
  const patched = await patchUnderNewName(desk, target.calendar, renamed, properties);
  const open = [...fieldsOf(patched.unwritten), ...unsaid];
  desk.done.push({ effect: "patch-event", answer: `handed over to ${to}` });
  const map = movedMap(desk, decided, {
    ...{ key: desk.key, bookingId, resource: to, calendarId: target.calendar, span: seen.span },
    ...{ content, patched, open, number, unseen: true, saw: `moved from ${from}` },
  });
  const { stays, twin } = await commitHandOver(desk, map);
  logEffect(desk, decided, { kind: "patch-event", content: {} }, `handed over to ${to}`);
  if (twin !== undefined) await removeTwinUnder(desk, twin, stays);
  await publishBookingHint(desk.world, { ...desk.place, resource: to }, "moved here");
  return { outcome: "settled", decided };
}

/** What changed on the booking beside its resource: the turn there merges it, as ever. */
function notShownYet(desk: Desk, content: Content, renamed: Content): Field[] {
  const { map } = desk;
  const shows = map.event?.kind === "elsewhere" ? map.event.content : {};
  const unlike = differingFields(content, { ...shows, ...renamed });
  const changed = map.base === undefined ? FIELDS : differingFields(contentOf(desk) ?? {}, map.base.booking);
  return unlike.filter((field) => changed.includes(field));
}

/** The other resource found the event by itself: its map points at it already. */
async function isKnownThere(desk: Desk, to: string): Promise<boolean> {
  const { map } = desk;
  const theirs = await desk.store.get<EventMap>(mapRef(desk.key, to));
  return (
    theirs !== undefined &&
    theirs.data.eventId === ((map.event?.kind === "elsewhere" ? map.event.eventId : undefined) ?? map.eventId)
  );
}

async function leaveTo(desk: Desk, decided: Decided, to: string): Promise<Carried> {
  await publishBookingHint(desk.world, { ...desk.place, resource: to }, "moved here");
  await desk.store.commit([...departure(desk), ...(await leaveAgenda(desk)), ...desk.along]);
  return { outcome: "settled", decided };
}

/** The booking without what this resource knew of it; its next event here begins a new incarnation (R2). */
function departure(desk: Desk): Write[] {
  const { resource } = desk.place;
  const { arriving: _arrived, ...booking } = withoutEnding(desk.booking, desk.map.eventId);
  const next: BookingDoc = {
    ...booking,
    incarnations: { ...booking.incarnations, [resource]: desk.map.incarnation + 1 },
  };
  return [
    { kind: "put", ref: bookingRef(desk.key), data: next, ifVersion: desk.bookingVersion },
    { kind: "delete", ref: mapRef(desk.key, resource), ifVersion: desk.mapVersion },
  ];
}

/** Answers what became of an event that the other resource had for this booking, where it is not ours. */
async function commitHandOver(desk: Desk, map: EventMap) {
  const ref = mapRef(desk.key, map.resource);
  const theirs = await desk.store.get<EventMap>(ref);
  const met = await meet(desk, map, theirs?.data);
  const arrival: Write = { kind: "put", ref, data: met.stays, ifVersion: theirs?.version ?? ABSENT };
  await desk.store.commit([...departure(desk), arrival, ...(await leaveAgenda(desk)), ...desk.along]);
  return met;
}
