import type { SourceProvider } from "../../ports/provider.ts";
import { NOWHERE, openClient } from "./client.ts";
import { listWindow } from "./list.ts";
import { readBookings } from "./read.ts";
import { Settings } from "./schema.ts";
import { webhook } from "./webhook.ts";
import { cancel, create, enable, update } from "./write.ts";

/** Any booking system that implements `openapi.yaml`. A move is an update in place, under the version it rests on. */
export const bookingApi: SourceProvider<typeof Settings> = {
  kind: "source",
  name: "booking-api",
  label: "BOOKING",
  root: { url: NOWHERE, variable: "BOOKING_API_ROOT" },
  settings: Settings,
  webhook,
  connect(connection) {
    const client = openClient(connection);
    return {
      capabilities: { writes: ["span"], statusReliable: true, tellsKeys: true },
      list: (window) => listWindow(client, window),
      read: (bookings) => readBookings(client, bookings),
      moves: "update",
      update: (change) => update(client, change),
      enable: (id) => enable(client, id),
      cancels: true,
      cancel: (id) => cancel(client, id),
      creates: true,
      create: (order) => create(client, order),
    };
  },
};
