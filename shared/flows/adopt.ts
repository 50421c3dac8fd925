import type { Desk } from "./desk.ts";
import { type HoldDoc, holdRef } from "./documents.ts";
import { takeEvent } from "./look.ts";

/**
 * True while a person has not yet said whether the event found on first connection is this booking's
 * (S14). Approved, the event is read and marked as part of this turn; gone or rejected, the booking
 * gets an event of its own.
 */
export async function waitsForAdoption(desk: Desk): Promise<boolean> {
  const { holdId, base } = desk.map;
  if (holdId?.startsWith("adoption:") !== true || base !== undefined) return false;
  const hold = await desk.store.get<HoldDoc>(holdRef(holdId));
  if (hold?.data.status === "open") return true;
  const { holdId: _decided, ...map } = desk.map;
  desk.map = map;
  if (hold?.data.status === "approved") {
    const event = await desk.calendar.get(map.calendarId, map.eventId);
    desk.adopting = event?.state === "live";
    if (event?.state === "live") takeEvent(desk, event);
  }
  if (!desk.adopting) desk.map = { ...map, eventId: "", status: "pending" };
  return false;
}
