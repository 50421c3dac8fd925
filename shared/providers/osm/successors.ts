import type { KnownById } from "./items-memory.ts";
import type { Row, Settings } from "./schema.ts";
import { statusOf } from "./translate.ts";

/**
 * S07: OSM cancels a booking by itself and the group books again, under a new id. The listing in which one of a group's
 * bookings turned cancelled shows for the first time another of that group on the same days: it lives on as that one.
 * Where two are new, nobody knows which it is.
 */
export function followed(rows: readonly Row[], known: KnownById, settings: Settings): KnownById {
  const live = rows.filter((row) => statusOf(row, settings) === "live");
  const next: Record<string, KnownById[string]> = { ...known };
  for (const row of rows) {
    const entry = known[row.id];
    if (entry?.gone === undefined || entry.by !== undefined || statusOf(row, settings) !== "cancelled") continue;
    const [successor, ...others] = live.filter((other) => isLike(row, other) && known[other.id]?.since === entry.gone);
    if (successor !== undefined && others.length === 0) next[row.id] = { ...entry, by: successor.id };
  }
  return next;
}

function isLike(one: Row, other: Row): boolean {
  const named = one.group_name != null && one.group_name !== "" && one.group_name === other.group_name;
  return named && one.start_date === other.start_date && one.end_date === other.end_date;
}
