import type { SourceBooking, WantedBooking } from "../../ports/booking-source.ts";
import { unreadRow } from "../unread-row.ts";
import type { Client } from "./client.ts";
import { findDetail } from "./detail.ts";
import { brokenAnswer } from "./failures.ts";
import { openItemsMemory } from "./items-memory.ts";
import { withDetails } from "./list.ts";
import { listRows } from "./rows.ts";
import type { Row } from "./schema.ts";
import { followed } from "./successors.ts";
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
  const livesOn = statusOf(row, settings) === "cancelled" && (await isFollowed(client, row));
  const items = await openItemsMemory(memory);
  const known = items.known[row.id];
  if (known !== undefined && JSON.stringify(known.details) !== JSON.stringify(details)) {
    await items.keep({ ...items.known, [row.id]: withDetails(known, row, details, clock.now()) });
  }
  const booking = asBooking(row, details, { settings, timeZone }, livesOn);
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
 * Whether a cancelled booking lives on under another id (S07). Where it was live until now, the lists are looked
 * through for what the group booked instead.
 */
async function isFollowed(client: Client, row: Row): Promise<boolean> {
  const { settings, memory, clock } = client.connection;
  const items = await openItemsMemory(memory);
  const known = items.known[row.id];
  if (known === undefined || known.by !== undefined || !known.live) return known?.by !== undefined;
  const now = clock.now();
  const { rows } = await listRows(client);
  const others = [...rows.values()].filter(({ id }) => id !== row.id);
  const seen = Object.fromEntries(others.map(({ id }) => [id, items.known[id] ?? { row: "", since: now, live: true }]));
  const next = followed([row, ...others], { ...seen, [row.id]: { ...known, live: false, gone: now } }, settings)[
    row.id
  ];
  return next?.by !== undefined;
}
