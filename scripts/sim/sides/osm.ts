import { remembered } from "../../../shared/providers/remembered.ts";
import { EVENT_VIEWS } from "../../../shared/sync/view.ts";
import type { BookingRow } from "../../sandbox/osm/rows.ts";
import { bookingsOf, itemsOf } from "../../sandbox/osm/shelves.ts";
import type { SandboxRequest } from "../../sandbox/wire.ts";
import { momentOf, wallAt } from "../calendar-of-days.ts";
import { isAny, minutesOf, newsFaults, oneOf, pull } from "./hands.ts";
import {
  type BookingFacts,
  type Choice,
  type Deed,
  resourceId,
  type SourceKind,
  type SourceSide,
  type Stage,
} from "./side.ts";

const PITCHES: readonly [string, string] = ["301", "302"];
const GROUPS = ["1st Anytown", "3rd Riverside", "Hill District", "Lakeside Beavers", "2nd Oakham"] as const;
/** Nothing a history does is to run into the hour's limit: that has tests of its own. */
const CALLS_AN_HOUR = 100_000;

/** No checkouts, and no notes. */
const DEEDS = [
  ...["book", "move", "lengthen", "rename", "change-resource", "reschedule", "cancel", "re-enable", "vanish"],
] as const;
const WEATHER = ["expire-logins"] as const;

const isListing = ({ path }: SandboxRequest) => path.endsWith("/bookings");
const isWrite = ({ method }: SandboxRequest) => method !== "GET";

/** Wardens at OSM's own screens. Nothing is ever changed there through Lockstep. */
export const OSM: SourceKind = {
  offers: [...DEEDS, ...WEATHER],
  isReadOnly: true,
  faults: {
    truncate: isListing,
    empty: isListing,
    "bad-row": isListing,
    "expire-token": isAny,
    "status-false": isAny,
    ...newsFaults(isWrite),
  },
  unreachable: EVENT_VIEWS.map((event) => ({
    cell: `yielding × ${event}`,
    why: "OSM tells no kinds of bookings (SourceBooking.kind), so its pitches have no agenda (occupancyOf in agenda.ts).",
  })),
  byChance: [],
  open,
};

function open(stage: Stage): SourceSide {
  const { sandbox, zone, webhook } = stage;
  sandbox.arrange(({ world }) => {
    world.setOptions({ ...world.options(), osmWebhook: webhook, osmRateLimit: CALLS_AN_HOUR });
    for (const id of PITCHES) itemsOf(world).put("items", id, { id: Number(id), name: `Pitch ${id}` });
  });
  const all = () => bookingsOf(sandbox.world).all("bookings");
  const future = () => all().filter((row) => startOf(row) > wallAt(stage.now(), zone));
  const live = () => future().filter(({ status }) => status !== "cancelled");
  const pitch = (choice: Choice) => oneOf(PITCHES, choice);
  const group = (choice: Choice) => oneOf(GROUPS, choice);

  /** One pitch from a wall time on, with the days that it touches. */
  const stay = (item: string, start: string, minutes: number) => {
    const end = wallAt(momentOf(start, zone) + minutes * 60_000, zone);
    const times = { start: start.replace("T", " "), end: end.replace("T", " ") };
    return { start: start.slice(0, 10), end: end.slice(0, 10), items: [{ item: Number(item), ...times }] };
  };
  const warden = async (choice: Choice, action: string, body: object) =>
    (await choice.call("POST", `/sandbox/osm/${action}`, body))["id"];

  /** A deed on one of these bookings; its price, and so its row, changes with every one. */
  const on =
    (
      candidates: () => readonly BookingRow[],
      action: string,
      words: (choice: Choice, row: BookingRow) => object,
      tell: (choice: Choice) => string,
    ) =>
    async (choice: Choice) => {
      const row = choice.pick(candidates());
      if (row === undefined) return undefined;
      const dearer = action === "edit" ? { participants: row.number_participants + 1 } : {};
      const answer = await warden(choice, action, { id: row.id, ...dearer, ...words(choice, row) });
      const became = String(answer) === String(row.id) ? "" : ` (now ${answer})`;
      return `wardens ${tell(choice)} ${row.id}${became}`;
    };

  const deeds: Record<(typeof DEEDS)[number], Deed> = {
    book: async (choice) => {
      const order = stay(pitch(choice), stage.wall(choice.slot), minutesOf(choice));
      const id = await warden(choice, "book", { ...order, group: group(choice) });
      return `wardens book ${id}: pitch ${pitch(choice)} at ${stage.wall(choice.slot)}, ${minutesOf(choice)} min, ${group(choice)}`;
    },
    move: on(
      live,
      "edit",
      (choice, row) => stay(pitchOf(row), stage.wall(choice.slot), lengthOf(row, zone)),
      (choice) => `move (to ${stage.wall(choice.slot)})`,
    ),
    lengthen: on(
      live,
      "edit",
      (choice, row) => stay(pitchOf(row), startOf(row), minutesOf(choice)),
      (choice) => `make ${minutesOf(choice)} min long`,
    ),
    rename: on(
      live,
      "edit",
      (choice) => ({ group: `${group(choice)} ${choice.other}` }),
      (choice) => `put ${group(choice)} ${choice.other} in`,
    ),
    "change-resource": on(
      live,
      "edit",
      (choice, row) => stay(pitch(choice), startOf(row), lengthOf(row, zone)),
      (choice) => `give pitch ${pitch(choice)} to`,
    ),
    reschedule: on(
      live,
      "rebook",
      () => ({}),
      () => "see OSM cancel, and book again,",
    ),
    cancel: on(
      live,
      "cancel",
      () => ({}),
      () => "cancel",
    ),
    "re-enable": on(
      () => future().filter(({ status, rebookedAs }) => status === "cancelled" && rebookedAs === undefined),
      "edit",
      () => ({ status: "confirmed" }),
      () => "take back the cancellation of",
    ),
    vanish: on(
      live,
      "remove",
      () => ({}),
      () => "remove without a trace",
    ),
  };
  const weather: Record<(typeof WEATHER)[number], () => Promise<void>> = {
    "expire-logins": () => pull(stage, "/sandbox/osm/expire-tokens", {}),
  };
  return {
    provider: "osm",
    root: { variable: "OSM_API_ROOT", path: "/osm" },
    settings: { campsiteId: 1 },
    rooms: PITCHES,
    rows: all,
    // Proof: only `rows` above hands rows out.
    key: (row) => String((row as BookingRow).id),
    facts: (row) => factsOf(row as BookingRow, zone),
    deeds,
    weather,
  };
}

function pitchOf({ items }: BookingRow): string {
  return String(items[0]?.campsite_item_id ?? PITCHES[0]);
}

function startOf({ items, start_date }: BookingRow): string {
  return (items[0]?.start_timestamp ?? `${start_date} 00:00:00`).replace(" ", "T");
}

function endOf({ items, end_date }: BookingRow): string {
  return (items[0]?.end_timestamp ?? `${end_date} 00:00:00`).replace(" ", "T");
}

function lengthOf(row: BookingRow, zone: string): number {
  return (momentOf(endOf(row), zone) - momentOf(startOf(row), zone)) / 60_000;
}

function stateOf({ status, rebookedAs }: BookingRow): BookingFacts["state"] {
  if (status !== "cancelled") return "live";
  return rebookedAs === undefined ? "cancelled" : "rescheduled";
}

function factsOf(row: BookingRow, zone: string): BookingFacts {
  return {
    id: String(row.id),
    state: stateOf(row),
    resource: resourceId(PITCHES.indexOf(pitchOf(row))),
    start: instantOf(startOf(row), zone),
    end: instantOf(endOf(row), zone),
    title: row.group_name,
    description: "",
  };
}

const instantOf = remembered((local: string, zone: string): string => new Date(momentOf(local, zone)).toISOString());
