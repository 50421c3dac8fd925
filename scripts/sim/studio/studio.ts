import type { Config } from "../../../shared/config.ts";
import { buildWorld } from "../../../shared/edge/build-world.ts";
import { tendMailboxes } from "../../../shared/flows/mail/tend-mailboxes.ts";
import { touchMailbox } from "../../../shared/flows/mail/touch-mailbox.ts";
import { pollSources } from "../../../shared/flows/poll-sources.ts";
import { pullCalendar } from "../../../shared/flows/pull-calendar.ts";
import { renewWatches } from "../../../shared/flows/renew-watches.ts";
import { sweep } from "../../../shared/flows/sweep.ts";
import { syncObservations } from "../../../shared/flows/sync-observations.ts";
import type { World } from "../../../shared/flows/world.ts";
import type { Publisher } from "../../../shared/ports/bus.ts";
import type { Clock } from "../../../shared/ports/clock.ts";
import type { Provider } from "../../../shared/ports/provider.ts";
import type { Secrets } from "../../../shared/ports/secrets.ts";
import type { StoreFactory } from "../../../shared/ports/store.ts";
import { PROVIDERS } from "../../../shared/providers/registry.ts";
import * as touched from "../../../shared/topics/calendar-touched.ts";
import * as mailbox from "../../../shared/topics/mailbox-touched.ts";
import * as observations from "../../../shared/topics/observations.ts";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { seedCamp, seedRooms, seedStudio, seedTown } from "../../sandbox/seed-demo.ts";
import { openEdge, PUBLIC_URL, PUSH_KEY, type WebhookDelivery, webhookUrl } from "./edge.ts";
import { openPeople, type People } from "./people.ts";
import { studioConfig, TIME_ZONE } from "./studio-config.ts";

/** A bus that delivers when its owner says so. */
export interface HandBus {
  readonly publisher: Publisher;
  /** Takes the oldest message that is not yet delivered. */
  take(): { readonly topic: string; readonly data: string } | undefined;
}

export interface LogLine {
  readonly severity: string;
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

/** What the studio stands on; `fetch` comes between providers and sandbox. */
export interface StudioParts {
  readonly clock: Clock;
  readonly stores: StoreFactory;
  readonly bus: HandBus;
  readonly policy?: Record<string, unknown>;
  readonly resource?: Record<string, unknown>;
  /** In place of the golf studio's, e.g. `townConfig`. */
  readonly config?: Config;
  readonly fetch?: (sandbox: typeof fetch) => typeof fetch;
  /** Default: those of the registry. */
  readonly providers?: Readonly<Record<string, Provider>>;
}

/**
 * The golf studio in one process: the real flows, core and providers over the sandbox. Nothing moves
 * by itself: time stands, pushes and webhooks wait for `sandbox.tick`, messages for `deliver`.
 */
export interface SimulatedStudio extends People {
  readonly world: World;
  readonly sandbox: Sandbox;
  /** Log lines so far. */
  readonly logs: LogLine[];
  /** Webhooks that arrived so far. */
  readonly webhooks: readonly WebhookDelivery[];
  receiveWebhook(delivery: WebhookDelivery): Promise<void>;
  /** Delivers the oldest message. False where none waits. */
  deliver(): Promise<boolean>;
  /** Pushes and webhooks of the sandbox, then every message, until all is quiet. */
  settle(): Promise<void>;
  /** One turn of every scheduler, then quiet. */
  turnSchedulers(): Promise<void>;
  poll(): Promise<void>;
  sweep(): Promise<void>;
}

const SECRET = `whsec_${Buffer.from("a secret of the test, long enough").toString("base64")}`;
const MAX_MESSAGES = 500;
const ROOTS = {
  GOOGLE_API_ROOT: "http://sandbox/google",
  USCHEDULE_API_ROOT: "http://sandbox/uschedule",
  BOOKING_API_ROOT: "http://sandbox/booking",
  GRAPH_API_ROOT: "http://sandbox/graph",
  GMAIL_API_ROOT: "http://sandbox",
  ICAL_ROOT: "http://sandbox/ical",
  OSM_API_ROOT: "http://sandbox/osm",
};

export function simulateStudio(parts: StudioParts): SimulatedStudio {
  const { clock, stores, bus } = parts;
  const newId = countedIds();
  const logs: LogLine[] = [];
  const edge = openEdge(() => world);
  const sandbox = createSandbox({
    ...{ clock, newId, seed: 7, send: edge.send },
    webhook: { url: webhookUrl("uschedule"), secret: SECRET },
    alarm: { after: () => () => {} },
  });
  const bookingWebhook = { url: webhookUrl("booking"), secret: SECRET };
  const osmWebhook = { url: webhookUrl("osm"), secret: SECRET };
  const options = { timeZone: TIME_ZONE, bookingWebhook, osmWebhook, graphAnyToken: true };
  sandbox.arrange(({ world }) => world.setOptions({ ...world.options(), ...options }));
  seedStudio(sandbox);
  seedTown(sandbox);
  seedRooms(sandbox);
  seedCamp(sandbox);
  const world = buildWorld({
    ...{ clock, newId, stores, publisher: bus.publisher, publicUrl: PUBLIC_URL },
    providers: parts.providers ?? PROVIDERS,
    config: parts.config ?? studioConfig(parts),
    environment: ROOTS,
    fetch: parts.fetch?.(sandbox.fetch) ?? sandbox.fetch,
    secrets: openSecrets(),
    log: { write: (severity, message, fields = {}) => logs.push({ severity, message, fields: { ...fields } }) },
  });
  const deliver = () => deliverOldest(world, bus);
  const settle = () => settleAll(sandbox, deliver);
  const { receiveWebhook, webhooks } = edge;
  return {
    ...openPeople(sandbox),
    ...{ world, sandbox, logs, webhooks, receiveWebhook, deliver, settle },
    async turnSchedulers() {
      await renewWatches(world);
      await tendMailboxes(world);
      await pollSources(world);
      await settle();
      await sweep(world);
      await settle();
    },
    async poll() {
      await pollSources(world);
      await settle();
    },
    async sweep() {
      await sweep(world);
      await settle();
    },
  };
}

/** What was written, else the key of push tokens. */
function openSecrets(): Secrets {
  const written = new Map<string, string>();
  return {
    read: async (name) => written.get(name) ?? PUSH_KEY,
    write: async (name, value) => void written.set(name, value),
  };
}

function countedIds(): () => string {
  let ids = 0;
  return () => (++ids).toString(16).padStart(32, "0");
}

async function deliverOldest(world: World, bus: HandBus): Promise<boolean> {
  const message = bus.take();
  if (message === undefined) return false;
  const data: unknown = JSON.parse(message.data);
  if (message.topic === touched.TOPIC) await pullCalendar(world, touched.CalendarTouched.parse(data));
  else if (message.topic === mailbox.TOPIC) await touchMailbox(world, mailbox.MailboxTouched.parse(data));
  else
    await syncObservations(world, observations.Observation.parse(data), { attempt: 1, publishedAt: world.clock.now() });
  return true;
}

async function settleAll(sandbox: Sandbox, deliver: () => Promise<boolean>): Promise<void> {
  for (let messages = 0; messages < MAX_MESSAGES; messages++) {
    await sandbox.tick();
    if (!(await deliver())) return;
  }
  throw new Error(`${MAX_MESSAGES} messages and no end: something goes round in circles`);
}
