import { isError } from "../../errors.ts";
import type { BadRow, SourceBooking, SourceListing } from "../../ports/booking-source.ts";
import type { Client } from "./client.ts";
import { Page } from "./schema.ts";
import { type ReadRow, rowId } from "./translate.ts";

/** A list that does not end within so many pages is told as incomplete (law 12). */
const MAX_PAGES = 100;

/**
 * Page after page. Complete only where the last page says so and as many rows came as it counts (S03). A
 * page that failed makes the list incomplete; where the first one did, its failure is thrown.
 */
export async function walk(
  client: Client,
  operation: string,
  path: string,
  query: URLSearchParams,
  read: (item: unknown) => readonly ReadRow[],
): Promise<SourceListing> {
  const ask = (cursor: string | undefined) => readPage(client, operation, path, query, cursor);
  const bookings = new Map<string, SourceBooking>();
  const bad = new Map<string, BadRow>();
  let page = await ask(undefined);
  const rows = new Set<string>();
  for (let pages = 1; ; pages += 1) {
    for (const item of page.items) rows.add(rowId(item));
    for (const row of page.items.flatMap(read)) {
      if ("booking" in row) bookings.set(row.booking.id, row.booking);
      else bad.set(row.bad.id, row.bad);
    }
    const told = () => ({ bookings: [...bookings.values()], bad: [...bad.values()] });
    if (page.next === undefined) {
      return { ...told(), complete: page.complete && rows.size >= page.total };
    }
    const next = pages < MAX_PAGES ? await readNext(ask, page.next) : undefined;
    if (next === undefined) return { ...told(), complete: false };
    page = next;
  }
}

function readPage(
  client: Client,
  operation: string,
  path: string,
  query: URLSearchParams,
  cursor: string | undefined,
): Promise<Page> {
  const asked = new URLSearchParams(query);
  asked.set("limit", String(client.settings.pageSize));
  if (cursor !== undefined) asked.set("cursor", cursor);
  return client.call({ operation, method: "GET", path: `${path}?${asked}`, answer: Page });
}

/** Undefined where this page cannot be had now. */
async function readNext(ask: (cursor: string) => Promise<Page>, cursor: string): Promise<Page | undefined> {
  try {
    return await ask(cursor);
  } catch (error) {
    if (!isError(error, "PROVIDER_UNAVAILABLE", "CURSOR_EXPIRED")) throw error;
    return undefined;
  }
}
