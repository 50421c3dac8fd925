import type { SourceBooking, WantedBooking } from "../../ports/booking-source.ts";
import { unreadRow } from "../unread-row.ts";
import type { Client } from "./client.ts";
import { findDetail } from "./detail.ts";
import { brokenAnswer } from "./failures.ts";
import { type KnownById, openItemsMemory } from "./items-memory.ts";
import { turnedBy, unlisted, withDetails } from "./list.ts";
import { listRows } from "./rows.ts";
import type { Row } from "./schema.ts";
import { followed, linksIn } from "./successors.ts";
import { asBooking, readDetails, readRow, statusOf } from "./translate.ts";

/** The truth about each, one call for one booking. */
export async function readBookings(
  client: Client,
  wanted: readonly WantedBooking[],
): Promise<ReadonlyMap<string, SourceBooking | undefined>> {
  const found = new Map<string, SourceBooking | undefined>();
  for (const one of wanted) found.set(one.id, await readOne(client, one));
  return found;
}

async function readOne(client: Client, wanted: WantedBooking): Promise<SourceBooking | undefined> {
  const { settings, timeZone, clock, memory } = client.connection;
  const what = `OSM: booking ${wanted.id}`;
  const data = await findDetail(client, wanted.id, false);
  if (data === undefined) return undefined;
  const row = await rowFor(client, wanted.id, data);
  if (row === undefined) return undefined;
  if (typeof row === "string") return unreadRow(what, wanted, { reason: row });
  const details = readDetails(data, settings);
  if (details === undefined) return unreadRow(what, wanted, { reason: "what it has booked cannot be read" });
  const items = await openItemsMemory(memory);
  const related = await relate(client, row, items.known);
  const known = related[row.id] ?? unlisted(row, settings);
  const isNews = JSON.stringify(known.details) !== JSON.stringify(details);
  const next = isNews ? { ...related, [row.id]: withDetails(known, row, details, clock.now()) } : related;
  await items.keep(next);
  const booking = asBooking(row, details, { settings, timeZone }, linksIn(next)(row.id));
  return typeof booking === "string" ? unreadRow(what, wanted, { reason: booking }) : booking;
}

/** A detail need not repeat its row: then the lists have it. A text where it cannot be read. */
async function rowFor(client: Client, id: string, data: object): Promise<Row | string | undefined> {
  if ("start_date" in data && "status" in data) {
    const read = readRow({ id, ...data });
    if ("bad" in read) return read.bad.reason;
    if (read.row.id !== id) throw brokenAnswer(`booking ${id}`, "it is another booking");
    return read.row;
  }
  const listed = await listRows(client);
  const bad = listed.bad.find((each) => each.id === id);
  const row = listed.rows.get(id);
  if (row === undefined && bad === undefined && !listed.complete)
    throw brokenAnswer(`booking ${id}`, "no list told its status");
  return bad?.reason ?? row;
}

/**
 * What is known, with the booking that this one follows or lives on as (S07): when it is read for the first time while
 * others are live, or cancelled though it was live until now, the lists are looked through for the other. Lists that lack
 * something do not tell that there is no successor; a new booking is shown all the same.
 */
async function relate(client: Client, row: Row, known: KnownById): Promise<KnownById> {
  const { settings, clock } = client.connection;
  const entry = known[row.id] ?? unlisted(row, settings);
  const status = statusOf(row, settings);
  const isGone = status === "cancelled" && entry.live && entry.by === undefined;
  if (!isGone && (status !== "live" || entry.since !== "")) return known;
  const now = clock.now();
  const first = { ...entry, since: now };
  if (!isGone && !Object.values(known).some(({ live }) => live)) return { ...known, [row.id]: first };
  const { rows, complete } = await listRows(client);
  const listed = [row, ...[...rows.values()].filter(({ id }) => id !== row.id)];
  const next = followed(listed, turnedBy(client, listed, known, now), settings);
  const { successor, predecessor } = linksIn(next)(row.id);
  if (isGone && successor === undefined && !complete)
    throw brokenAnswer(`booking ${row.id}`, "no whole list told whether it lives on");
  if (isGone)
    return successor === undefined
      ? known
      : { ...known, [row.id]: { ...entry, live: false, gone: now, by: successor } };
  const former = predecessor === undefined ? undefined : next[predecessor];
  if (predecessor !== undefined && former !== undefined) return { ...known, [row.id]: first, [predecessor]: former };
  return complete ? { ...known, [row.id]: first } : known;
}
