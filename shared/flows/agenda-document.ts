import type { BookingKey, Occupied } from "./documents.ts";

/** Collection `agendas`: which reservations take a room in one week. */
export interface AgendaDoc {
  readonly resource: string;
  /** Its Monday, in UTC. */
  readonly week: string;
  readonly entries: Readonly<Record<BookingKey, Occupied>>;
}
