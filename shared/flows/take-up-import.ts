import { importKindOf } from "../config.ts";
import { isError } from "../errors.ts";
import type { SourceBooking } from "../ports/booking-source.ts";
import type { Stored } from "../ports/store.ts";
import { sameSpan } from "../sync/time.ts";
import type { Desk } from "./desk.ts";
import { type ImportDoc, importRef } from "./documents.ts";
import { importIdOfKey } from "./import-key.ts";
import { linkImport } from "./import-link.ts";

/** Imports under way in one room at one time. */
const MAX_BEGUN = 20;

/**
 * A booking without an event may be one that an import made, told of before the import knew its answer: then the meeting
 * is its event, and a second one would be a twin (R2). True where they are linked now.
 */
export async function takeUpImport(desk: Desk): Promise<boolean> {
  const { truth, map } = desk;
  if (truth === undefined || map.eventId !== "" || map.base !== undefined) return false;
  const begun = await findBegun(desk, truth);
  if (begun === undefined) return false;
  await linkImport(desk, begun, truth);
  return true;
}

async function findBegun(desk: Desk, truth: SourceBooking): Promise<Stored<ImportDoc> | undefined> {
  if (truth.madeWith !== undefined) return findByKey(desk, truth.madeWith);
  return desk.source.capabilities.tellsKeys ? undefined : findByAsking(desk, truth);
}

/** One that is done had its map: what became of that since is judged like any other booking's. */
async function findByKey({ store, place }: Desk, key: string): Promise<Stored<ImportDoc> | undefined> {
  const id = importIdOfKey(key);
  const stored = id === undefined ? undefined : await store.get<ImportDoc>(importRef(id));
  const isHere = stored?.data.key === key && stored.data.resource === place.resource;
  return isHere && stored.data.status !== "done" ? stored : undefined;
}

/**
 * Where the source never tells what made a booking, whoever began an import of this very time asks again under its
 * key: the answer is this booking, or another.
 */
async function findByAsking(desk: Desk, truth: SourceBooking): Promise<Stored<ImportDoc> | undefined> {
  const { source, place, workspace, resource } = desk;
  if (!source.creates || importKindOf(workspace, resource) === undefined) return undefined;
  const begun = await desk.store.query<ImportDoc>({
    collection: "imports",
    where: [
      { field: "resource", op: "==", value: place.resource },
      { field: "status", op: "==", value: "creating" },
    ],
    limit: MAX_BEGUN,
  });
  for (const stored of begun) {
    const { key, order } = stored.data;
    if (order === undefined || !sameSpan(order.span, truth.span)) continue;
    try {
      if ((await source.create({ key, ...order })).id === truth.id) return stored;
    } catch (error) {
      // Refused, the import is none of this booking's: its own next turn tells of it.
      if (!isError(error, "SLOT_TAKEN", "UNKNOWN_RESOURCE", "PROVIDER_REFUSED", "BOOKING_CHANGED")) throw error;
    }
  }
  return undefined;
}
