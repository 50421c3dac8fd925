import type { BookingCanceller, BookingReader } from "../../ports/booking-source.ts";
import type { SourceProvider } from "../../ports/provider.ts";
import { cancel } from "./cancel.ts";
import { NOWHERE, openClient } from "./client.ts";
import { create } from "./create.ts";
import { listWindow } from "./list.ts";
import { readBookings } from "./read.ts";
import { Settings } from "./schema.ts";

/** PorticoEstate's booking module, on its own PostgreSQL tables. They know no version, so that nothing is moved in place. */
export const portico: SourceProvider<typeof Settings> = {
  kind: "source",
  name: "portico",
  label: "PORTICO",
  root: { url: NOWHERE, variable: "PORTICO_DATABASE_URL" },
  settings: Settings,
  connect(connection) {
    const client = openClient(connection);
    const needs = client.settings.create;
    const reader: BookingReader & BookingCanceller = {
      list: (window) => listWindow(client, window),
      read: (bookings) => readBookings(client, bookings),
      cancel: (id) => cancel(client, id),
    };
    const source = {
      ...reader,
      capabilities: { writes: [], statusReliable: true },
      moves: "none",
      cancels: true,
    } as const;
    return needs === undefined
      ? { ...source, creates: false }
      : { ...source, creates: true, create: (order) => create(client, needs, order) };
  },
};
