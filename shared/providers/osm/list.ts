import { LockstepError } from "../../errors.ts";
import type { BadRow, SourceBooking, SourceListing } from "../../ports/booking-source.ts";
import { instantsOf } from "../../series/wall-time.ts";
import { type Instant, later } from "../../sync/time.ts";
import { type Client, isOfAccount } from "./client.ts";
import { findDetail } from "./detail.ts";
import { type Known, type KnownById, openItemsMemory } from "./items-memory.ts";
import { listRows, type Rows } from "./rows.ts";
import type { Row, Settings } from "./schema.ts";
import { followed, linksIn } from "./successors.ts";
import { asBooking, asDirectoryRow, type Details, readDetails, rowHash, statusOf } from "./translate.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const NOTHING: Details = { items: [] };

export interface Window {
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * Four list calls, and the items of what is new, changed or long unread, as far as the hour's budget has room for what
 * can wait. A booking whose items nobody has read yet, or that has none, is on no pitch: people are told of it, no calendar is.
 */
export async function listWindow(client: Client, window: Window): Promise<SourceListing> {
  const { connection } = client;
  const began = connection.clock.now();
  const [listed, memory] = await Promise.all([listRows(client), openItemsMemory(connection.memory)]);
  const inside = [...listed.rows.values()].filter((row) => isNear(row, window));
  const fresh = await readItems(client, inside, memory.known);
  const before = listed.complete ? turnedBy(client, inside, memory.known, began) : memory.known;
  const read = remember(client, inside, before, fresh);
  // What a listing lacks is neither gone nor new by the next (law 2): only whole ones tell who follows whom.
  const known = listed.complete ? followed(inside, read, connection.settings) : { ...memory.known, ...read };
  await memory.keep(known);
  const { bookings, bad } = bookingsOf(client, inside, known, window);
  return { bookings, bad: [...listed.bad, ...bad], complete: listed.complete, told: toldBy(listed, known) };
}

/** The same rows for people. */
export function toldBy({ rows, bad, lacks }: Rows, known: KnownById) {
  const told = [...rows.values()].map((row) => asDirectoryRow(row, known[row.id]?.details?.email));
  return { rows: told, skipped: bad, lacks };
}

/** A day more on both sides: items may begin before the row's first day, and zones differ. */
function isNear({ start_date, end_date }: Row, { from, to }: Window): boolean {
  return start_date <= later(to, DAY_MS).slice(0, 10) && end_date >= later(from, -DAY_MS).slice(0, 10);
}

/** What was read, by booking; the rest waits for the next listing. */
async function readItems(client: Client, rows: readonly Row[], known: KnownById): Promise<Map<string, Details>> {
  const { settings, clock } = client.connection;
  const before = later(clock.now(), -settings.itemsMinutes * MINUTE_MS);
  const isNew = (row: Row) => known[row.id]?.row !== rowHash(row);
  const due = rows
    .filter((row) => statusOf(row, settings) === "live" && (isNew(row) || (known[row.id]?.at ?? "") <= before))
    .sort((a, b) => Number(isNew(b)) - Number(isNew(a)) || (a.start_date < b.start_date ? -1 : 1));
  const read = new Map<string, Details>();
  for (const { id } of due.slice(0, settings.itemsPerListing)) {
    try {
      const found = await findDetail(client, id, true);
      const details = found === undefined ? undefined : readDetails(found, settings);
      if (details !== undefined) read.set(id, details);
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      if (isOfAccount(error)) break;
    }
  }
  return read;
}

/** What is known once a whole listing has shown these rows. */
export function turnedBy({ connection }: Client, rows: readonly Row[], before: KnownById, began: Instant): KnownById {
  const isLive = (row: Row) => statusOf(row, connection.settings) === "live";
  return Object.fromEntries(rows.map((row) => [row.id, turned(before[row.id], isLive(row), began)]));
}

/** Back to life it is no longer gone. */
function turned(known: Known | undefined, live: boolean, began: Instant): Known {
  if (known === undefined) return { row: "", since: began, live };
  const { gone, by, ...others } = known;
  const rest = known.since === "" ? { ...others, since: began } : others;
  if (live) return { ...rest, live };
  const since = gone ?? (known.live ? began : undefined);
  return { ...rest, live, ...(since === undefined ? {} : { gone: since }), ...(by === undefined ? {} : { by }) };
}

function remember(
  { connection }: Client,
  rows: readonly Row[],
  before: KnownById,
  fresh: ReadonlyMap<string, Details>,
): KnownById {
  const { settings, clock } = connection;
  return Object.fromEntries(
    rows.map((row) => {
      const known = before[row.id] ?? unlisted(row, settings);
      return [row.id, withDetails(known, row, fresh.get(row.id), clock.now())];
    }),
  );
}

/** Of one that no whole listing showed yet. */
export function unlisted(row: Row, settings: Settings): Known {
  return { row: "", since: "", live: statusOf(row, settings) === "live" };
}

export function withDetails(known: Known, row: Row, details: Details | undefined, at: Instant): Known {
  if (details === undefined) return known;
  const placed = known.placed === true || details.items.length > 0 ? { placed: true as const } : {};
  return { ...known, row: rowHash(row), at, details, ...placed };
}

function bookingsOf(client: Client, rows: readonly Row[], known: KnownById, window: Window) {
  const { settings, timeZone } = client.connection;
  const bookings: SourceBooking[] = [];
  const bad: BadRow[] = [];
  const linksOf = linksIn(known);
  for (const row of rows) {
    const entry = known[row.id];
    if (entry?.placed !== true) continue;
    const booking = asBooking(row, entry.details ?? NOTHING, { settings, timeZone }, linksOf(row.id));
    if (typeof booking === "string") bad.push({ id: row.id, reason: booking });
    else if (touches(booking, window, timeZone)) bookings.push(booking);
  }
  return { bookings, bad };
}

function touches({ span }: SourceBooking, { from, to }: Window, zone: string): boolean {
  const { start, end } = instantsOf(span, zone);
  return start < to && from < end;
}
