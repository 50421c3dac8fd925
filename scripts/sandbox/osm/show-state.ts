import type { World } from "../world.ts";
import { bookingsOf, commentsOf, itemsOf, metersOf } from "./shelves.ts";

/** Bookings as they truly are, the catalogue, comments, and the hour's calls. */
export function showOsm(world: World): Record<string, unknown> {
  return {
    bookings: bookingsOf(world).all("bookings"),
    items: itemsOf(world).all("items"),
    comments: commentsOf(world).all("comments"),
    meter: metersOf(world).all("meters")[0] ?? null,
  };
}
