import type { SourceListing } from "../../ports/booking-source.ts";
import { instantsOf } from "../../series/wall-time.ts";
import type { Span } from "../../sync/time.ts";
import type { Client } from "./client.ts";
import { listClosures } from "./closures.ts";
import type { Stretch } from "./occurrences.ts";
import { readRow, readRows } from "./translate.ts";
import { walk } from "./walk.ts";

/** All reservations and closures that touch the window, both edges exclusive. */
export async function listWindow(client: Client, window: Stretch): Promise<SourceListing> {
  const asked = new URLSearchParams({ from: window.from, to: window.to });
  const read = (item: unknown) => readRows(item, window, client.timeZone);
  const [reservations, closures] = await Promise.all([
    walk(client, "listReservations", "/reservations", asked, read),
    listClosures(client, window),
  ]);
  const all = [...reservations.bookings, ...closures.bookings];
  return {
    bookings: all.filter(({ span }) => touches(span, window, client.timeZone)),
    bad: [...reservations.bad, ...closures.bad],
    complete: reservations.complete && closures.complete,
  };
}

/** The reservations of these ids, as far as the list knows them; at most 100. */
export function listNamed(client: Client, ids: readonly string[]): Promise<SourceListing> {
  const asked = new URLSearchParams(ids.map((id): [string, string] => ["id", id]));
  return walk(client, "listReservations", "/reservations", asked, (item) => [readRow(item)]);
}

function touches(span: Span, window: Stretch, zone: string): boolean {
  const { start, end } = instantsOf(span, zone);
  return start < window.to && window.from < end;
}
