import { loadLibrary } from "../../../shared/providers/google-calendar/client.ts";
import type { EventRow } from "../../sandbox/google/rows.ts";
import { eventsOf } from "../../sandbox/google/shelves.ts";
import { seedStudio } from "../../sandbox/seed-demo.ts";
import type { SandboxRequest } from "../../sandbox/wire.ts";
import { momentOf } from "../calendar-of-days.ts";
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

const CALENDARS = ["loft-bay-1@sandbox", "loft-bay-2@sandbox"] as const;
const LEVERS = "/sandbox/google";

const DEEDS = [
  ...["drag", "nudge", "stretch", "retitle", "describe", "whole-day", "unmark", "delete", "recreate"],
  ...["carry-over", "copy", "stranger-adds", "stranger-edits", "stranger-deletes", "earlier-installation"],
] as const;
const WEATHER = ["expire-cursors", "expire-watches", "silence-watches"] as const;

const isListing = ({ path }: SandboxRequest) => path.endsWith("/events");
const isWrite = (request: SandboxRequest) => request.method !== "GET" && !isListing(request);
const isConditional = ({ method }: SandboxRequest) => method === "PATCH" || method === "DELETE";

/** People at the calendars' own screens. */
export const GOOGLE_CALENDAR: CalendarKind = {
  offers: [...DEEDS, ...WEATHER],
  faults: {
    "status=409": ({ method, path }) => method === "POST" && path.endsWith("/events"),
    "status=412": isConditional,
    truncate: isListing,
    empty: isListing,
    "bad-row": isListing,
    "empty-page": isListing,
    "expire-sync-token": isListing,
    "bare-get": isAny,
    "free-busy": isAny,
    "no-access": isAny,
    "watch-refused": ({ path }) => path.endsWith("/watch"),
    ...newsFaults(isWrite),
  },
  unreachable: [],
  byChance: [],
  load: loadLibrary,
  open,
};

function open(stage: Stage): CalendarSide {
  const { sandbox, zone } = stage;
  seedStudio(sandbox);
  const all = () => CALENDARS.flatMap((calendar) => eventsOf(sandbox.world).all(calendar));
  const live = () => all().filter(({ status }) => status !== "cancelled");
  const ours = () => live().filter((row) => namesOf(row) !== undefined && row.endMs > stage.now());
  /** What was moved to another calendar leaves a tombstone, but lies in nobody's bin. */
  const binned = () =>
    all().filter(
      ({ id, status, endMs, ...row }) =>
        status === "cancelled" &&
        endMs > stage.now() &&
        storedName({ id, status, endMs, ...row }) !== undefined &&
        !live().some((other) => other.id === id),
    );
  const strangers = () => live().filter((row) => namesOf(row) === undefined);
  // As the screen does it: what begins in an hour that a clock change leaves out keeps its length.
  const times = (wall: string, minutes: number) => {
    const startMs = momentOf(wall, zone);
    return { start: shown(startMs, zone), end: shown(startMs + minutes * 60_000, zone) };
  };

  /** A deed on one of these events. */
  const on =
    (
      candidates: () => readonly EventRow[],
      tell: (choice: Choice, row: EventRow) => string,
      act: (choice: Choice, row: EventRow, path: string) => Promise<unknown>,
    ) =>
    async (choice: Choice) => {
      const row = choice.pick(candidates());
      if (row === undefined) return undefined;
      await act(choice, row, `${pathOf(row.calendarId)}/${row.id}`);
      return `somebody ${tell(choice, row)} the event of ${namesOf(row) ?? "nobody's"} on ${row.calendarId}`;
    };
  const patch = (
    candidates: () => readonly EventRow[],
    tell: (choice: Choice) => string,
    body: (choice: Choice, row: EventRow) => object,
  ) => on(candidates, tell, (choice, row, path) => choice.call("PATCH", path, body(choice, row)));
  const lengthOf = (row: EventRow) => (row.endMs - row.startMs) / 60_000;

  const deeds: Record<(typeof DEEDS)[number], Deed> = {
    drag: patch(
      () => ours().filter((row) => row.body.start.date === undefined),
      (choice) => `drags to ${stage.wall(choice.slot)}`,
      (choice, row) => times(stage.wall(choice.slot), lengthOf(row)),
    ),
    nudge: patch(
      () => ours().filter((row) => row.body.start.date === undefined),
      () => "moves by half an hour",
      (_, row) => ({ start: shown(row.startMs + 1_800_000, zone), end: shown(row.endMs + 1_800_000, zone) }),
    ),
    stretch: patch(
      () => ours().filter((row) => row.body.start.date === undefined),
      () => "stretches by half an hour",
      (_, row) => ({ end: shown(row.endMs + 1_800_000, zone) }),
    ),
    retitle: patch(
      ours,
      (choice) => `renames to "Title ${choice.other}"`,
      (choice) => ({ summary: `Title ${choice.other}` }),
    ),
    describe: patch(
      ours,
      (choice) => `describes as "Text ${choice.other}"`,
      (choice) => ({ description: `Text ${choice.other}` }),
    ),
    "whole-day": patch(
      ours,
      (choice) => `makes a whole day (${stage.wall(choice.slot).slice(0, 10)})`,
      (choice) => {
        const date = stage.wall(choice.slot).slice(0, 10);
        const none = { dateTime: null, timeZone: null };
        return { start: { date, ...none }, end: { date: later(`${date}T00:00:00`, 1440).slice(0, 10), ...none } };
      },
    ),
    unmark: patch(
      ours,
      () => "takes our marker from",
      () => ({ extendedProperties: { private: { [MARKER.managed]: null } } }),
    ),
    delete: on(
      ours,
      () => "deletes",
      (choice, _, path) => choice.call("DELETE", path),
    ),
    recreate: on(
      binned,
      () => "takes back from the bin",
      (choice, row, path) => choice.call("PATCH", path, { status: "confirmed", summary: row.body.summary ?? "" }),
    ),
    "carry-over": on(
      ours,
      () => "moves to the other calendar",
      (choice, row, path) =>
        choice.call("POST", `${path}/move?destination=${encodeURIComponent(otherOf(CALENDARS, row.calendarId))}`),
    ),
    copy: on(
      ours,
      () => "copies",
      (choice, row) =>
        choice.call("POST", pathOf(row.calendarId), {
          ...row.body,
          start: shown(row.startMs, zone),
          end: shown(row.endMs, zone),
        }),
    ),
    "stranger-adds": async (choice) => {
      const calendar = oneOf(CALENDARS, choice);
      await choice.call("POST", pathOf(calendar), {
        summary: `Own ${choice.other}`,
        ...times(stage.wall(choice.slot), 60),
      });
      return `somebody adds an event of their own on ${calendar} at ${stage.wall(choice.slot)}`;
    },
    "earlier-installation": async (choice) => {
      const calendar = CALENDARS[1];
      const { booking } = choice;
      if (booking === undefined) return undefined;
      const properties = { private: { [MARKER.managed]: "true", [MARKER.bookingId]: booking.id } };
      const { title: summary, description } = booking;
      const event = { summary, description, ...times(stage.wall(choice.slot), 60), extendedProperties: properties };
      await choice.call("POST", pathOf(calendar), event);
      return `an earlier installation left an event of booking ${booking.id} on ${calendar}`;
    },
    "stranger-edits": patch(
      strangers,
      (choice) => `renames to "Own ${choice.other}"`,
      (choice) => ({ summary: `Own ${choice.other}` }),
    ),
    "stranger-deletes": on(
      strangers,
      () => "deletes",
      (choice, _, path) => choice.call("DELETE", path),
    ),
  };
  const weather: Record<(typeof WEATHER)[number], () => Promise<void>> = {
    "expire-cursors": () => pull(stage, `${LEVERS}/expire-sync-tokens`, {}),
    "expire-watches": () => pull(stage, `${LEVERS}/channels`, { make: "expired" }),
    "silence-watches": () => pull(stage, `${LEVERS}/channels`, { make: "silent" }),
  };
  return {
    provider: "google-calendar",
    root: { variable: "GOOGLE_API_ROOT", path: "/google" },
    settings: {},
    calendars: CALENDARS,
    rows: all,
    // Proof: only `rows` above hands rows out.
    key: (row) => keyOf(row as EventRow),
    facts: (row) => factsOf(row as EventRow),
    deeds,
    weather,
  };
}

function pathOf(calendar: string): string {
  return `/google/calendar/v3/calendars/${encodeURIComponent(calendar)}/events`;
}

function shown(ms: number, timeZone: string) {
  return { dateTime: new Date(ms).toISOString(), timeZone };
}

function later(wall: string, minutes: number): string {
  return new Date(Date.parse(`${wall}Z`) + minutes * 60_000).toISOString().slice(0, 19);
}

/** The booking that a marked event names. */
function namesOf(row: EventRow): string | undefined {
  return row.body.extendedProperties?.private?.[MARKER.managed] === "true" ? storedName(row) : undefined;
}

/** A moved event is one on each calendar, under one id. */
function keyOf({ calendarId, id }: EventRow): string {
  return `${calendarId}/${id}`;
}

function storedName(row: EventRow): string | undefined {
  return row.body.extendedProperties?.private?.[MARKER.bookingId];
}

function factsOf(row: EventRow): EventFacts {
  const { start, end } = row.body;
  const names = namesOf(row);
  return {
    id: row.id,
    calendar: row.calendarId,
    state: row.status === "cancelled" ? "deleted" : "live",
    start: start.date ?? new Date(row.startMs).toISOString(),
    end: end.date ?? new Date(row.endMs).toISOString(),
    title: row.body.summary ?? "",
    description: row.body.description ?? "",
    ...(names === undefined ? {} : { names }),
    isFree: row.body.transparency === "transparent",
    isSeries: row.body.recurrence !== undefined,
    text: JSON.stringify([row.status, row.body]),
  };
}
