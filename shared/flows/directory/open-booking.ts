import { isDeepStrictEqual } from "node:util";
import { isError, LockstepError } from "../../errors.ts";
import type { DirectoryRow, OpenedBooking } from "../../ports/booking-directory.ts";
import type { Write } from "../../ports/store.ts";
import { type Link, linksOfBooking } from "../capture/links.ts";
import { type BookingKey, bookingKey } from "../documents.ts";
import type { WorkspaceConfig, World } from "../world.ts";
import { type CardDoc, cardOf, cardRef, type DirectoryDoc, directoryRef } from "./card.ts";
import { cardsNamed, directoriesOf } from "./list-cards.ts";
import { tokenExpired } from "./refresh.ts";

export interface ShownBooking extends CardDoc, Pick<OpenedBooking, "items" | "comments"> {
  /** The mails about it. */
  readonly links: readonly Link[];
  readonly warnings: readonly string[];
}

/**
 * One booking as the source has it now, with its comments; what is new of it is kept. Where the source cannot be asked,
 * what was known before, and why. What no listing showed is not asked for: at OSM invalid requests cost the account.
 * Throws NOT_FOUND, OSM_TOKEN_EXPIRED.
 */
export async function openBooking(
  world: World,
  ws: string,
  workspace: WorkspaceConfig,
  key: BookingKey,
): Promise<ShownBooking> {
  const [known] = await cardsNamed(world, ws, [key]);
  if (known === undefined || !directoriesOf(world, ws, workspace).includes(known.source)) {
    throw new LockstepError("NOT_FOUND", { detail: `This workspace has no booking ${key.slice(0, 120)}.` });
  }
  const { opened, warnings } = await ask(world, ws, known.source, known.bookingId);
  const links = await linksOfBooking(world.store(ws), key);
  if (opened === undefined) return { ...known, items: [], comments: [], links, warnings };
  const card = await keep(world, ws, known.source, opened.row);
  return { ...card, items: opened.items, comments: opened.comments, links, warnings: [...warnings, ...opened.lacks] };
}

async function ask(world: World, ws: string, source: string, id: string) {
  try {
    const opened = await world.source(ws, source).directory?.open(id);
    return { opened, warnings: opened === undefined ? [`${source} no longer has this booking.`] : [] };
  } catch (error) {
    if (isError(error, "PROVIDER_UNAUTHORIZED")) throw tokenExpired(source, error);
    if (!isError(error, "PROVIDER_UNAVAILABLE", "PROVIDER_RATE_LIMITED", "PROVIDER_FORBIDDEN", "PROVIDER_BLOCKED"))
      throw error;
    const why = `${source} cannot be asked (${error.provider ?? error.code}); what was known before is shown.`;
    return { opened: undefined, warnings: [why] };
  }
}

/** An address that was read here reaches the card and the directory, where mails of that sender find it. */
async function keep(world: World, ws: string, source: string, row: DirectoryRow): Promise<CardDoc> {
  const store = world.store(ws);
  const now = world.clock.now();
  const [card, directory] = await store.getMany([cardRef(bookingKey(source, row.id)), directoryRef(source)]);
  // Proof: only `keep-cards.ts` and this file write them, with these shapes.
  const [known, listed] = [card?.data as CardDoc | undefined, directory?.data as DirectoryDoc | undefined];
  const email = row.customerEmail ?? known?.customerEmail ?? undefined;
  const fresh = cardOf(source, { ...row, ...(email === undefined ? {} : { customerEmail: email }) }, now);
  if (known !== undefined && isDeepStrictEqual({ ...fresh, lastFetched: known.lastFetched }, known)) return fresh;
  const writes: Write[] = [{ kind: "put", ref: cardRef(fresh.key), data: fresh }];
  const entry = listed?.entries[row.id];
  if (listed !== undefined && entry !== undefined && directory !== undefined) {
    const entries = { ...listed.entries, [row.id]: { ...entry, email: (email ?? "").toLowerCase() } };
    writes.push({ kind: "put", ref: directory.ref, data: { ...listed, entries }, ifVersion: directory.version });
  }
  try {
    await store.commit(writes);
  } catch (error) {
    // A listing was faster: it has the card, and the address is read when the booking is opened again.
    if (!isError(error, "STORE_CONFLICT")) throw error;
  }
  return fresh;
}
