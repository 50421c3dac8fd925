import type { World } from "../world.ts";
import { closuresOf, reservationsOf, roomsOf, tombstonesOf } from "./shelves.ts";

/** Everything on the books as it truly is. */
export function showBooking(world: World): Record<string, unknown> {
  return {
    rooms: roomsOf(world).all("rooms"),
    reservations: reservationsOf(world)
      .all("reservations")
      .map(({ former: _former, ...row }) => row),
    tombstones: tombstonesOf(world).all("reservations"),
    closures: closuresOf(world).all("closures"),
  };
}
