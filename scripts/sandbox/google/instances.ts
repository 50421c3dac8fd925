import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { readableCalendar, roleOn } from "./access.ts";
import { invalid, notFound } from "./errors.ts";
import { instancesOf } from "./recurrence.ts";
import { eventsOf } from "./shelves.ts";
import { showEvent } from "./show-event.ts";

/** `events.instances`: the instances of one series as they are now, on one page; changed ones in their place. */
export function listInstances(call: Call, [calendarId = "", eventId = ""]: readonly string[]): Reply {
  const calendar = readableCalendar(call, calendarId);
  const master = eventsOf(call.world).get(calendar.id, eventId) ?? notFound();
  if (master.body.recurrence === undefined) invalid("The event is no series.");
  const showDeleted = call.request.query.get("showDeleted") === "true";
  const viewer = { calendar, role: roleOn(call, calendar), zone: calendar.timeZone };
  const items = instancesOf(master, calendar)
    .map((instance) => eventsOf(call.world).get(calendar.id, instance.id) ?? instance)
    .filter((instance) => showDeleted || instance.status !== "cancelled")
    .map((instance) => showEvent(instance, viewer));
  return json(200, { kind: "calendar#events", timeZone: calendar.timeZone, accessRole: viewer.role, items });
}
