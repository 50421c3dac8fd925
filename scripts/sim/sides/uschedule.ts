import { remembered } from "../../../shared/providers/remembered.ts";
import { EVENT_VIEWS } from "../../../shared/sync/view.ts";
import { seedStudio } from "../../sandbox/seed-demo.ts";
import type { AppointmentRow } from "../../sandbox/uschedule/rows.ts";
import { appointmentsOf, loginsOf } from "../../sandbox/uschedule/shelves.ts";
import type { SandboxRequest } from "../../sandbox/wire.ts";
import { momentOf, wallAt } from "../calendar-of-days.ts";
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

const ROOMS = ["Bay 1", "Bay 2"] as const;
const UNITS: Readonly<Record<number, string>> = { 101: resourceId(0), 102: resourceId(1) };
const GUESTS = ["Priya Raman", "Tom Eccles", "Maya Lindqvist", "Sam Okafor", "Jonas Weber"] as const;
const MARKER = /\n?\[lockstep ([^\]]+)\]/g;

const DEEDS = [
  ...["book", "checkout", "pay", "move", "lengthen", "rename", "annotate", "change-resource", "reschedule"],
  ...["cancel", "re-enable", "vanish"],
] as const;
const WEATHER = ["expire-logins"] as const;

const isListing = ({ path }: SandboxRequest) => path.endsWith("getapiappointments");
const isWrite = (request: SandboxRequest) => request.method !== "GET" && !isListing(request);

/** Staff at USchedule's own screens. */
export const USCHEDULE: SourceKind = {
  offers: [...DEEDS, ...WEATHER],
  faults: {
    truncate: isListing,
    empty: isListing,
    "bad-row": isListing,
    "expire-token": isAny,
    "unclear-status": isAny,
    "slot-taken": ({ path }) => /bookit|getavailability/.test(path),
    ...newsFaults(isWrite),
  },
  unreachable: EVENT_VIEWS.map((event) => ({
    cell: `yielding × ${event}`,
    why: "USchedule tells no kinds of bookings (SourceBooking.kind), so its rooms have no agenda (occupancyOf in agenda.ts).",
  })),
  byChance: [],
  open,
};

function open(stage: Stage): SourceSide {
  const { sandbox, webhook } = stage;
  sandbox.arrange(({ world }) => world.setOptions({ ...world.options(), webhook }));
  seedStudio(sandbox);
  const appointments = () => appointmentsOf(sandbox.world).all("appointments");
  const future = () => {
    const now = wallAt(stage.now(), stage.zone);
    return appointments().filter(({ StartTime }) => StartTime > now);
  };
  const live = () => future().filter(({ StatusID }) => StatusID === 1);
  const staff = async (choice: Choice, action: string, body: object) =>
    (await choice.call("POST", `/sandbox/uschedule/${action}`, body))["Id"];
  const room = (choice: Choice) => oneOf(ROOMS, choice);
  const guest = (choice: Choice) => oneOf(GUESTS, choice);

  const order = (choice: Choice) => ({
    ResourceName: room(choice),
    StartTime: stage.wall(choice.slot),
    ServiceLength: minutesOf(choice),
    CustomerName: guest(choice),
    Notes: choice.other % 3 === 0 ? noteOf(choice) : "",
  });

  /** A deed on one of these appointments. */
  const on =
    (
      candidates: () => readonly AppointmentRow[],
      action: string,
      words: (choice: Choice) => object,
      tell: (choice: Choice) => string,
    ) =>
    async (choice: Choice) => {
      const row = choice.pick(candidates());
      if (row === undefined) return undefined;
      const answer = await staff(choice, action, { id: row.AppointmentID, ...words(choice) });
      const became = String(answer) === String(row.AppointmentID) ? "" : ` (now ${answer})`;
      return `staff ${tell(choice)} ${row.AppointmentID}${became}`;
    };
  const at = (choice: Choice) => `to ${stage.wall(choice.slot)}`;
  const withStatus = (...ids: number[]) => future().filter(({ StatusID }) => ids.includes(StatusID));

  const deeds: Record<(typeof DEEDS)[number], Deed> = {
    book: async (choice) =>
      `staff book ${await staff(choice, "book", order(choice))}: ${room(choice)} at ${stage.wall(choice.slot)}, ${minutesOf(choice)} min, ${guest(choice)}`,
    checkout: async (choice) =>
      `a guest begins checkout ${await staff(choice, "checkout", order(choice))}: ${room(choice)} at ${stage.wall(choice.slot)}`,
    pay: on(
      () => withStatus(0),
      "pay",
      () => ({}),
      () => "see the payment of",
    ),
    move: on(
      live,
      "edit",
      (choice) => ({ StartTime: stage.wall(choice.slot) }),
      (choice) => `move (${at(choice)})`,
    ),
    lengthen: on(
      live,
      "edit",
      (choice) => ({ ServiceLength: minutesOf(choice) }),
      (choice) => `make ${minutesOf(choice)} min long`,
    ),
    rename: on(
      live,
      "edit",
      (choice) => ({ CustomerName: `${guest(choice)} ${choice.other}` }),
      (choice) => `put ${guest(choice)} ${choice.other} in`,
    ),
    annotate: on(
      live,
      "edit",
      (choice) => ({ Notes: noteOf(choice) }),
      (choice) => `write "${noteOf(choice)}" into`,
    ),
    "change-resource": on(
      live,
      "edit",
      (choice) => ({ ResourceName: room(choice) }),
      (choice) => `give ${room(choice)} to`,
    ),
    reschedule: on(
      live,
      "reschedule",
      (choice) => ({ StartTime: stage.wall(choice.slot) }),
      (choice) => `reschedule (${at(choice)})`,
    ),
    cancel: on(
      live,
      "cancel",
      () => ({}),
      () => "cancel",
    ),
    "re-enable": on(
      () => withStatus(9),
      "reenable",
      () => ({}),
      () => "re-enable",
    ),
    vanish: on(
      live,
      "remove",
      () => ({}),
      () => "remove without a trace",
    ),
  };
  const weather: Record<(typeof WEATHER)[number], () => Promise<void>> = {
    "expire-logins": async () =>
      sandbox.arrange(({ world }) => {
        for (const id of loginsOf(world).ids("logins")) loginsOf(world).remove("logins", id);
      }),
  };
  return {
    provider: "uschedule",
    root: { variable: "USCHEDULE_API_ROOT", path: "/uschedule" },
    settings: {},
    rooms: ROOMS,
    rows: appointments,
    // Proof: only `rows` above hands rows out.
    key: (row) => String((row as AppointmentRow).AppointmentID),
    facts: (row) => factsOf(row as AppointmentRow, stage.zone),
    deeds,
    weather,
  };
}

const STATES: Readonly<Record<number, BookingFacts["state"]>> = {
  1: "live",
  11: "pending",
  0: "pending",
  10: "rescheduled",
};

function factsOf(row: AppointmentRow, zone: string): BookingFacts {
  const former = [...row.Description.matchAll(MARKER)].at(-1)?.[1];
  return {
    id: String(row.AppointmentID),
    state: STATES[row.StatusID] ?? "cancelled",
    resource: UNITS[row.ResourceUnitID] ?? "",
    start: instantOf(row.StartTime, zone),
    end: instantOf(row.EndTime, zone),
    title: row.CustomerName,
    description: row.Description.replaceAll(MARKER, "").trim(),
    ...(former === undefined ? {} : { former: former.slice(0, former.lastIndexOf("-")) }),
  };
}

const instantOf = remembered((local: string, zone: string): string => new Date(momentOf(local, zone)).toISOString());
