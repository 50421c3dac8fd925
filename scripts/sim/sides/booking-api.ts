import type { ReservationRow, Time } from "../../sandbox/booking/rows.ts";
import { reservationsOf, roomsOf } from "../../sandbox/booking/shelves.ts";
import type { SandboxRequest } from "../../sandbox/wire.ts";
import { momentOf } from "../calendar-of-days.ts";
import { isAny, minutesOf, newsFaults, noteOf, oneOf } from "./hands.ts";
import {
  type BookingFacts,
  type Choice,
  type Deed,
  resourceId,
  type SourceKind,
  type SourceSide,
  type Stage,
} from "./side.ts";

const ROOMS = ["room-1", "room-2"] as const;
const GROUPS = ["Bergen Choir", "Chess Club", "Theatre Group", "Scouts", "Repair Café"] as const;
/** So short that a history's lists have several pages. */
const PAGE_SIZE = 8;

/** No `reschedule`: a reservation is moved in place, and keeps its id. No checkouts either. */
const DEEDS = [
  ...["book", "move", "lengthen", "rename", "annotate", "change-resource", "cancel", "re-enable", "vanish"],
] as const;

const isList = ({ method, path }: SandboxRequest) => method === "GET" && path.endsWith("/reservations");
const isRead = ({ method }: SandboxRequest) => method === "GET";
const isWrite = ({ method }: SandboxRequest) => method !== "GET";
const isChange = ({ method }: SandboxRequest) => method === "PATCH";

/** Staff at the town hall's own desk. */
export const BOOKING_API: SourceKind = {
  offers: DEEDS,
  faults: {
    truncate: isList,
    empty: isList,
    "bad-row": isList,
    "first-page": isList,
    "expire-cursor": ({ query }) => query.has("cursor"),
    stale: isRead,
    "error-in-200": isAny,
    "expire-token": isAny,
    "status=412": isChange,
    "slot-taken": isChange,
    ...newsFaults(isWrite),
  },
  unreachable: [],
  byChance: [],
  open,
};

function open(stage: Stage): SourceSide {
  const { sandbox, zone, webhook } = stage;
  sandbox.arrange(({ world }) => {
    const options = { bookingTimeZone: zone, bookingWebhook: webhook, bookingPageSize: PAGE_SIZE };
    world.setOptions({ ...world.options(), ...options });
    for (const id of ROOMS)
      roomsOf(world).put("rooms", id, { id, name: id, timeZone: zone, capacity: 12, active: true });
  });
  const all = () => reservationsOf(sandbox.world).all("reservations");
  const future = () => all().filter(({ startMs }) => startMs > stage.now());
  const live = () => future().filter(({ active }) => active);
  const room = (choice: Choice) => oneOf(ROOMS, choice);
  const group = (choice: Choice) => oneOf(GROUPS, choice);
  const startMs = (choice: Choice) => momentOf(stage.wall(choice.slot), zone);
  const desk = (choice: Choice, action: string, body: object) =>
    choice.call("POST", `/sandbox/booking/${action}`, body);

  /** A deed on one of these reservations. */
  const on =
    (
      candidates: () => readonly ReservationRow[],
      action: (choice: Choice) => string,
      words: (choice: Choice, row: ReservationRow) => object,
      tell: (choice: Choice) => string,
    ) =>
    async (choice: Choice) => {
      const row = choice.pick(candidates());
      if (row === undefined) return undefined;
      await desk(choice, action(choice), { id: row.id, ...words(choice, row) });
      return `staff ${tell(choice)} ${row.id}`;
    };
  const edit = () => "edit";

  /** Longer where it gives a slot to somebody; what begins inside one of the room takes place in it. */
  const orderOf = (choice: Choice) => {
    const kind = (["event", "allocation", "booking", "event", "booking", "booking"] as const)[choice.other % 6];
    const from = startMs(choice);
    const allocation = live().find(
      (row) =>
        row.kind === "allocation" && row.resources.includes(room(choice)) && row.startMs <= from && from < row.endMs,
    );
    if (kind !== "booking" || allocation === undefined)
      return { kind, ...between(from, minutesOf(choice) * (kind === "allocation" ? 3 : 1)) };
    const length = Math.min(minutesOf(choice), (allocation.endMs - from) / 60_000);
    return { kind, allocationId: allocation.id, ...between(from, length) };
  };

  const deeds: Record<(typeof DEEDS)[number], Deed> = {
    book: async (choice) => {
      const order = orderOf(choice);
      const { id } = await desk(choice, "book", {
        ...{ ...order, resources: room(choice), title: group(choice) },
        description: choice.other % 3 === 0 ? noteOf(choice) : "",
      });
      return `staff book ${id} (${order.kind}): ${room(choice)} at ${stage.wall(choice.slot)}, ${minutesOf(choice)} min, ${group(choice)}`;
    },
    move: on(
      live,
      () => "move",
      (choice, row) => between(startMs(choice), (row.endMs - row.startMs) / 60_000),
      (choice) => `move (to ${stage.wall(choice.slot)})`,
    ),
    lengthen: on(
      live,
      edit,
      (choice, row) => between(row.startMs, minutesOf(choice)),
      (choice) => `make ${minutesOf(choice)} min long`,
    ),
    rename: on(
      live,
      edit,
      (choice) => ({ title: `${group(choice)} ${choice.other}` }),
      (choice) => `put ${group(choice)} ${choice.other} in`,
    ),
    annotate: on(
      live,
      edit,
      (choice) => ({ description: noteOf(choice) }),
      (choice) => `write "${noteOf(choice)}" into`,
    ),
    "change-resource": on(
      live,
      () => "rooms",
      (choice) => ({ resources: room(choice) }),
      (choice) => `give ${room(choice)} to`,
    ),
    cancel: on(
      live,
      () => "cancel",
      () => ({}),
      () => "cancel",
    ),
    "re-enable": on(
      () => future().filter(({ active }) => !active),
      () => "enable",
      () => ({}),
      () => "re-enable",
    ),
    vanish: on(
      live,
      (choice) => (choice.other % 2 === 0 ? "delete" : "remove"),
      () => ({}),
      (choice) => (choice.other % 2 === 0 ? "delete" : "remove without a trace"),
    ),
  };
  return {
    provider: "booking-api",
    root: { variable: "BOOKING_API_ROOT", path: "/booking" },
    settings: {},
    rooms: ROOMS,
    template: { title: "{title}" },
    rows: all,
    // Proof: only `rows` above hands rows out.
    key: (row) => (row as ReservationRow).id,
    facts: (row) => factsOf(row as ReservationRow),
    deeds,
    weather: {},
  };
}

function between(fromMs: number, length: number): { readonly start: string; readonly end: string } {
  return { start: new Date(fromMs).toISOString(), end: new Date(fromMs + length * 60_000).toISOString() };
}

function factsOf(row: ReservationRow): BookingFacts {
  return {
    id: row.id,
    state: row.active ? "live" : "cancelled",
    resource: resourceId(ROOMS.findIndex((name) => row.resources.includes(name))),
    start: told(row.start, row.startMs),
    end: told(row.end, row.endMs),
    title: row.title,
    description: row.description.trim(),
    kind: row.kind,
    takes: [row.startMs, row.endMs],
    ...(row.allocationId === undefined ? {} : { within: row.allocationId }),
  };
}

function told(time: Time, ms: number): string {
  return "date" in time ? time.date : new Date(ms).toISOString();
}
