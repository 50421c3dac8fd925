import type { SourceProvider } from "../../ports/provider.ts";
import { openClient } from "./client.ts";
import { openDirectory } from "./directory.ts";
import { listWindow } from "./list.ts";
import { readBookings } from "./read.ts";
import { Settings } from "./schema.ts";
import { webhook } from "./webhook.ts";

/** A campsite at Online Scout Manager. Read-only: what people change on the calendar is put back, or asked about. */
export const osm: SourceProvider<typeof Settings> = {
  kind: "source",
  name: "osm",
  label: "OSM",
  root: { url: "https://www.onlinescoutmanager.co.uk", variable: "OSM_API_ROOT" },
  settings: Settings,
  webhook,
  connect(connection) {
    const client = openClient(connection);
    return {
      capabilities: { writes: [], statusReliable: true, tellsKeys: false },
      moves: "none",
      cancels: false,
      creates: false,
      list: (window) => listWindow(client, window),
      read: (bookings) => readBookings(client, bookings),
      directory: openDirectory(client),
      governor: client.governor,
    };
  },
};
