import type { Where } from "../ports/store.ts";
import type { EventMap, Failure } from "./documents.ts";
import type { World } from "./world.ts";

/** What the operations API shows of a map. */
export interface ShownMap {
  readonly bookingKey: string;
  readonly source: string;
  readonly appointmentId: string;
  readonly resource: string;
  readonly calendarId: string;
  /** Null while there is no event. */
  readonly eventId: string | null;
  readonly status: EventMap["status"];
  /** `USCHEDULE`, `GCAL`: the side the last change came from. */
  readonly lastSource: string | null;
  readonly lastSyncedAt: string | null;
  readonly etag: string | null;
  readonly attempts: number;
  readonly nextAttempt: string | null;
  readonly error: Failure | null;
  readonly holdId: string | null;
}

/** Event maps in the order of their ids; `next` continues behind the last one. */
export async function listEventMaps(
  world: World,
  ws: string,
  query: { readonly status?: string; readonly resource?: string; readonly after?: string; readonly limit: number },
): Promise<{ readonly items: readonly ShownMap[]; readonly next: string | null }> {
  const where: Where[] = [];
  if (query.status !== undefined) where.push({ field: "status", op: "==", value: query.status });
  if (query.resource !== undefined) where.push({ field: "resource", op: "==", value: query.resource });
  const maps = await world.store(ws).query<EventMap>({
    collection: "eventMaps",
    where,
    limit: query.limit,
    ...(query.after === undefined ? {} : { after: query.after }),
  });
  const last = maps.at(-1);
  return {
    items: maps.map(({ data }) => showMap(data)),
    next: maps.length < query.limit ? null : (last?.ref.id ?? null),
  };
}

export function showMap(map: EventMap): ShownMap {
  return {
    bookingKey: map.key,
    source: map.source,
    appointmentId: map.bookingId,
    resource: map.resource,
    calendarId: map.calendarId,
    eventId: map.eventId === "" ? null : map.eventId,
    status: map.status,
    lastSource: map.lastSource ?? null,
    lastSyncedAt: map.lastSyncedAt ?? null,
    etag: map.event?.kind === "live" ? (map.event.etag ?? null) : null,
    attempts: map.attempts,
    nextAttempt: map.nextAttempt === "" ? null : map.nextAttempt,
    error: map.error ?? null,
    holdId: map.holdId ?? null,
  };
}
