import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { buildWorld } from "../../shared/edge/build-world.ts";
import { timedFetch } from "../../shared/edge/timed-fetch.ts";
import { openSqliteStores } from "../../shared/embedded/sqlite-store.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { startSandbox } from "../sandbox/sandbox.ts";
import { seedStudio } from "../sandbox/seed-demo.ts";
import { BAY_1, BAY_2, studioConfig, WS } from "../sim/studio/studio-config.ts";
import { bookAt, type Order } from "./flow-order.ts";

/** What the system does for each booking at the providers and in the store, and nothing else. */
export interface BareLoop {
  readonly sandboxUrl: string;
  carry(orders: readonly Order[]): Promise<void>;
  close(): Promise<void>;
}

const newId = () => crypto.randomUUID().replaceAll("-", "");
/** As much as a booking's document and its map hold. */
const FILLER = "x".repeat(1_500);

export async function openBareLoop(folder: string): Promise<BareLoop> {
  await mkdir(folder);
  const stores = openSqliteStores(join(folder, "store.sqlite"), systemClock);
  const sandbox = await startSandbox({ port: 0, clock: systemClock, newId, dataDir: join(folder, "sandbox") });
  seedStudio(sandbox);
  const world = buildWorld({
    ...{ clock: systemClock, newId, stores, providers: PROVIDERS, config: studioConfig({}), publicUrl: "" },
    fetch: timedFetch(fetch),
    environment: { GOOGLE_API_ROOT: `${sandbox.url}/google`, USCHEDULE_API_ROOT: `${sandbox.url}/uschedule` },
    secrets: { read: async () => "secret", write: async () => {} },
    publisher: { publish: async () => {}, close: async () => {} },
    log: { write: () => {} },
  });
  const store = world.store(WS);
  const source = world.source(WS, "uschedule");
  const put = (collection: string, id: string, data: object) =>
    ({ kind: "put", ref: { collection, id }, data: { ...data, FILLER } }) as const;
  return {
    sandboxUrl: sandbox.url,
    async carry(orders) {
      for (const order of orders) {
        const id = await bookAt(sandbox.url, order);
        const booking = (await source.read([{ id }])).get(id);
        if (booking === undefined) throw new Error(`The sandbox does not know its booking ${id}.`);
        const content = { title: booking.fields["customer"] ?? "", span: booking.span };
        await store.commit([put("bookings", id, { content }), put("eventMaps", id, { content })]);
        const calendarId = order.ResourceName === "Bay 1" ? BAY_1 : BAY_2;
        const event = { calendarId, id: `bare${newId()}`, content, properties: { appointmentId: id } };
        const made = await world.calendar(WS, calendarId).insert(event);
        await store.commit([put("eventMaps", id, { content: made.content, etag: made.etag })]);
      }
    },
    async close() {
      await Promise.all([sandbox.close(), stores.close()]);
    },
  };
}
