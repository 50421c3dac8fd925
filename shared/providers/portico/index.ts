import type { BookingCanceller, BookingReader, BookingUpdater } from "../../ports/booking-source.ts";
import type { SourceProvider } from "../../ports/provider.ts";
import { cancel } from "./cancel.ts";
import { NOWHERE, openClient } from "./client.ts";
import { create } from "./create.ts";
import { listWindow } from "./list.ts";
import { readBookings } from "./read.ts";
import { Settings } from "./schema.ts";
import { enable, update } from "./update.ts";

/** PorticoEstate's booking module, on its own PostgreSQL tables. They know no version: a move rests on the hash of what was read. */
export const portico: SourceProvider<typeof Settings> = {
  kind: "source",
  name: "portico",
  label: "PORTICO",
  root: { url: NOWHERE, variable: "PORTICO_DATABASE_URL" },
  settings: Settings,
  connect(connection) {
    const client = openClient(connection);
    const needs = client.settings.create;
    const calls: BookingReader & BookingUpdater & BookingCanceller = {
      list: (window) => listWindow(client, window),
      read: (bookings) => readBookings(client, bookings),
      update: (change) => update(client, change),
      enable: (id) => enable(client, id),
      cancel: (id) => cancel(client, id),
    };
    const source = {
      ...calls,
      capabilities: { writes: ["span"], statusReliable: true, tellsKeys: true },
      moves: "update",
      cancels: true,
    } as const;
    return needs === undefined
      ? { ...source, creates: false }
      : { ...source, creates: true, create: (order) => create(client, needs, order) };
  },
};
