import type { SourceBooking, WantedBooking } from "../../ports/booking-source.ts";
import { unreadRow } from "../unread-row.ts";
import type { Client, Session } from "./client.ts";
import { KINDS, selectRows } from "./rows.ts";
import { type ReadRow, type RowId, readId, readRow } from "./translate.ts";

/** Ids that one statement may name. */
const MAX_IDS = 500;

/** One statement for each 500 ids, whatever their kinds. A name that no row can have costs nothing. */
export async function readBookings(
  client: Client,
  wanted: readonly WantedBooking[],
): Promise<ReadonlyMap<string, SourceBooking | undefined>> {
  const ids = wanted.map(({ id }) => readId(id)).filter((id) => id !== undefined);
  const rows = new Map<string, ReadRow>();
  for (let from = 0; from < ids.length; from += MAX_IDS) {
    const some = ids.slice(from, from + MAX_IDS);
    const read = await client.work({ what: "reading", with: (session) => readNamed(client, session, some) });
    for (const [id, row] of read) rows.set(id, row);
  }
  return new Map(wanted.map((one) => [one.id, bookingOf(one, rows.get(one.id))]));
}

/** The rows that are there, by their names. */
export async function readNamed(
  { settings, timeZone }: Client,
  session: Session,
  ids: readonly RowId[],
): Promise<ReadonlyMap<string, ReadRow>> {
  const kinds = KINDS.filter((kind) => ids.some((id) => id.kind === kind));
  const parts = kinds.map((kind, at) =>
    selectRows(kind, `x.id = ANY($${at + 1}::int[])`, settings.create !== undefined),
  );
  const values = kinds.map((kind) => ids.filter((id) => id.kind === kind).map(({ id }) => id));
  const { rows } = await session.run(parts.join(" UNION ALL "), values);
  return new Map(
    rows.map((item) => {
      const row = readRow(item, timeZone);
      return ["bad" in row ? row.bad.id : row.booking.id, row];
    }),
  );
}

/**
 * A row that cannot be read is there all the same: where it was last seen, nothing is derived from it (law 10), else
 * PROVIDER_REFUSED names the reason.
 */
export function bookingOf(wanted: WantedBooking, row: ReadRow | undefined): SourceBooking | undefined {
  if (row === undefined) return undefined;
  if ("booking" in row) return row.booking;
  return unreadRow(`Portico: ${wanted.id}`, wanted, row.bad);
}
