import { isError } from "../errors.ts";
import type { DocumentStore, Stored } from "../ports/store.ts";
import type { Instant } from "../sync/time.ts";
import { Observation } from "../topics/observations.ts";
import { bookingKey, type EventMap, mapRef } from "./documents.ts";

/**
 * R6: what a dead-lettered message was about is looked at again by the next sweep, so that nothing is
 * lost with the message. A booking without a map yet is found by the sweep's compare.
 */
export async function markDirty(store: DocumentStore, text: string, now: Instant): Promise<void> {
  const observation = readObservation(text);
  if (observation === undefined) return;
  const { resource } = observation;
  for (const item of observation.items) {
    const found =
      "bookingId" in item && observation.kind === "booking-seen"
        ? await store.get<EventMap>(mapRef(bookingKey(observation.source, item.bookingId), resource))
        : "eventId" in item
          ? await mapShowing(store, item.eventId)
          : undefined;
    if (found !== undefined) await wake(store, found, now);
  }
}

/** Undefined for messages of other topics, and for what no schema takes. */
function readObservation(text: string): Observation | undefined {
  try {
    return Observation.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function mapShowing(store: DocumentStore, eventId: string): Promise<Stored<EventMap> | undefined> {
  const [map] = await store.query<EventMap>({
    collection: "eventMaps",
    where: [{ field: "eventId", op: "==", value: eventId }],
    limit: 1,
  });
  return map;
}

async function wake(store: DocumentStore, { ref, data, version }: Stored<EventMap>, now: Instant): Promise<void> {
  if (data.dirty || data.status === "error") return;
  try {
    await store.commit([{ kind: "put", ref, data: { ...data, dirty: true, nextAttempt: now }, ifVersion: version }]);
  } catch (error) {
    // Somebody works on it this moment: then it has been looked at.
    if (!isError(error, "STORE_CONFLICT")) throw error;
  }
}
