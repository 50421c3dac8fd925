import type { Shelf } from "../shelf.ts";
import type { World } from "../world.ts";
import type { BookingRow, CatalogueItem, CommentRow, MeterRow, TokenRow } from "./rows.ts";

export function bookingsOf({ cabinet }: World): Shelf<BookingRow> {
  return cabinet.shelf("osm-bookings");
}

export function itemsOf({ cabinet }: World): Shelf<CatalogueItem> {
  return cabinet.shelf("osm-items");
}

export function commentsOf({ cabinet }: World): Shelf<CommentRow> {
  return cabinet.shelf("osm-comments");
}

export function tokensOf({ cabinet }: World): Shelf<TokenRow> {
  return cabinet.shelf("osm-tokens");
}

/** Refresh tokens that were not used yet; each is good once. */
export function refreshTokensOf({ cabinet }: World): Shelf<{ readonly user: string }> {
  return cabinet.shelf("osm-refresh-tokens");
}

export function metersOf({ cabinet }: World): Shelf<MeterRow> {
  return cabinet.shelf("osm-meters");
}
