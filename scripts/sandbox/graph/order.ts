import { badRequest } from "./errors.ts";
import type { EventRow } from "./rows.ts";

const KEYS: Readonly<Record<string, (event: EventRow) => string | number>> = {
  "start/dateTime": ({ span }) => span.startMs,
  "end/dateTime": ({ span }) => span.endMs,
  createdDateTime: ({ created }) => created,
  lastModifiedDateTime: ({ updated }) => updated,
  subject: ({ body }) => body.subject,
};

/** Orders by one field; without one, as they come. Refuses with 400 a field that cannot be ordered by. */
export function readOrder(text: string | null, events: readonly EventRow[]): readonly EventRow[] {
  if (text === null || text.trim() === "") return events;
  const [field = "", direction = "asc"] = text.trim().split(/\s+/);
  const key = Object.hasOwn(KEYS, field) ? KEYS[field] : undefined;
  if (key === undefined) return badRequest(`Events cannot be ordered by '${field}'.`, "ErrorInvalidUrlQuery");
  const sign = direction === "desc" ? -1 : 1;
  return events.toSorted((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0));
}
