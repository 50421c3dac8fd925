import { Temporal } from "temporal-polyfill";
import { z } from "zod";

/** The town's two systems, used from outside over HTTP: the desk of the booking system, and people at Outlook by the Graph API. */
const Time = z.union([z.object({ dateTime: z.string() }), z.object({ date: z.string() })]);
const Row = z.object({
  id: z.string(),
  kind: z.enum(["event", "booking", "allocation"]),
  active: z.boolean(),
  resources: z.array(z.string()),
  start: Time,
  end: Time,
  updatedAt: z.string(),
});
export type Row = z.infer<typeof Row>;

const StoredEvent = z.object({
  immutableId: z.string(),
  deleted: z.boolean(),
  updated: z.string(),
  etag: z.string(),
  subject: z.string(),
  body: z.object({ content: z.string() }),
  start: z.string(),
  end: z.string(),
  isAllDay: z.boolean(),
  attendees: z.array(z.unknown()),
  organizer: z.object({ address: z.string() }),
  properties: z.record(z.string(), z.string()),
});
const State = z.object({
  booking: z.object({ reservations: z.array(Row) }),
  graph: z.object({ mailboxes: z.array(z.object({ email: z.string(), events: z.array(StoredEvent) })) }),
  pendingNotices: z.number(),
});

const GraphEvent = z.object({
  id: z.string(),
  "@odata.etag": z.string(),
  lastModifiedDateTime: z.string(),
  subject: z.string(),
  body: z.object({ content: z.string() }),
  start: z.object({ dateTime: z.string() }),
  end: z.object({ dateTime: z.string() }),
  isAllDay: z.boolean(),
  attendees: z.array(z.unknown()),
  organizer: z.object({ emailAddress: z.object({ address: z.string() }) }),
  singleValueExtendedProperties: z.array(z.object({ id: z.string(), value: z.string() })).default([]),
});
type GraphEvent = z.infer<typeof GraphEvent>;

/** An event on a room's calendar, whichever way it was looked at. */
export interface RoomEvent {
  readonly id: string;
  readonly room: string;
  /** Instants. */
  readonly start: string;
  readonly end: string;
  readonly isAllDay: boolean;
  readonly title: string;
  readonly text: string;
  readonly attendees: number;
  readonly organiser: string;
  readonly etag: string;
  readonly updatedAt: string;
  readonly deleted: boolean;
  /** `BookingSystemId` and the like, by name. */
  readonly marks: Readonly<Record<string, string>>;
}

/** Both sides at one moment. */
export interface BothSides {
  readonly rows: readonly Row[];
  readonly events: readonly RoomEvent[];
  /** Webhooks and notifications that are still on their way. */
  readonly underWay: number;
}

export const ZONE = "Europe/Oslo";
/** People open the calendar by its name; Lockstep does not, which tells their calls apart. */
const people = (room: string) => `/graph/v1.0/users/${mailboxOf(room)}/calendar/events`;
const MARKS = ["BookingSystemId", "BookingSystemType", "BookingSystemManaged"];
const SET = "String {8f2d6c1e-5b7a-4e0d-9c43-1a6e7d2b9f50} Name ";
const EXPAND = `singleValueExtendedProperties($filter=${MARKS.map((name) => `id eq '${SET}${name}'`).join(" or ")})`;
const PREFER = 'IdType="ImmutableId", outlook.timezone="UTC", outlook.body-content-type="text"';

export function mailboxOf(room: string): string {
  return `${room}@sandbox`;
}

/** Every fifth room is booked by Outlook as well: meetings there become reservations. */
export function takesMeetings(room: string): boolean {
  return /[05]$/.test(room);
}

export type TownHall = Awaited<ReturnType<typeof openTownHall>>;

/** `url` is Lockstep's, `ws` the workspace its API is asked about. */
export async function openTownHall({ url, sandboxUrl, ws }: { url: string; sandboxUrl: string; ws: string }) {
  const { access_token } = z.object({ access_token: z.string() }).parse(
    await send(`${sandboxUrl}/graph/town/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({
        ...{ grant_type: "client_credentials", client_id: "people", client_secret: "any" },
        scope: "https://graph.microsoft.com/.default",
      }),
    }),
  );
  const asPerson = { authorization: `Bearer ${access_token}`, "content-type": "application/json", prefer: PREFER };
  const outlook = (method: string, path: string, body?: object) =>
    send(`${sandboxUrl}${path}`, {
      ...{ method, headers: asPerson },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  return {
    /** What the clerk does: `book`, `move`, `edit`, `cancel`, `enable`. `fault` is about the webhook it sends. */
    async desk(action: string, body: object, fault = ""): Promise<Row> {
      const headers = fault === "" ? {} : { "x-sandbox-fault": fault };
      const sent = { method: "POST", headers, body: JSON.stringify(body) };
      return Row.parse(await send(`${sandboxUrl}/sandbox/booking/${action}`, sent));
    },
    closeRoom: async (body: object) =>
      z
        .object({ id: z.string() })
        .parse(await send(`${sandboxUrl}/sandbox/booking/close`, { method: "POST", body: JSON.stringify(body) })),
    async addEvent(room: string, body: object): Promise<RoomEvent> {
      return shownBy(room, GraphEvent.parse(await outlook("POST", people(room), body)));
    },
    /** An employee's invitation, which the room accepts; answers its event's id. */
    async inviteRoom({ room, words, ...times }: { room: string; start: string; end: string; words: object }) {
      const asked = { room: mailboxOf(room), ...words, ...times, timeZone: ZONE };
      const sent = { method: "POST", body: JSON.stringify(asked) };
      const answer = Invited.parse(await send(`${sandboxUrl}/sandbox/graph/book`, sent));
      return answer.immutableId;
    },
    async changeEvent({ room, id }: Pick<RoomEvent, "room" | "id">, body: object): Promise<RoomEvent> {
      return shownBy(room, GraphEvent.parse(await outlook("PATCH", `${people(room)}/${id}`, body)));
    },
    deleteEvent: ({ room, id }: Pick<RoomEvent, "room" | "id">) => outlook("DELETE", `${people(room)}/${id}`),

    /** The sandbox's own word, past every fault; deleted events too. */
    async look(): Promise<BothSides> {
      const { booking, graph, pendingNotices } = State.parse(await send(`${sandboxUrl}/sandbox/state`));
      const events = graph.mailboxes.flatMap(({ email, events }) => events.map((event) => storedIn(email, event)));
      return { rows: booking.reservations, events, underWay: pendingNotices };
    },
    /** What both systems tell anybody who asks their APIs: live events alone. */
    async read(rooms: readonly string[], from: string, to: string): Promise<BothSides> {
      const events: RoomEvent[] = [];
      for (const room of rooms) {
        const path = `${people(room)}?$top=1000&$expand=${encodeURIComponent(EXPAND)}`;
        const { value } = z.object({ value: z.array(GraphEvent) }).parse(await outlook("GET", path));
        events.push(...value.map((event) => shownBy(room, event)));
      }
      return { rows: await reservations(sandboxUrl, from, to), events, underWay: 0 };
    },

    faults: (rules: readonly object[], seed: number) =>
      send(`${sandboxUrl}/sandbox/faults`, { method: "POST", body: JSON.stringify({ rules, seed }) }),
    clearFaults: () => send(`${sandboxUrl}/sandbox/faults`, { method: "DELETE" }),
    /** Lockstep's calls of both systems since they were forgotten. */
    async calls(): Promise<Call[]> {
      const { calls } = z.object({ calls: z.array(Call) }).parse(await send(`${sandboxUrl}/sandbox/calls`));
      return calls.filter(({ path }) => !/\/users\/[^/]+\/calendar\/events/.test(path));
    },
    forgetCalls: () => send(`${sandboxUrl}/sandbox/calls`, { method: "DELETE" }),

    api: (path: string) => send(`${url}/api/${path}${path.includes("?") ? "&" : "?"}ws=${ws}`),
    /** All items of one of the API's lists, page by page. */
    async apiList(path: string): Promise<unknown[]> {
      const items: unknown[] = [];
      for (let after = ""; ; ) {
        const page = Page.parse(await this.api(`${path}${path.includes("?") ? "&" : "?"}limit=500${after}`));
        items.push(...page.items);
        if (page.next === null) return items;
        after = `&after=${encodeURIComponent(page.next)}`;
      }
    },
    /** What failed waits for its next try, longer each time: an operator who does not want to wait asks for it now. */
    async retryParked(): Promise<void> {
      const parked = (await this.apiList("event-maps")).map((item) => Parked.parse(item));
      for (const { source, resource, appointmentId } of parked.filter(({ nextAttempt }) => nextAttempt !== null)) {
        const body = JSON.stringify({ source, resource, bookingId: appointmentId });
        await send(`${url}/api/sync?ws=${ws}`, { method: "POST", body });
      }
    },
  };
}

const Parked = z.object({
  source: z.string(),
  resource: z.string(),
  appointmentId: z.string(),
  nextAttempt: z.string().nullable(),
});

const Invited = z.object({ response: z.literal("accepted"), immutableId: z.string() });
const Page = z.object({ items: z.array(z.unknown()), next: z.string().nullable() });
const Call = z.object({ operation: z.string(), path: z.string(), status: z.number() });
export type Call = z.infer<typeof Call>;

async function reservations(sandboxUrl: string, from: string, to: string): Promise<Row[]> {
  const Listed = z.object({ items: z.array(Row), next: z.string().optional() });
  const rows: Row[] = [];
  for (let cursor = ""; ; ) {
    const path = `/booking/v1/reservations?from=${from}&to=${to}&limit=500${cursor}`;
    const page = Listed.parse(await send(`${sandboxUrl}${path}`, { headers: { authorization: "Bearer clerk" } }));
    rows.push(...page.items);
    if (page.next === undefined) return rows;
    cursor = `&cursor=${encodeURIComponent(page.next)}`;
  }
}

function storedIn(email: string, event: z.infer<typeof StoredEvent>): RoomEvent {
  const {
    immutableId: id,
    subject: title,
    body,
    organizer,
    updated: updatedAt,
    attendees,
    properties,
    ...rest
  } = event;
  const marks = Object.entries(properties).map(([name, value]) => [name.replace(SET, ""), value]);
  const at = (stored: string) => (event.isAllDay ? floating(stored) : stored);
  return {
    ...rest,
    ...{ start: at(event.start), end: at(event.end) },
    ...{ id, title, updatedAt, room: email.replace("@sandbox", ""), text: bare(body.content) },
    ...{ attendees: attendees.length, organiser: organizer.address, marks: Object.fromEntries(marks) },
  };
}

/** The sandbox keeps whole days as instants of their zone; Graph shows them as midnight in whatever zone is asked for. */
function floating(stored: string): string {
  const local = Temporal.Instant.from(stored).toZonedDateTimeISO(ZONE).toPlainDateTime();
  return new Date(`${local}Z`).toISOString();
}

function shownBy(room: string, event: GraphEvent): RoomEvent {
  const marks = event.singleValueExtendedProperties.map(({ id, value }) => [nameIn(id), value]);
  return {
    ...{ id: event.id, room, isAllDay: event.isAllDay, title: event.subject, text: bare(event.body.content) },
    ...{ start: instantOf(event.start), end: instantOf(event.end), deleted: false },
    ...{ attendees: event.attendees.length, organiser: event.organizer.emailAddress.address },
    ...{ etag: event["@odata.etag"], updatedAt: event.lastModifiedDateTime, marks: Object.fromEntries(marks) },
  };
}

function nameIn(propertyId: string): string {
  return propertyId.slice(propertyId.lastIndexOf(" ") + 1);
}

/** Times are asked for in UTC. */
function instantOf({ dateTime }: { dateTime: string }): string {
  return new Date(`${dateTime.replace(/Z$/, "")}Z`).toISOString();
}

/** Text without tags and without space at its ends. */
function bare(content: string): string {
  return content
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("\r\n", "\n")
    .trim();
}

/** The answer's JSON; undefined where there is none. Throws where the status is no success. */
async function send(url: string, init: RequestInit = {}): Promise<unknown> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${init.method ?? "GET"} ${url} answered ${answer.status}: ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}
