import { sourceAccountOf } from "../config.ts";
import { isError, isOurOwnFailure, LockstepError } from "../errors.ts";
import type { SourceListing } from "../ports/booking-source.ts";
import { ABSENT, type DocumentStore } from "../ports/store.ts";
import { type Instant, isFuture } from "../sync/time.ts";
import { raiseBlocked } from "./blocked.ts";
import { noteFetched } from "./directory/freshness.ts";
import { keepCards } from "./directory/keep-cards.ts";
import { type BookingDoc, bookingKey, bookingRef, type SnapshotDoc, snapshotRef } from "./documents.ts";
import { publishObservation } from "./publish.ts";
import { closeReview, ensureReview, raiseAlert } from "./review.ts";
import { type Compared, compareListing, type ListingToCompare, type News } from "./snapshot.ts";
import { noticeKeys, tellNotices } from "./source-notices.ts";
import { windowOf } from "./window.ts";
import type { WorkspaceConfig, World } from "./world.ts";

const HEARTBEAT_MS = 15 * 60_000;

/** One document holds a source's snapshot; beyond this it must be split (Firestore: 1 MiB). */
const MAX_ENTRIES = 5_000;

/**
 * Lists the booking sources and tells what differs from the last listing. Two polls at once do no
 * harm: both publish hints, and one snapshot wins (R8). A source that fails is shown and left alone. Throws
 * INVALID_REQUEST where `only` names no workspace or source: a job misspelt would poll nothing, and look well. There
 * is a job for each `provider`, whether the configuration has sources of it or not.
 */
export async function pollSources(
  world: World,
  only: { readonly ws?: string; readonly source?: string; readonly provider?: string } = {},
): Promise<void> {
  const all = Object.entries(world.config.workspaces).flatMap(([ws, workspace]) =>
    Object.keys(workspace.sources).map((source) => ({ ws, workspace, source })),
  );
  const wanted = all.filter(({ ws, source }) => (only.ws ?? ws) === ws && (only.source ?? source) === source);
  if (wanted.length === 0 && wanted.length < all.length) {
    const { ws = "any workspace", source = "" } = only;
    throw new LockstepError("INVALID_REQUEST", { detail: `The configuration has no source ${source} in ${ws}.` });
  }
  for (const { ws, workspace, source } of wanted) {
    const { provider } = sourceAccountOf(workspace, source);
    if ((only.provider ?? provider) === provider) await pollOne(world, ws, workspace, source);
  }
}

async function pollOne(world: World, ws: string, workspace: WorkspaceConfig, source: string): Promise<void> {
  try {
    await poll(world, ws, workspace, source);
  } catch (error) {
    if (!(error instanceof LockstepError) || isOurOwnFailure(error)) throw error;
    world.log.write("WARNING", "source could not be read", {
      ws,
      source,
      code: error.code,
      providerError: error.provider,
      detail: error.message,
    });
    const detail = `${source} cannot be read (${error.provider ?? error.code}); nothing is cancelled because of that.`;
    await raiseAlert(world.store(ws), { kind: "source-unreadable", subject: source, detail }, world.clock.now());
    await raiseBlocked(world, ws, source, error);
  }
}

async function poll(world: World, ws: string, workspace: WorkspaceConfig, source: string): Promise<void> {
  const began = world.clock.now();
  const window = windowOf(workspace, began);
  const listing = await world.source(ws, source).list(window);
  for (let races = 0; races < MAX_RACES; races++) {
    if (await takeListing(world, { ws, workspace, source, began, window, listing }, races > 0)) return;
  }
}

/** The compare adds to the snapshot, too, and may be faster; after some races the next poll counts. */
const MAX_RACES = 3;

interface Listed {
  readonly ws: string;
  readonly workspace: WorkspaceConfig;
  readonly source: string;
  readonly began: Instant;
  readonly window: ListingToCompare["window"];
  readonly listing: SourceListing;
}

/**
 * False where the snapshot changed meanwhile: then an absence is counted on what it says now. Another poll that was faster has
 * counted it; its snapshot stands (R8).
 */
async function takeListing(
  world: World,
  { ws, workspace, source, began, window, listing }: Listed,
  isAgain: boolean,
): Promise<boolean> {
  const store = world.store(ws);
  const stored = await store.get<SnapshotDoc>(snapshotRef(source));
  if (isAgain && stored !== undefined && stored.data.lastSuccess > began) return true;
  const entries = stored?.data.entries ?? {};
  if (listing.bookings.length === 0 && Object.values(entries).some((entry) => isFuture(entry.span, began))) {
    const detail = `${source} listed no booking at all, though some were there: what was known stays until single reads confirm.`;
    await raiseAlert(store, { kind: "source-empty", subject: source, detail }, began);
  }
  const compared = await compareListing({
    workspace,
    source,
    reader: world.source(ws, source),
    entries,
    listing,
    window,
    began,
    ended: world.clock.now(),
    calledOff: (ids) => calledOffByMail(store, source, ids),
  });
  if (Object.keys(compared.entries).length > MAX_ENTRIES) {
    throw new LockstepError("CONFIG_INVALID", {
      detail: `${source} shows more than ${MAX_ENTRIES} bookings in the window: lower daysAhead in lockstep.config.yaml.`,
    });
  }
  await tell(world, ws, source, began, listing.complete, compared);
  const noticed = stored?.data.notices ?? [];
  const notices = noticeKeys(listing.notices ?? []);
  await tellNotices(store, source, listing.notices ?? [], noticed, began);
  if (listing.told !== undefined) {
    await keepCards(store, source, listing.told, began);
    if (listing.told.lacks.length === 0) noteFetched(world, ws, source, began);
  }
  const beat = stored === undefined || Date.parse(began) - Date.parse(stored.data.lastSuccess) >= HEARTBEAT_MS;
  if (!compared.changed && !beat && notices.join() === noticed.join()) return true;
  const snapshot = { source, entries: compared.entries, lastSuccess: began, ...(notices.length > 0 && { notices }) };
  return saveSnapshot(world, ws, snapshot, stored?.version ?? ABSENT);
}

async function calledOffByMail(
  store: DocumentStore,
  source: string,
  bookingIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const docs = await store.getMany(bookingIds.map((id) => bookingRef(bookingKey(source, id))));
  // Proof: only this program writes `bookings`, with this shape.
  return new Set(
    bookingIds.filter((_, index) => (docs[index]?.data as BookingDoc | undefined)?.mailSays !== undefined),
  );
}

async function saveSnapshot(world: World, ws: string, data: SnapshotDoc, ifVersion: string): Promise<boolean> {
  try {
    await world.store(ws).commit([{ kind: "put", ref: snapshotRef(data.source), data, ifVersion }]);
    return true;
  } catch (error) {
    if (!isError(error, "STORE_CONFLICT")) throw error;
    return false;
  }
}

/** Publishes per resource, in order, before the snapshot is saved (law 8). */
async function tell(
  world: World,
  ws: string,
  source: string,
  began: Instant,
  complete: boolean,
  compared: Compared,
): Promise<void> {
  const absent = goneAmong(compared.items);
  for (const [resource, news] of byResource(compared)) {
    const run = { id: `poll-${source}-${began}`, complete, absent, absentHere: goneAmong(news) };
    const items = news.map(({ item }) => item);
    await publishObservation(world, { kind: "booking-seen", ws, resource, source, run, seenAt: began, items });
  }
  for (const id of compared.mended) await closeReview(world.store(ws), setAside(source, id), began);
  for (const { id, reason } of compared.bad) {
    await ensureReview(
      world.store(ws),
      {
        id: setAside(source, id),
        kind: "quarantined",
        detail: `Booking ${id} of ${source} is set aside: ${reason}.`,
      },
      began,
    );
  }
}

function setAside(source: string, bookingId: string): string {
  return `quarantined~${bookingKey(source, bookingId)}`;
}

function goneAmong(news: readonly News[]): number {
  return news.filter(({ gone }) => gone).length;
}

function byResource(compared: Compared): Map<string, News[]> {
  const grouped = new Map<string, News[]>();
  for (const news of compared.items) {
    for (const resource of news.resources) grouped.set(resource, [...(grouped.get(resource) ?? []), news]);
  }
  return grouped;
}
