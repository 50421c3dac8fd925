import type { Call, World } from "../world.ts";
import { instancesOf } from "./recurrence.ts";
import type { CalendarRow, EventRow } from "./rows.ts";
import { calendarsOf, eventsOf } from "./shelves.ts";
import { notifyChannels } from "./watch.ts";

/** What a write says about an event; the server adds the rest. */
type NewState = Omit<EventRow, "calendarId" | "change" | "order" | "created" | "updated" | "sequence"> &
  Partial<Pick<EventRow, "order" | "created" | "sequence">>;

/** The event by id, an unchanged instance of a series included; undefined where there never was one. */
export function findEvent(world: World, calendar: CalendarRow, id: string): EventRow | undefined {
  const stored = eventsOf(world).get(calendar.id, id);
  if (stored !== undefined) return stored;
  const master = eventsOf(world).get(calendar.id, id.slice(0, id.lastIndexOf("_")));
  if (master?.body.recurrence === undefined) return undefined;
  return instancesOf(master, calendar).find((instance) => instance.id === id);
}

/**
 * The only place that changes events: counts the change on the calendar, stamps the event and tells
 * the channels. `updated` grows strictly; an edit of reminders alone does not move it (API_FACTS §1).
 */
export function storeEvent(call: Call, calendar: CalendarRow, state: NewState): EventRow {
  const { world } = call;
  const change = (calendarsOf(world).get("calendars", calendar.id)?.change ?? 0) + 1;
  const before = eventsOf(world).get(calendar.id, state.id);
  const now = new Date(world.now()).toISOString();
  const updated = before !== undefined && onlyReminders(before, state) ? before.updated : stampAfter(before, now);
  const row: EventRow = {
    ...state,
    calendarId: calendar.id,
    change,
    updated,
    created: state.created ?? now,
    order: before?.order ?? world.next("event-order"),
    sequence: state.sequence ?? 0,
  };
  eventsOf(world).put(calendar.id, row.id, row);
  calendarsOf(world).put("calendars", calendar.id, { ...calendar, change, updated: now });
  notifyChannels(call, calendar.id);
  return row;
}

function stampAfter(before: EventRow | undefined, now: string): string {
  if (before === undefined || before.updated < now) return now;
  return new Date(Date.parse(before.updated) + 1).toISOString();
}

function onlyReminders(before: EventRow, after: NewState): boolean {
  const without = ({ body: { reminders: _, ...body }, status }: Pick<EventRow, "body" | "status">) =>
    JSON.stringify([body, status]);
  const remindersDiffer = JSON.stringify(before.body.reminders) !== JSON.stringify(after.body.reminders);
  return remindersDiffer && without(before) === without(after);
}
