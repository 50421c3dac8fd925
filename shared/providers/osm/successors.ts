import type { KnownById } from "./items-memory.ts";
import type { Row, Settings } from "./schema.ts";
import { type Links, statusOf } from "./translate.ts";

/**
 * S07: OSM cancels a booking by itself and the group books again, under a new id. The listing in which one of a group's
 * bookings turned cancelled shows for the first time another of that group on the same days: it lives on as that one.
 * Where two are new, or two are gone, nobody knows which it is.
 */
export function followed(rows: readonly Row[], known: KnownById, settings: Settings): KnownById {
  const taken = new Set(Object.values(known).map(({ by }) => by));
  const next: Record<string, KnownById[string]> = { ...known };
  for (const row of rows) {
    const entry = known[row.id];
    if (entry?.gone === undefined || entry.by !== undefined || statusOf(row, settings) !== "cancelled") continue;
    const alike = rows.filter((other) => other.id !== row.id && isLike(row, other));
    const isRival = (other: Row) => known[other.id]?.gone === entry.gone && known[other.id]?.by === undefined;
    if (alike.some((other) => statusOf(other, settings) === "cancelled" && isRival(other))) continue;
    const fresh = alike.filter(
      (other) => statusOf(other, settings) === "live" && known[other.id]?.since === entry.gone && !taken.has(other.id),
    );
    const [successor, ...others] = fresh;
    if (successor !== undefined && others.length === 0) next[row.id] = { ...entry, by: successor.id };
  }
  return next;
}

/** What every booking follows and lives on as, by what is known. */
export function linksIn(known: KnownById): (id: string) => Links {
  const former = new Map(Object.entries(known).flatMap(([id, { by }]) => (by === undefined ? [] : [[by, id]])));
  return (id) => {
    const [successor, predecessor] = [known[id]?.by, former.get(id)];
    return { ...(successor === undefined ? {} : { successor }), ...(predecessor === undefined ? {} : { predecessor }) };
  };
}

function isLike(one: Row, other: Row): boolean {
  const named = one.group_name != null && one.group_name !== "" && one.group_name === other.group_name;
  return named && one.start_date === other.start_date && one.end_date === other.end_date;
}
