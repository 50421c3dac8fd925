import { createHash } from "node:crypto";
import type { DirectoryRow } from "../../ports/booking-directory.ts";
import type { BadRow, SourceBooking, SourceStatus } from "../../ports/booking-source.ts";
import { Contact, Detail, Item, Row, type Settings } from "./schema.ts";
import { daysSpan, itemsSpan } from "./times.ts";

/** Something that a booking has booked: a pitch, a building, equipment. */
export interface BookedItem {
  readonly id: string;
  /** Local wall times, as OSM writes them. */
  readonly start: string;
  readonly end: string;
}

/** What a detail tells beyond the row. */
export interface Details {
  readonly items: readonly BookedItem[];
  readonly email?: string;
}

/** The bookings before and after it, by number (S07). */
export type Links = Pick<SourceBooking, "successor" | "predecessor">;

export interface Reading {
  readonly settings: Settings;
  readonly timeZone: string;
}

/** The name of no resource: so a booking leaves the pitch that was taken from it. */
export const NO_ITEM = "(no item)";
const NO_ID = "(without an id)";

/** One row, alone: what cannot be read is told with its id and reason (law 10, S41). */
export function readRow(item: unknown): { readonly row: Row } | { readonly bad: BadRow } {
  const parsed = Row.safeParse(item);
  if (parsed.success) return { row: parsed.data };
  const at = parsed.error.issues[0]?.path.join(".") ?? "";
  return { bad: { id: rowId(item), reason: `its ${at === "" ? "shape" : at} cannot be read` } };
}

function rowId(item: unknown): string {
  if (item === null || typeof item !== "object" || !("id" in item)) return NO_ID;
  return typeof item.id === "string" || typeof item.id === "number" ? String(item.id).slice(0, 100) : NO_ID;
}

/** What a detail says of its items; undefined where one of them cannot be read, for then none is known for sure. */
export function readDetails(data: unknown, { ignoredItems }: Settings): Details | undefined {
  const detail = Detail.safeParse(data);
  if (!detail.success) return undefined;
  const items: BookedItem[] = [];
  for (const each of detail.data.items) {
    const item = Item.safeParse(each);
    if (!item.success) return undefined;
    const { campsite_item_id: id, start_timestamp: start, end_timestamp: end } = item.data;
    if (!ignoredItems.includes(id)) items.push({ id, start, end });
  }
  const email = emailIn(data);
  return { items: items.sort((a, b) => compare(a, b)), ...(email === undefined ? {} : { email }) };
}

function compare(a: BookedItem, b: BookedItem): number {
  return `${a.id} ${a.start}` < `${b.id} ${b.start}` ? -1 : 1;
}

function emailIn(data: unknown): string | undefined {
  const contact = Contact.safeParse(data);
  return contact.success ? (contact.data.email ?? contact.data.contact?.email ?? undefined) : undefined;
}

/** What a row says, in a few characters: another text, another row. */
export function rowHash(row: Row): string {
  const { group_name, start_date, end_date, status, number_leaders, number_participants, total_price } = row;
  return hashOf([group_name, start_date, end_date, status, number_leaders, number_participants, total_price]);
}

/**
 * A booking as it takes place: timed by what it has booked, else from its first day to its last. `rescheduled` where it
 * is known as what it lives on (S07). A text where it cannot be read.
 */
export function asBooking(
  row: Row,
  { items, email }: Details,
  reading: Reading,
  links: Links = {},
): SourceBooking | string {
  const span = items.length > 0 ? itemsSpan(items, reading.timeZone) : daysSpan(row.start_date, row.end_date);
  if (typeof span === "string") return span;
  const resources = items.length > 0 ? [...new Set(items.map(({ id }) => id))].sort() : [NO_ITEM];
  const known = statusOf(row, reading.settings);
  const status = known === "cancelled" && links.successor !== undefined ? "rescheduled" : known;
  const fields = fieldsOf(row, email, reading.settings);
  const hash = hashOf([row.id, status, resources, span.kind, span.start, span.end, fields]);
  return { id: row.id, resources, status, span, fields, hash, ...links };
}

export function statusOf({ status }: Row, { statuses }: Settings): SourceStatus {
  const word = status.toLowerCase();
  if (statuses.live.includes(word) || statuses.provisional.includes(word)) return "live";
  return statuses.cancelled.includes(word) ? "cancelled" : "unclear";
}

/** `standing` makes the event a tentative one; `tentative` is for titles, where that is not seen well enough. */
function fieldsOf(row: Row, email: string | undefined, { statuses }: Settings): Record<string, string> {
  const { number_leaders: leaders, number_participants: participants } = row;
  const people = leaders == null && participants == null ? undefined : (leaders ?? 0) + (participants ?? 0);
  const status = row.status.toLowerCase();
  const isProvisional = statuses.provisional.includes(status);
  const fields = {
    id: row.id,
    customer: row.group_name?.replaceAll("\u0000", "").trim(),
    status,
    standing: isProvisional ? "tentative" : statuses.live.includes(status) ? "confirmed" : undefined,
    tentative: isProvisional ? "Provisional: " : "",
    leaders: leaders?.toString(),
    participants: participants?.toString(),
    people: people?.toString(),
    email,
  };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The row as people read it in a list. */
export function asDirectoryRow(row: Row, email: string | undefined): DirectoryRow {
  const name = row.group_name?.replaceAll("\u0000", "").trim();
  return {
    id: row.id,
    startDate: row.start_date,
    endDate: row.end_date,
    status: row.status.toLowerCase(),
    ...(name === undefined || name === "" ? {} : { customerName: name }),
    ...(email === undefined ? {} : { customerEmail: email }),
  };
}

function hashOf(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 22);
}
