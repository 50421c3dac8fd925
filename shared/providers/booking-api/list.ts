import { Temporal } from "temporal-polyfill";
import { isError } from "../../errors.ts";
import type { BadRow, SourceBooking, SourceListing } from "../../ports/booking-source.ts";
import type { Instant, Span } from "../../sync/time.ts";
import type { Client } from "./client.ts";
import { Page } from "./schema.ts";
import { readRow } from "./translate.ts";

/** A list that does not end within so many pages is told as incomplete (law 12). */
const MAX_PAGES = 100;

/** All reservations that touch the window, both edges exclusive. */
export async function listWindow(
  client: Client,
  window: { readonly from: Instant; readonly to: Instant },
): Promise<SourceListing> {
  const listing = await walk(client, new URLSearchParams({ from: window.from, to: window.to }));
  const bookings = listing.bookings.filter(({ span }) => touches(span, window, client.timeZone));
  return { ...listing, bookings };
}

/** The reservations of these ids, as far as the list knows them; at most 100. */
export function listNamed(client: Client, ids: readonly string[]): Promise<SourceListing> {
  return walk(client, new URLSearchParams(ids.map((id): [string, string] => ["id", id])));
}

/**
 * Page after page. Complete only where the last page says so and as many rows came as it counts (S03). A
 * page that failed makes the list incomplete; where the first one did, its failure is thrown.
 */
async function walk(client: Client, query: URLSearchParams): Promise<SourceListing> {
  const bookings = new Map<string, SourceBooking>();
  const bad = new Map<string, BadRow>();
  let page = await readPage(client, query, undefined);
  for (let pages = 1; ; pages += 1) {
    for (const item of page.items) {
      const row = readRow(item);
      if ("booking" in row) bookings.set(row.booking.id, row.booking);
      else bad.set(row.bad.id, row.bad);
    }
    const told = () => ({ bookings: [...bookings.values()], bad: [...bad.values()] });
    if (page.next === undefined) {
      return { ...told(), complete: page.complete && bookings.size + bad.size >= page.total };
    }
    const next = pages < MAX_PAGES ? await readNext(client, query, page.next) : undefined;
    if (next === undefined) return { ...told(), complete: false };
    page = next;
  }
}

function readPage(client: Client, query: URLSearchParams, cursor: string | undefined): Promise<Page> {
  const asked = new URLSearchParams(query);
  asked.set("limit", String(client.settings.pageSize));
  if (cursor !== undefined) asked.set("cursor", cursor);
  return client.call({ operation: "listReservations", method: "GET", path: `/reservations?${asked}`, answer: Page });
}

/** Undefined where this page cannot be had now. */
async function readNext(client: Client, query: URLSearchParams, cursor: string): Promise<Page | undefined> {
  try {
    return await readPage(client, query, cursor);
  } catch (error) {
    if (!isError(error, "PROVIDER_UNAVAILABLE", "CURSOR_EXPIRED")) throw error;
    return undefined;
  }
}

function touches(span: Span, window: { readonly from: Instant; readonly to: Instant }, zone: string): boolean {
  const { start, end } =
    span.kind === "timed" ? span : { start: midnight(span.start, zone), end: midnight(span.end, zone) };
  return start < window.to && window.from < end;
}

function midnight(date: string, zone: string): Instant {
  return new Date(Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds).toISOString();
}
