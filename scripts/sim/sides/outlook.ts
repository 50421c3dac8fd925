import { Temporal } from "temporal-polyfill";
import { eventId } from "../../sandbox/graph/ids.ts";
import { mailboxNamed, putMailbox } from "../../sandbox/graph/mailboxes.ts";
import type { EventRow } from "../../sandbox/graph/rows.ts";
import { eventsOf } from "../../sandbox/graph/shelves.ts";
import type { SandboxRequest } from "../../sandbox/wire.ts";
import { momentOf, wallAt } from "../calendar-of-days.ts";
import { isAny, newsFaults, oneOf, otherOf, pull } from "./hands.ts";
import {
  type CalendarKind,
  type CalendarSide,
  type Choice,
  type Deed,
  type EventFacts,
  MARKER,
  type Stage,
} from "./side.ts";

const CALENDARS = ["room-1@sandbox", "room-2@sandbox"] as const;
const LEVERS = "/sandbox/graph";
/** The named properties of Lockstep; see `shared/providers/outlook/README.md`. */
const PROPERTY = "String {8f2d6c1e-5b7a-4e0d-9c43-1a6e7d2b9f50} Name ";
const MANAGED = `${PROPERTY}${MARKER.managed}`;
const BOOKING = `${PROPERTY}${MARKER.bookingId}`;
/** So short that a history's lists have several pages. */
const PAGE_SIZE = 8;

/** No `recreate`: nothing comes back from a room's bin under its own id. No `unmark`: no screen shows a named property. */
const DEEDS = [
  ...["drag", "nudge", "stretch", "retitle", "describe", "whole-day", "delete", "carry-over", "copy"],
  ...["stranger-adds", "stranger-edits", "stranger-deletes", "earlier-installation"],
] as const;
const WEATHER = ["expire-cursors", "expire-watches", "silence-watches", "watches-end"] as const;

const isEvents = ({ path }: SandboxRequest) => /\/(?:events|calendarView|delta)(?:\/|$)/i.test(path);
const isDelta = ({ path }: SandboxRequest) => path.endsWith("/calendarView/delta");
const isList = ({ method, path }: SandboxRequest) => method === "GET" && /\/(?:events|calendarView|delta)$/.test(path);
const isWrite = (request: SandboxRequest) => request.method !== "GET" && isEvents(request);
const isConditional = (request: SandboxRequest) => isWrite(request) && request.method !== "POST";
const isSubscribing = ({ method, path }: SandboxRequest) => method === "POST" && path.endsWith("/subscriptions");

/** People at their Outlook, with the rooms' calendars open. */
export const OUTLOOK: CalendarKind = {
  offers: [...DEEDS, ...WEATHER],
  faults: {
    "status=409": isWrite,
    "status=412": isConditional,
    truncate: isList,
    empty: isList,
    "bad-row": isList,
    "empty-page": isList,
    "no-access": isEvents,
    "expire-token": isAny,
    "expire-delta": isDelta,
    "expire-delta=resyncRequired": isDelta,
    "delta-repeat": isDelta,
    "delta-removed-outside": isDelta,
    "delta-restorable": isDelta,
    "batch-throttle=0": ({ path }) => path.endsWith("/$batch"),
    "subscription-refused": isSubscribing,
    "subscription-slow": isSubscribing,
    "lifecycle=missed": isWrite,
    "lifecycle=subscriptionRemoved": isWrite,
    "lifecycle=reauthorizationRequired": isWrite,
    ...newsFaults(isWrite),
  },
  unreachable: (["new", "same", "changed", "moved", "cancelled", "doubtful"] as const).map((booking) => ({
    cell: `${booking} × unmarked`,
    why: "Nobody at Outlook takes a named property from an event (DEEDS), and isMarked in look.ts knows an event of ours by nothing else; one that was never marked has no booking that was read beside it but as adopted.",
  })),
  byChance: [],
  hidesDeleted: true,
  load: () => import("@microsoft/microsoft-graph-client"),
  open,
};

function open(stage: Stage): CalendarSide {
  const { sandbox, zone } = stage;
  sandbox.arrange(({ world }) => {
    // A room that declines what overlaps would delete events by itself, which is nobody's deed.
    const options = { graphPageSize: PAGE_SIZE, graphAnyToken: true, roomOverlaps: "accept" as const };
    world.setOptions({ ...world.options(), ...options });
    for (const email of CALENDARS) {
      putMailbox(world, { email, displayName: email, timeZone: zone, room: { capacity: 12, building: "" } });
    }
  });
  const all = () => CALENDARS.flatMap((email) => rowsOf(stage, email).map((row) => ({ email, row })));
  const live = () => all().filter(({ row }) => !isGone(row));
  const ours = () => live().filter(({ row }) => namesOf(row) !== undefined && row.span.endMs > stage.now());
  const timed = () => ours().filter(({ row }) => !row.span.isAllDay);
  const strangers = () => live().filter(({ row }) => namesOf(row) === undefined);
  const person = (choice: Choice, action: string, body: object) =>
    choice.call("POST", `/sandbox/graph/${action}`, body);
  const times = (fromMs: number, untilMs: number) => {
    // As the screen does it: in an hour that comes twice an event keeps its length.
    const timeZone = [fromMs, untilMs].every((ms) => isClear(ms, zone)) ? zone : "UTC";
    return { start: wallAt(fromMs, timeZone), end: wallAt(untilMs, timeZone), timeZone };
  };
  const startMs = (choice: Choice) => momentOf(stage.wall(choice.slot), zone);

  /** A deed on one of these events. */
  const on =
    (
      candidates: () => readonly Standing[],
      tell: (choice: Choice) => string,
      act: (choice: Choice, row: EventRow, email: string) => readonly [action: string, words?: object],
    ) =>
    async (choice: Choice) => {
      const found = choice.pick(candidates());
      if (found === undefined) return undefined;
      const { email, row } = found;
      const [action, words = {}] = act(choice, row, email);
      await person(choice, action, { room: email, id: eventId(row, false), ...words });
      return `somebody ${tell(choice)} the event of ${namesOf(row) ?? "nobody's"} on ${email}`;
    };
  /** An event with properties, which only programs write: a paste, or what an installation before ours did. */
  const write = (choice: Choice, email: string, event: object) =>
    choice.call("POST", `/graph/v1.0/users/${encodeURIComponent(email)}/events`, event);

  const deeds: Record<(typeof DEEDS)[number], Deed> = {
    drag: on(
      timed,
      (choice) => `drags to ${stage.wall(choice.slot)}`,
      (choice, { span }) => ["drag", times(startMs(choice), startMs(choice) + span.endMs - span.startMs)],
    ),
    nudge: on(
      timed,
      () => "moves by half an hour",
      (_, { span }) => ["drag", times(span.startMs + 1_800_000, span.endMs + 1_800_000)],
    ),
    stretch: on(
      timed,
      () => "stretches by half an hour",
      (_, { span }) => ["drag", times(span.startMs, span.endMs + 1_800_000)],
    ),
    retitle: on(
      ours,
      (choice) => `renames to "Title ${choice.other}"`,
      (choice) => ["edit", { subject: `Title ${choice.other}` }],
    ),
    describe: on(
      ours,
      (choice) => `describes as "Text ${choice.other}"`,
      (choice) => ["edit", { text: `Text ${choice.other}` }],
    ),
    "whole-day": on(
      ours,
      (choice) => `makes a whole day (${stage.wall(choice.slot).slice(0, 10)})`,
      (choice) => ["edit", wholeDay(stage.wall(choice.slot).slice(0, 10), zone)],
    ),
    delete: on(
      ours,
      (choice) => (isCallingOff(choice) ? "calls off" : "deletes"),
      (choice) => [isCallingOff(choice) ? "cancel" : "delete"],
    ),
    // The other room gets the same meeting under another id.
    "carry-over": on(
      ours,
      () => "moves to the other room",
      (_, __, email) => ["move", { to: otherOf(CALENDARS, email) }],
    ),
    copy: async (choice) => {
      const found = choice.pick(ours());
      if (found === undefined) return undefined;
      const { email, row } = found;
      const { subject, body, showAs } = row.body;
      const singleValueExtendedProperties = Object.entries(row.properties).map(([id, value]) => ({ id, value }));
      await write(choice, email, { subject, body, showAs, ...sentTimes(row), singleValueExtendedProperties });
      return `somebody copies the event of ${namesOf(row) ?? "nobody's"} on ${email}`;
    },
    "stranger-adds": async (choice) => {
      const room = oneOf(CALENDARS, choice);
      const at = startMs(choice);
      const { response } = await person(choice, "book", {
        room,
        subject: `Own ${choice.other}`,
        ...times(at, at + 3_600_000),
      });
      return `somebody invites ${room} at ${stage.wall(choice.slot)}: ${response}`;
    },
    "earlier-installation": async (choice) => {
      const { booking } = choice;
      if (booking === undefined) return undefined;
      const at = startMs(choice);
      const { start, end, timeZone } = times(at, at + 3_600_000);
      await write(choice, CALENDARS[1], {
        ...{ subject: booking.title, body: { contentType: "text", content: booking.description } },
        ...{ start: { dateTime: start, timeZone }, end: { dateTime: end, timeZone } },
        singleValueExtendedProperties: [
          { id: MANAGED, value: "true" },
          { id: BOOKING, value: booking.id },
        ],
      });
      return `an earlier installation left an event of booking ${booking.id} on ${CALENDARS[1]}`;
    },
    "stranger-edits": on(
      strangers,
      (choice) => `describes as "Own ${choice.other}"`,
      (choice) => ["edit", { text: `Own ${choice.other}` }],
    ),
    "stranger-deletes": on(
      strangers,
      () => "deletes",
      () => ["delete"],
    ),
  };
  const weather: Record<(typeof WEATHER)[number], () => Promise<void>> = {
    "expire-cursors": () => pull(stage, `${LEVERS}/expire-delta`, {}),
    "expire-watches": () => pull(stage, `${LEVERS}/subscriptions`, { make: "expired" }),
    "silence-watches": () => pull(stage, `${LEVERS}/subscriptions`, { make: "silent" }),
    "watches-end": async () => {
      await pull(stage, `${LEVERS}/lifecycle`, { room: CALENDARS[0], event: "subscriptionRemoved" });
      await pull(stage, `${LEVERS}/lifecycle`, { room: CALENDARS[1], event: "reauthorizationRequired" });
    },
  };
  return {
    provider: "outlook",
    root: { variable: "GRAPH_API_ROOT", path: "/graph" },
    settings: {},
    calendars: CALENDARS,
    rows: () => CALENDARS.flatMap((email) => rowsOf(stage, email)),
    // Proof: only `rows` above hands rows out.
    key: (row) => keyOf(row as EventRow),
    facts: (row) => factsOf(stage, row as EventRow),
    deeds,
    weather,
  };
}

interface Standing {
  readonly email: string;
  readonly row: EventRow;
}

function rowsOf({ sandbox }: Stage, email: string): EventRow[] {
  const mailbox = mailboxNamed(sandbox.world, email);
  return mailbox === undefined ? [] : eventsOf(sandbox.world).all(mailbox.id);
}

/** Called off by its organiser it still stands there, as `Canceled: …`. */
function isGone({ deleted, cancelled }: EventRow): boolean {
  return deleted || cancelled;
}

function isCallingOff({ other }: Choice): boolean {
  return other % 4 === 0;
}

function isClear(ms: number, zone: string): boolean {
  return momentOf(wallAt(ms, zone), zone) === ms;
}

function wholeDay(date: string, timeZone: string) {
  const next = Temporal.PlainDate.from(date).add({ days: 1 });
  return { isAllDay: true, start: `${date}T00:00:00`, end: `${next}T00:00:00`, timeZone };
}

function sentTimes({ span }: EventRow) {
  return {
    start: { dateTime: span.start, timeZone: span.startZoneSent },
    end: { dateTime: span.end, timeZone: span.endZoneSent },
    isAllDay: span.isAllDay,
  };
}

function keyOf({ mailbox, key }: EventRow): string {
  return `${mailbox}/${key}`;
}

/** The booking that a marked event names. */
function namesOf({ properties }: EventRow): string | undefined {
  return properties[MANAGED] === "true" ? properties[BOOKING] : undefined;
}

function factsOf({ sandbox }: Stage, row: EventRow): EventFacts {
  const { body, span, properties, deleted, cancelled } = row;
  const names = namesOf(row);
  const told = (wall: string, ms: number) => (span.isAllDay ? wall.slice(0, 10) : new Date(ms).toISOString());
  const calendar = CALENDARS.find((email) => mailboxNamed(sandbox.world, email)?.id === row.mailbox);
  return {
    // Its ids in the mailbox may change; the meeting stays the same one.
    id: row.meeting.replace(/^0+/, "m"),
    calendar: calendar ?? "",
    state: isGone(row) ? "deleted" : "live",
    start: told(span.start, span.startMs),
    end: told(span.end, span.endMs),
    title: body.subject,
    description: body.body.content,
    ...(names === undefined ? {} : { names }),
    isFree: body.showAs === "free",
    isSeries: row.series !== undefined,
    text: JSON.stringify([deleted, cancelled, body, span, properties]),
  };
}
