import { createHash } from "node:crypto";
import type { CalendarEvent } from "../ports/calendar.ts";

const PREFIX = "lockstep-import-";

/**
 * The id of a meeting's import: the same meeting on the same calendar always has the same, whatever id its provider
 * gives it on its way; on another room's calendar it is a booking of that room, and a copy is another meeting. The days
 * of a series share an iCalUID at some providers, so there the event's own id counts.
 */
export function importIdOf(ws: string, event: Pick<CalendarEvent, "calendarId" | "id" | "iCalUid" | "series">): string {
  const identity = event.series === undefined ? (event.iCalUid ?? event.id) : event.id;
  const hash = createHash("sha256").update(JSON.stringify([ws, event.calendarId, identity]));
  return hash.digest("hex").slice(0, 32);
}

/** What the source is given: `life` counts the bookings that this meeting has been, from 0. */
export function importKeyOf(id: string, life: number): string {
  return `${PREFIX}${id}-${life}`;
}

/** The key of the meeting's next booking. */
export function nextKey(key: string): string {
  const { id, life } = readKey(key) ?? {};
  if (id === undefined || life === undefined) throw new Error("only keys of ours are counted on");
  return importKeyOf(id, life + 1);
}

/** The import whose key that is; undefined for anybody else's. */
export function importIdOfKey(key: string): string | undefined {
  return readKey(key)?.id;
}

function readKey(key: string): { readonly id: string; readonly life: number } | undefined {
  const [, id, life] = /^lockstep-import-([0-9a-f]{32})-(\d{1,6})$/.exec(key) ?? [];
  return id === undefined ? undefined : { id, life: Number(life) };
}
