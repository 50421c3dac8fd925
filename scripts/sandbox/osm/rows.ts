/** Who may book and what: fixed, as campsites rarely change. */
export const CAMPSITE = 1;
export const SECTION = 4242;

export type Status = "provisional" | "confirmed" | "cancelled";

/** A booking as OSM keeps it. Dates are days, both included. */
export interface BookingRow {
  readonly id: number;
  readonly group_name: string;
  readonly start_date: string;
  readonly end_date: string;
  readonly number_leaders: number;
  readonly number_participants: number;
  readonly status: Status;
  readonly email: string;
  readonly items: readonly ItemRow[];
  /** The booking that took its place; known to the group, told by no answer (S07). */
  readonly rebookedAs?: number;
}

/** A pitch or building that is booked; local wall times `2027-05-07 16:00:00`. */
export interface ItemRow {
  readonly campsite_item_id: number;
  readonly start_timestamp: string;
  readonly end_timestamp: string;
  readonly number_people: number;
}

export interface CatalogueItem {
  readonly id: number;
  readonly name: string;
}

export interface CommentRow {
  readonly booking: number;
  readonly comment: string;
  readonly author: string;
  readonly created_at: string;
}

export interface TokenRow {
  readonly user: string;
  readonly expiresMs: number;
}

/** The hour's calls of one user. */
export interface MeterRow {
  readonly startedMs: number;
  readonly calls: number;
  readonly blocked: boolean;
}
