import type { ListQuery } from "./list-query.ts";
import type { EventRow } from "./rows.ts";

/**
 * True where a full list shows the event. `timeMin` compares with the end, `timeMax` with the start,
 * both exclusive.
 */
export function wanted(event: EventRow, query: ListQuery): boolean {
  if (query.timeMin !== undefined && event.endMs <= query.timeMin && !repeats(event)) return false;
  if (query.timeMax !== undefined && event.startMs >= query.timeMax) return false;
  if (query.updatedMin !== undefined && Date.parse(event.updated) < query.updatedMin) return false;
  // With `updatedMin` deletions since then are shown, whatever `showDeleted` says.
  if (event.status === "cancelled" && !query.showDeleted && query.updatedMin === undefined) return false;
  if (query.iCalUID !== undefined && event.iCalUID !== query.iCalUID) return false;
  return hasProperties(event, query) && hasText(event, query) && hasType(event, query);
}

/** A master goes on; its own end says nothing about its last instance. */
function repeats(event: EventRow): boolean {
  return event.body.recurrence !== undefined;
}

function hasProperties(event: EventRow, query: ListQuery): boolean {
  return query.properties.every(({ section, key, value }) => event.body.extendedProperties?.[section]?.[key] === value);
}

function hasText(event: EventRow, { q }: ListQuery): boolean {
  const { summary = "", description = "", location = "" } = event.body;
  return q === undefined || `${summary}\n${description}\n${location}`.toLowerCase().includes(q);
}

function hasType(event: EventRow, { eventTypes }: ListQuery): boolean {
  return eventTypes.length === 0 || eventTypes.includes(event.body.eventType ?? "default");
}
