import type { SourceProvider } from "../../ports/provider.ts";
import { EVERYWHERE } from "./fetch-feed.ts";
import { openHomes } from "./homes.ts";
import { listHomes } from "./list.ts";
import { readStays } from "./read.ts";
import { Settings } from "./schema.ts";

/** The calendars that portals and channel managers publish of homes: who stays when, as far as they say. Read-only. */
export const ical: SourceProvider<typeof Settings> = {
  kind: "source",
  name: "ical",
  label: "ICAL",
  root: { url: EVERYWHERE, variable: "ICAL_ROOT" },
  settings: Settings,
  connect(connection) {
    const { settings, timeZone } = connection;
    const homes = openHomes(connection);
    return {
      capabilities: { writes: [], statusReliable: false, tellsKeys: false },
      list: (window) => listHomes(homes, settings, window, timeZone),
      read: (bookings) => readStays(homes, settings, bookings),
      moves: "none",
      cancels: false,
      creates: false,
    };
  },
};
