import { LockstepError } from "../../errors.ts";
import type { Session } from "./client.ts";
import { refused } from "./failures.ts";
import { Locked, Room } from "./schema.ts";
import type { RowId } from "./translate.ts";

/** Lockstep's own half of the advisory lock of a room; the other half is the room's number. */
export const ROOM_LOCK = 1_819_239_275;

/** A resource's number by its name in the configuration. Throws UNKNOWN_RESOURCE for what can be none. */
export function roomOf(name: string): number {
  const room = /^[1-9]\d{0,9}$/.test(name) ? Number(name) : 0;
  if (room > 0 && room <= 2_147_483_647) return room;
  throw unknownRoom(name);
}

/**
 * Takes the locks of these rooms, and of those that a row stands in, until the transaction ends. Always in the order of
 * their numbers: two who want the same rooms never wait for each other. Portico's own pages do not know the locks.
 */
export async function lockRooms(session: Session, rooms: readonly number[], row?: RowId): Promise<number[]> {
  const its =
    row === undefined ? "" : ` UNION SELECT resource_id FROM bb_${row.kind}_resource WHERE ${row.kind}_id = $3`;
  const { rows } = await session.run(
    `SELECT room, pg_advisory_xact_lock($1::int, room) FROM (SELECT unnest($2::int[]) AS room${its} ORDER BY 1) AS wanted`,
    [ROOM_LOCK, rooms, ...(row === undefined ? [] : [row.id])],
  );
  return rows.map((locked) => Locked.parse(locked).room);
}

/** The room as an event needs it: what is done there, and the first of its buildings. Throws UNKNOWN_RESOURCE out of use. */
export async function readRoom(session: Session, id: number): Promise<Room> {
  const { rows } = await session.run(
    `SELECT x.id, x.activity_id, b.id AS building_id, b.name AS building_name FROM bb_resource x
      LEFT JOIN bb_building_resource r ON r.resource_id = x.id LEFT JOIN bb_building b ON b.id = r.building_id
      WHERE x.id = $1 AND x.active = 1 ORDER BY b.id LIMIT 1`,
    [id],
  );
  if (rows.length === 0) throw unknownRoom(String(id));
  return Room.parse(rows[0]);
}

/** The building an event in that room names. */
export function buildingOf({ id, building_id, building_name }: Room): readonly [number, string | null] {
  if (building_id === null) throw refused(`resource ${id} stands in no building, which an event must name`);
  return [building_id, building_name];
}

export async function shareBuilding(session: Session, one: number, other: number): Promise<boolean> {
  const { count } = await session.run(
    `SELECT 1 FROM bb_building_resource a JOIN bb_building_resource b ON b.building_id = a.building_id
      WHERE a.resource_id = $1 AND b.resource_id = $2 LIMIT 1`,
    [one, other],
  );
  return count > 0;
}

function unknownRoom(name: string): LockstepError {
  return new LockstepError("UNKNOWN_RESOURCE", {
    detail: `Portico: "${name.slice(0, 80)}" is no active resource's number (bb_resource.id).`,
  });
}
