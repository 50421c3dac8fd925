import type { SourceProvider } from "../../ports/provider.ts";
import { listWindow } from "./list.ts";
import { readBookings } from "./read.ts";
import { Settings } from "./schema.ts";
import { openStudio } from "./studio.ts";
import { webhook } from "./webhook.ts";
import { book, cancel, findByMarker, isAvailable } from "./write.ts";

/** USchedule. There is no update call: a move is a new appointment and the old one cancelled (R4). */
export const uschedule: SourceProvider<typeof Settings> = {
  kind: "source",
  name: "uschedule",
  label: "USCHEDULE",
  root: { url: "https://clients.uschedule.com", variable: "USCHEDULE_API_ROOT" },
  settings: Settings,
  webhook,
  connect(connection) {
    const studio = openStudio(connection);
    return {
      capabilities: { writes: ["span"], statusReliable: false, tellsKeys: false },
      moves: "rebook",
      cancels: true,
      creates: false,
      list: (window) => listWindow(studio, window),
      read: (bookings) => readBookings(studio, bookings),
      available: (slot) => isAvailable(studio, slot),
      book: (order) => book(studio, order),
      findByMarker: (marker, span) => findByMarker(studio, marker, span),
      cancel: (id, before) => cancel(studio, id, before),
    };
  },
};
