import { createHash } from "node:crypto";
import type { BookingKey } from "./documents.ts";

/** Our own event ids begin with this, so that foreign tombstones cost nothing (R13). */
export const OWN_PREFIX = "lockstep";

const BASE32HEX = "0123456789abcdefghijklmnopqrstuv";

/**
 * The id an event gets before it exists: the same booking, calendar and incarnation always give the
 * same id, so that inserting twice cannot make two events (R2). Characters `0-9a-v`, 40 long.
 */
export function eventIdFor(ws: string, calendarId: string, key: BookingKey, incarnation: number): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([ws, calendarId, key, incarnation]))
    .digest();
  let text = "";
  for (const byte of hash) text += BASE32HEX[byte & 31] ?? "";
  return OWN_PREFIX + text;
}

export function isOwnId(eventId: string): boolean {
  return eventId.startsWith(OWN_PREFIX);
}
