import type { Calendar, CalendarEvent } from "../ports/calendar.ts";
import { isOwnId } from "./event-id.ts";

/**
 * Private property that holds the key an event was made under, where the provider chooses its id (R2). The key is
 * what the id is elsewhere: the same booking, calendar and incarnation always give the same.
 */
export const EVENT_KEY = "lockstepKey";

/** What an insert under this key adds to the event's properties. */
export function keyProperty(calendar: Calendar, key: string): Readonly<Record<string, string>> {
  return calendar.capabilities.assignsIds ? { [EVENT_KEY]: key } : {};
}

/** The key of an event: its id where we chose it, else the one it carries. Undefined for what we did not make. */
export function keyOf(
  calendar: Calendar,
  event: { readonly id: string; readonly properties: CalendarEvent["properties"] },
) {
  const key = calendar.capabilities.assignsIds ? event.properties[EVENT_KEY] : event.id;
  return key !== undefined && isOwnId(key) ? key : undefined;
}

/**
 * What an insert under this key made: live, a tombstone where the provider shows one, or undefined. A search that
 * finds nothing is believed the second time: a booking may hang on it, and an empty answer can lie (law 2).
 */
export async function findByKey(
  calendar: Calendar,
  calendarId: string,
  key: string,
): Promise<CalendarEvent | undefined> {
  if (!calendar.capabilities.assignsIds) return calendar.get(calendarId, key);
  const search = async () => (await calendar.find(calendarId, { property: EVENT_KEY, value: key }))[0];
  return (await search()) ?? (await search());
}
