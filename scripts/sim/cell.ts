import type { BookingView, EventView } from "../../shared/sync/view.ts";

/** A cell of the table by name, so that a misspelt one does not compile. */
export type Cell = `${BookingView} × ${EventView}`;
