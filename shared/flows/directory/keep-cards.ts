import { isError } from "../../errors.ts";
import type { DirectoryListing, DirectoryRow } from "../../ports/booking-directory.ts";
import { ABSENT, type DocumentStore, type Stored, type Write } from "../../ports/store.ts";
import type { Instant } from "../../sync/time.ts";
import { linkWaiting } from "../capture/waiting.ts";
import { cardOf, cardRef, type DirectoryDoc, type DirectoryEntry, directoryRef, entryOf } from "./card.ts";

/** What a listing changed. */
export interface Kept {
  readonly added: number;
  readonly updated: number;
  readonly total: number;
  /** Mails that waited for one of its bookings. */
  readonly linked: number;
}

/** Below the 500 writes of a commit, with one for the directory. */
const CARDS_PER_COMMIT = 400;
/** What one document holds (1 MiB); further bookings are told as skipped. */
export const MAX_CARDS = 5_000;
const HEARTBEAT_MS = 15 * 60_000;
const MAX_RACES = 3;

/**
 * Upserts the cards of a listing that differ from the last one. The same listing again costs one read, and a write every
 * 15 minutes. Two at once: the one that asked later is believed. Whoever waits for a new booking is linked first, so
 * that a death in between is made good by the next listing.
 */
export async function keepCards(
  store: DocumentStore,
  source: string,
  listing: DirectoryListing,
  asked: Instant,
): Promise<Kept> {
  const isWhole = listing.lacks.length === 0;
  for (let races = 0; ; races++) {
    const stored = await store.get<DirectoryDoc>(directoryRef(source));
    const before = stored?.data.entries ?? {};
    const rows = listing.rows.slice(0, MAX_CARDS).map((row) => withKnownEmail(row, before[row.id]));
    const { added, updated } = compare(rows, before);
    const counts = { added: added.length, updated: updated.length, total: rows.length };
    if ((stored?.data.fetchedAt ?? "") > asked) return { ...counts, linked: 0 };
    try {
      const linked = added.length === 0 ? 0 : await linkWaiting(store, source, added, asked);
      await save(store, source, [...added, ...updated], { rows, isWhole, stored, asked });
      return { ...counts, linked };
    } catch (error) {
      if (!isError(error, "STORE_CONFLICT") || races >= MAX_RACES) throw error;
    }
  }
}

/** An address that was read once is not lost because a list tells none. */
function withKnownEmail(row: DirectoryRow, known: DirectoryEntry | undefined): DirectoryRow {
  if (row.customerEmail !== undefined || known === undefined || known.email === "") return row;
  return { ...row, customerEmail: known.email };
}

function compare(rows: readonly DirectoryRow[], before: DirectoryDoc["entries"]) {
  const added = rows.filter(({ id }) => before[id] === undefined);
  const updated = rows.filter((row) => {
    const known = before[row.id];
    return known !== undefined && known.hash !== entryOf(row).hash;
  });
  return { added, updated };
}

interface Told {
  readonly rows: readonly DirectoryRow[];
  /** False: what is missing from it may be in the part that failed. */
  readonly isWhole: boolean;
  readonly stored: Stored<DirectoryDoc> | undefined;
  readonly asked: Instant;
}

/** In parts, each with the directory as far as it is true: what was not written yet is new to whoever comes next. */
async function save(store: DocumentStore, source: string, changed: readonly DirectoryRow[], told: Told): Promise<void> {
  const { rows, isWhole, stored, asked } = told;
  const before = stored?.data.entries ?? {};
  let version = stored?.version ?? ABSENT;
  let entries: Record<string, DirectoryEntry> = { ...before };
  for (let from = 0; from < changed.length; from += CARDS_PER_COMMIT) {
    const some = changed.slice(from, from + CARDS_PER_COMMIT);
    for (const row of some) entries[row.id] = entryOf(row);
    const isLast = from + CARDS_PER_COMMIT >= changed.length;
    if (isLast && isWhole) entries = Object.fromEntries(rows.map((row) => [row.id, entryOf(row)]));
    const doc: DirectoryDoc = { source, fetchedAt: asked, entries };
    const puts = some.map((row): Write => {
      const card = cardOf(source, row, asked);
      return { kind: "put", ref: cardRef(card.key), data: card };
    });
    const written = await store.commit([
      { kind: "put", ref: directoryRef(source), data: doc, ifVersion: version },
      ...puts,
    ]);
    version = written[0] ?? ABSENT;
  }
  if (changed.length > 0) return;
  const left = isWhole && Object.keys(before).length > rows.length;
  if (!left && stored !== undefined && Date.parse(asked) - Date.parse(stored.data.fetchedAt) < HEARTBEAT_MS) return;
  const kept = left ? Object.fromEntries(rows.map((row) => [row.id, entryOf(row)])) : entries;
  const doc: DirectoryDoc = { source, fetchedAt: asked, entries: kept };
  await store.commit([{ kind: "put", ref: directoryRef(source), data: doc, ifVersion: version }]);
}
