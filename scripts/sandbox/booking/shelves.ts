import type { Shelf } from "../shelf.ts";
import type { World } from "../world.ts";
import type { ClosureRow, KeyRow, ReservationRow, RoomRow, TombstoneRow } from "./rows.ts";

export function reservationsOf({ cabinet }: World): Shelf<ReservationRow> {
  return cabinet.shelf("reservations");
}

export function tombstonesOf({ cabinet }: World): Shelf<TombstoneRow> {
  return cabinet.shelf("reservation-tombstones");
}

export function roomsOf({ cabinet }: World): Shelf<RoomRow> {
  return cabinet.shelf("rooms");
}

export function closuresOf({ cabinet }: World): Shelf<ClosureRow> {
  return cabinet.shelf("closures");
}

export function keysOf({ cabinet }: World): Shelf<KeyRow> {
  return cabinet.shelf("idempotency-keys");
}
