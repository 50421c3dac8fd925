import type { BookingView, EventView } from "../../shared/sync/view.ts";

/** A cell of the table by name, so that a misspelt one does not compile. */
export type Cell = `${BookingView} × ${EventView}`;

/** A cell that no history can come to. */
export interface Unreachable {
  readonly cell: Cell;
  /** What in the code excludes it. */
  readonly why: string;
}
