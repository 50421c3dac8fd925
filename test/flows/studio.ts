import { createSandbox, type Sandbox } from "../../scripts/sandbox/sandbox.ts";
import { seedStudio } from "../../scripts/sandbox/seed-demo.ts";
import { Config } from "../../shared/config.ts";
import { bookingSeen } from "../../shared/edge/booking-notice.ts";
import { buildWorld } from "../../shared/edge/build-world.ts";
import { verifyPushToken } from "../../shared/edge/push-token.ts";
import type { BookingDoc, EventMap, HoldDoc, ReviewItem } from "../../shared/flows/documents.ts";
import { pollSources } from "../../shared/flows/poll-sources.ts";
import { pullCalendar } from "../../shared/flows/pull-calendar.ts";
import { renewWatches } from "../../shared/flows/renew-watches.ts";
import { sweep } from "../../shared/flows/sweep.ts";
import { syncObservations } from "../../shared/flows/sync-observations.ts";
import type { World } from "../../shared/flows/world.ts";
import type { DocumentStore, StoreFactory } from "../../shared/ports/store.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { uschedule } from "../../shared/providers/uschedule/index.ts";
import * as touched from "../../shared/topics/calendar-touched.ts";
import * as observations from "../../shared/topics/observations.ts";
import { type ManualClock, manualClock } from "../fakes/manual-clock.ts";
import { type MemoryPublisher, memoryPublisher } from "../fakes/memory-publisher.ts";
import { memoryStores } from "../fakes/memory-store.ts";

/**
 * The golf studio in one process, for tests of the flows: the real flows, core and providers over the
 * sandbox, a store in memory and a bus that delivers when the test says so. Time stands still.
 */
export const WS = "loft";
export const BAY_1 = "loft-bay-1@sandbox";
export const BAY_2 = "loft-bay-2@sandbox";
const KEY = "push-key";
const WEBHOOK = "http://lockstep.test/booking-webhook/loft/uschedule";

export interface Studio {
  readonly world: World;
  readonly sandbox: Sandbox;
  readonly clock: ManualClock;
  readonly publisher: MemoryPublisher;
  readonly store: DocumentStore;
  /** Reads and writes of the store so far; reset by setting to 0. */
  readonly counts: { reads: number; writes: number };
  /** Log lines so far. */
  readonly logs: { severity: string; message: string; fields: Record<string, unknown> }[];
  /** Pushes and webhooks of the sandbox, then every message, until all is quiet. */
  settle(): Promise<void>;
  /** One turn of every scheduler, then quiet. */
  turnSchedulers(): Promise<void>;
  poll(): Promise<void>;
  sweep(): Promise<void>;
  /** A call of the sandbox; JSON in and out. Throws where it is refused. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Json>;
  /** Staff books on USchedule's screen. Local time. Answers the appointment's id. */
  book(bay: 1 | 2, start: string, more?: Record<string, unknown>): Promise<string>;
  staff(action: string, body: Record<string, unknown>): Promise<Json>;
  appointment(id: string): Promise<Json | undefined>;
  appointments(): Promise<Json[]>;
  /** Live events of a calendar, as Google shows them. */
  events(calendarId: string): Promise<GoogleEvent[]>;
  eventOf(calendarId: string, appointmentId: string): Promise<GoogleEvent>;
  drag(calendarId: string, eventId: string, start: string, end: string): Promise<GoogleEvent>;
  deleteEvent(calendarId: string, eventId: string): Promise<void>;
  maps(): Promise<EventMap[]>;
  booking(id: string): Promise<BookingDoc | undefined>;
  reviews(): Promise<ReviewItem[]>;
  holds(): Promise<HoldDoc[]>;
  /** Provider calls since the last time this was asked, `GET google …` */
  providerCalls(): string[];
}

export type Json = Record<string, unknown>;

export interface GoogleEvent {
  readonly id: string;
  readonly etag: string;
  readonly summary?: string;
  readonly description?: string;
  readonly status: string;
  readonly start: { readonly dateTime?: string; readonly date?: string };
  readonly end: { readonly dateTime?: string; readonly date?: string };
  readonly extendedProperties?: { readonly private?: Record<string, string> };
}

export interface StudioOptions {
  readonly policy?: Record<string, unknown>;
  readonly resource?: Record<string, unknown>;
  readonly now?: string;
  readonly stores?: StoreFactory;
  /** Stands between providers and sandbox. */
  readonly fetch?: (sandbox: typeof fetch) => typeof fetch;
}

export async function openStudio(options: StudioOptions = {}): Promise<Studio> {
  const clock = manualClock(options.now ?? "2027-01-11T08:00:00.000Z");
  let ids = 0;
  const newId = () => (++ids).toString(16).padStart(32, "0");
  const publisher = memoryPublisher();
  const logs: Studio["logs"] = [];
  const counts = { reads: 0, writes: 0 };
  const stores = counted(options.stores ?? memoryStores(), counts);
  const config = configOf(options);
  const workspace = config.workspaces[WS];
  if (workspace === undefined) throw new Error("the test's workspace is missing");
  const deliver: typeof fetch = async (input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    const headers = new Headers(input instanceof Request ? input.headers : init?.headers);
    if (url.endsWith("/gcal-push")) {
      const claims = verifyPushToken(headers.get("x-goog-channel-token") ?? "", [KEY]);
      if (claims === undefined) return new Response(null, { status: 401 });
      if (headers.get("x-goog-resource-state") !== "sync") {
        const { ws, calendarId, channelId } = claims;
        await publisher.publish(touched.TOPIC, [touched.messageOf({ ws, calendarId, via: "push", channelId })]);
      }
      return new Response(null, { status: 204 });
    }
    const body: unknown = JSON.parse(input instanceof Request ? await input.text() : String(init?.body));
    const notice = uschedule.webhook?.read(body, "Europe/London");
    if (notice === undefined) throw new Error("USchedule's webhook has a reader");
    const deliveryId = headers.get("webhook-id") ?? newId();
    const seen = bookingSeen(workspace, notice, { ws: WS, source: "uschedule", deliveryId, seenAt: clock.now() });
    await publisher.publish(observations.TOPIC, [
      {
        data: JSON.stringify(seen),
        attributes: {},
        orderingKey: observations.orderingKey(WS, seen.resource),
      },
    ]);
    return new Response(null, { status: 204 });
  };
  const sandbox = createSandbox({
    clock,
    newId,
    seed: 7,
    webhook: { url: WEBHOOK, secret: `whsec_${Buffer.from("a secret of the test, long enough").toString("base64")}` },
    alarm: { after: () => () => {} },
    send: deliver,
  });
  sandbox.arrange(({ world }) => world.setOptions({ ...world.options(), timeZone: "Europe/London" }));
  seedStudio(sandbox);
  const world = buildWorld({
    config,
    clock,
    newId,
    publisher,
    stores,
    providers: PROVIDERS,
    environment: { GOOGLE_API_ROOT: "http://sandbox/google", USCHEDULE_API_ROOT: "http://sandbox/uschedule" },
    fetch: options.fetch?.(sandbox.fetch) ?? sandbox.fetch,
    secrets: { read: async () => KEY },
    log: { write: (severity, message, fields = {}) => logs.push({ severity, message, fields: { ...fields } }) },
    publicUrl: "http://lockstep.test",
  });
  const store = world.store(WS);

  async function settle(): Promise<void> {
    for (let rounds = 0; rounds < 500; rounds++) {
      await sandbox.tick();
      const [message] = publisher.published;
      if (message === undefined) return;
      const [data] = takeFirst(publisher);
      if (message.topic === touched.TOPIC) await pullCalendar(world, touched.CalendarTouched.parse(data));
      else
        await syncObservations(world, observations.Observation.parse(data), { attempt: 1, publishedAt: clock.now() });
    }
    throw new Error("500 messages and no end: something goes round in circles");
  }

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Json> {
    const response = await sandbox.fetch(`http://sandbox${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        authorization: "Bearer test",
        "x-us-application-key": "test",
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text === "" ? {} : JSON.parse(text);
  }

  const eventsPath = (calendarId: string) => `/google/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events`;
  const state = async () => call("GET", "/sandbox/state");
  const all = async <T extends object>(collection: string): Promise<T[]> =>
    (await store.query<T>({ collection })).map(({ data }) => data);

  const studio: Studio = {
    ...{ world, sandbox, clock, publisher, store, counts, logs, settle, call },
    async turnSchedulers() {
      await renewWatches(world);
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
    staff: (action, body) => call("POST", `/sandbox/uschedule/${action}`, body),
    async book(bay, start, more = {}) {
      const booked = await call("POST", "/sandbox/uschedule/book", {
        ResourceName: `Bay ${bay}`,
        StartTime: start,
        ServiceLength: 60,
        CustomerName: "Maya Lindqvist",
        ...more,
      });
      return String(booked["Id"]);
    },
    async appointment(id) {
      return (await studio.appointments()).find((row) => String(row["AppointmentID"]) === id);
    },
    async appointments() {
      const { uschedule: shown } = (await state()) as { uschedule?: { appointments?: Json[] } };
      return shown?.appointments ?? [];
    },
    async events(calendarId) {
      const { items } = (await call("GET", eventsPath(calendarId))) as { items?: GoogleEvent[] };
      return items ?? [];
    },
    async eventOf(calendarId, appointmentId) {
      const found = (await studio.events(calendarId)).filter(
        (event) => event.extendedProperties?.private?.["uscheduleAppointmentId"] === appointmentId,
      );
      const [event] = found;
      if (event === undefined || found.length > 1) {
        throw new Error(`${found.length} events of appointment ${appointmentId} on ${calendarId}, 1 expected`);
      }
      return event;
    },
    async drag(calendarId, eventId, start, end) {
      const zone = { timeZone: "Europe/London" };
      const body = { start: { dateTime: start, ...zone }, end: { dateTime: end, ...zone } };
      return (await call("PATCH", `${eventsPath(calendarId)}/${eventId}`, body)) as unknown as GoogleEvent;
    },
    async deleteEvent(calendarId, eventId) {
      await call("DELETE", `${eventsPath(calendarId)}/${eventId}`);
    },
    maps: () => all<EventMap>("eventMaps"),
    async booking(id) {
      return (await all<BookingDoc>("bookings")).find((booking) => booking.bookingId === id);
    },
    reviews: () => all<ReviewItem>("reviewItems"),
    holds: () => all<HoldDoc>("holds"),
    providerCalls() {
      const calls = sandbox.log.calls().map((each) => `${each.method} ${each.path}`);
      sandbox.log.reset();
      return calls.filter((each) => /^\w+ \/(google|uschedule)\//.test(each));
    },
  };
  return studio;
}

/** A studio whose calendars are connected and watched, all quiet. */
export async function openRunningStudio(options: StudioOptions = {}): Promise<Studio> {
  const studio = await openStudio(options);
  await studio.turnSchedulers();
  await studio.turnSchedulers();
  studio.providerCalls();
  studio.counts.reads = 0;
  studio.counts.writes = 0;
  return studio;
}

function takeFirst(publisher: MemoryPublisher): unknown[] {
  // Proof: the fake keeps its messages in a plain array; only the test takes from it.
  const published = publisher.published as unknown as { data: string }[];
  const first = published.shift();
  return first === undefined ? [] : [JSON.parse(first.data)];
}

function counted(stores: StoreFactory, counts: { reads: number; writes: number }): StoreFactory {
  return {
    close: () => stores.close(),
    workspace(name) {
      const store = stores.workspace(name);
      return {
        get: (ref) => {
          counts.reads += 1;
          return store.get(ref);
        },
        getMany: (refs) => {
          counts.reads += refs.length;
          return store.getMany(refs);
        },
        commit: (writes) => {
          counts.writes += writes.length;
          return store.commit(writes);
        },
        query: async (query) => {
          const found = await store.query<never>(query);
          counts.reads += Math.max(1, found.length);
          return found;
        },
        count: (query) => {
          counts.reads += 1;
          return store.count(query);
        },
      };
    },
  };
}

function configOf({ policy = {}, resource = {} }: StudioOptions): Config {
  const bay = (number: 1 | 2, calendar: string) => ({
    source: "uschedule",
    sourceName: `Bay ${number}`,
    calendar,
    timeZone: "Europe/London",
    properties: { bay: String(number) },
    ...resource,
  });
  return Config.parse({
    workspaces: {
      [WS]: {
        sources: { uschedule: { provider: "uschedule", settings: {} } },
        calendars: { google: { provider: "google-calendar", settings: {} } },
        resources: { "bay-1": bay(1, BAY_1), "bay-2": bay(2, BAY_2) },
        policy,
      },
    },
  });
}
