import type { DocumentStore, Where } from "../../ports/store.ts";
import type { Instant } from "../../sync/time.ts";
import { type BookingKey, bookingKey } from "../documents.ts";
import type { WorkspaceConfig, World } from "../world.ts";
import { type CardDoc, cardRef, type DirectoryDoc, directoryRef } from "./card.ts";
import { fetchedByUs } from "./freshness.ts";

export interface CardFilter {
  readonly source?: string;
  readonly status?: string;
  readonly limit: number;
  readonly after?: string;
}

/** The workspace's sources that people can look bookings up in. */
export function directoriesOf(world: World, ws: string, { sources }: WorkspaceConfig): string[] {
  return Object.keys(sources).filter((source) => world.source(ws, source).directory !== undefined);
}

/** A page of cards, by key. `lastFetched` is when the source told that card, changed or not. */
export async function listCards(
  world: World,
  ws: string,
  { source, status, limit, after }: CardFilter,
): Promise<{ readonly items: CardDoc[]; readonly next: string | null }> {
  const where: Where[] = [
    ...(source === undefined ? [] : [{ field: "source", op: "==", value: source } as const]),
    ...(status === undefined ? [] : [{ field: "status", op: "==", value: status } as const]),
  ];
  const rows = await world
    .store(ws)
    .query<CardDoc>({ collection: "cards", where, limit, ...(after === undefined ? {} : { after }) });
  const items = await told(
    world,
    ws,
    rows.map(({ data }) => data),
  );
  return { items, next: (rows.length === limit ? rows.at(-1)?.ref.id : undefined) ?? null };
}

/** The cards of these keys, as far as there are any. */
export async function cardsNamed(world: World, ws: string, keys: readonly BookingKey[]): Promise<CardDoc[]> {
  if (keys.length === 0) return [];
  const found = await world.store(ws).getMany(keys.map(cardRef));
  // Proof: only `keep-cards.ts` and `open-booking.ts` write cards, with this shape.
  return told(
    world,
    ws,
    found.flatMap((stored) => (stored === undefined ? [] : [stored.data as CardDoc])),
  );
}

async function told(world: World, ws: string, cards: readonly CardDoc[]): Promise<CardDoc[]> {
  const sources = [...new Set(cards.map(({ source }) => source))];
  const fetched = new Map<string, Pick<DirectoryDoc, "entries" | "fetchedAt">>();
  for (const source of sources) {
    const stored = await readDirectory(world.store(ws), source);
    if (stored === undefined) continue;
    const fetchedAt = latest(stored.fetchedAt, fetchedByUs(world, ws, source));
    fetched.set(source, { entries: stored.entries, fetchedAt });
  }
  return cards.map((card) => {
    const listed = fetched.get(card.source);
    if (listed?.entries[card.bookingId] === undefined) return card;
    return { ...card, lastFetched: latest(card.lastFetched, listed.fetchedAt) };
  });
}

export async function readDirectory(store: DocumentStore, source: string): Promise<DirectoryDoc | undefined> {
  return (await store.get<DirectoryDoc>(directoryRef(source)))?.data;
}

function latest(one: Instant, other: Instant | undefined): Instant {
  return other !== undefined && other > one ? other : one;
}

/** The key of a booking that is named by its key or, where there is one directory alone, by its bare id. */
export function keyNamed(world: World, ws: string, workspace: WorkspaceConfig, name: string): BookingKey {
  if (name.includes(":")) return name;
  return bookingKey(directoriesOf(world, ws, workspace)[0] ?? "", name);
}
