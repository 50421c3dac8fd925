import type { CalendarEvent } from "../ports/calendar.ts";
import type { Place } from "./desk.ts";
import { type EventMap, type ImportDoc, mapRef } from "./documents.ts";
import { publishEventHint } from "./publish.ts";
import type { World } from "./world.ts";

/** Rooms that one meeting may have been sent to. */
const MAX_ROOMS = 20;

/**
 * True where people carried a meeting here from another room while it was being imported there, before it had a marker
 * to be known by: its import there ends first, and its booking follows it. Standing in both rooms, it is a booking in each.
 */
export async function isCarriedHere(
  world: World,
  room: Omit<Place, "bookingId">,
  event: CalendarEvent,
): Promise<boolean> {
  if (event.iCalUid === undefined || event.series !== undefined) return false;
  const imports = await world.store(room.ws).query<ImportDoc>({
    collection: "imports",
    where: [{ field: "iCalUid", op: "==", value: event.iCalUid }],
    limit: MAX_ROOMS,
  });
  for (const { data } of imports) {
    const { source, resource, calendarId, eventId } = data;
    if (source !== room.source || calendarId === event.calendarId || !(await isUnsigned(world, room.ws, data)))
      continue;
    if ((await world.calendar(room.ws, calendarId).get(calendarId, eventId))?.state === "live") continue;
    await publishEventHint(world, room.ws, resource, calendarId, eventId);
    return true;
  }
  return false;
}

async function isUnsigned(world: World, ws: string, { status, bookingKey, resource }: ImportDoc): Promise<boolean> {
  if (status === "creating") return true;
  if (status !== "done" || bookingKey === undefined) return false;
  return (await world.store(ws).get<EventMap>(mapRef(bookingKey, resource)))?.data.marker === "owed";
}
