import type { BadRow, SourceBooking, SourceListing } from "../../ports/booking-source.ts";
import type { Instant } from "../../sync/time.ts";
import type { Client } from "./client.ts";
import { KINDS, selectRows } from "./rows.ts";
import { localWindow } from "./times.ts";
import { readRow } from "./translate.ts";

/** A listing with more rows is told as incomplete (law 12): name the buildings. */
const MAX_ROWS = 20_000;

/** All that touches the window, both edges exclusive: one statement, so that all of it is of one moment. */
export async function listWindow(
  client: Client,
  window: { readonly from: Instant; readonly to: Instant },
): Promise<SourceListing> {
  const { buildings, create } = client.settings;
  const [from, to] = localWindow(window, client.timeZone);
  const parts = KINDS.map((kind) => {
    const inside = buildings === undefined ? "" : ` AND ${inBuildings(kind)}`;
    return selectRows(kind, `x.from_ < $2::timestamp AND x.to_ > $1::timestamp${inside}`, create !== undefined);
  });
  const text = `${parts.join(" UNION ALL ")} LIMIT ${MAX_ROWS + 1}`;
  const values = buildings === undefined ? [from, to] : [from, to, buildings];
  const { rows } = await client.work({ what: "listing", with: (session) => session.run(text, values) });
  return readRows(rows.slice(0, MAX_ROWS), client.timeZone, window, rows.length <= MAX_ROWS);
}

function inBuildings(kind: string): string {
  return `EXISTS (SELECT FROM bb_${kind}_resource r JOIN bb_building_resource b ON b.resource_id = r.resource_id
    WHERE r.${kind}_id = x.id AND b.building_id = ANY($3::int[]))`;
}

function readRows(
  rows: readonly unknown[],
  zone: string,
  window: { readonly from: Instant; readonly to: Instant },
  complete: boolean,
): SourceListing {
  const bookings: SourceBooking[] = [];
  const bad: BadRow[] = [];
  for (const item of rows) {
    const row = readRow(item, zone);
    if ("bad" in row) bad.push(row.bad);
    else if (row.booking.span.start < window.to && window.from < row.booking.span.end) bookings.push(row.booking);
  }
  return { bookings, bad, complete };
}
