import { BAY_1, BAY_2, OUTLOOK_1, OUTLOOK_2 } from "../../scripts/sim/studio/studio-config.ts";
import { type GoogleEvent, type Studio, WS } from "../flows/studio.ts";
import { atOutlook, ourEvents } from "./outlook-town.ts";
import { storedEvents } from "./scene.ts";
import { onCalendar } from "./sides.ts";

/** A town's two rooms on either calendar: what people see and do there, whichever it is. Local times are UTC. */
export type Room = 1 | 2;

export interface ShownEvent {
  readonly id: string;
  readonly start: string;
  readonly end: string;
  readonly title: string;
  readonly marks: Readonly<Record<string, string>>;
}

/** Outlook gives an event another id on its way to another room. */
export function isOutlook({ world }: Studio): boolean {
  return Object.values(world.config.workspaces[WS]?.calendars ?? {}).some(({ provider }) => provider === "outlook");
}

const GOOGLE = { 1: BAY_1, 2: BAY_2 } as const;
const OUTLOOK = { 1: OUTLOOK_1, 2: OUTLOOK_2 } as const;

/** Live events of a room that carry marks of any program. */
export async function shownIn(studio: Studio, room: Room): Promise<ShownEvent[]> {
  if (isOutlook(studio)) {
    const events = await ourEvents(studio, OUTLOOK[room]);
    const local = (instant: string) => instant.slice(0, 19);
    return events.map(({ id, start, end, subject, marks }) => ({
      ...{ id, start: local(start), end: local(end), title: subject, marks },
    }));
  }
  return (await studio.events(GOOGLE[room])).flatMap((event) => {
    const marks = event.extendedProperties?.private;
    const { id, start, end, summary: title = "" } = event;
    return marks === undefined ? [] : [{ id, start: utc(start), end: utc(end), title, marks }];
  });
}

function utc({ dateTime, date }: GoogleEvent["start"]): string {
  return new Date(dateTime ?? `${date}T00:00:00Z`).toISOString().slice(0, 19);
}

export function drag(studio: Studio, id: string, start: string, end: string, room: Room = 1): Promise<unknown> {
  return isOutlook(studio)
    ? atOutlook(studio, "drag", { room: OUTLOOK[room], id, start, end, timeZone: "UTC" })
    : studio.drag(GOOGLE[room], id, start, end);
}

/** In room 1, by somebody whose computer is in that zone; local times of it. */
export function dragIn(studio: Studio, timeZone: string, id: string, start: string, end: string): Promise<unknown> {
  if (isOutlook(studio)) return atOutlook(studio, "drag", { id, start, end, timeZone });
  const at = (dateTime: string) => ({ dateTime, timeZone });
  return onCalendar(studio, "PATCH", BAY_1, `/${id}`, { start: at(start), end: at(end) });
}

/** In room 1, made to last whole days of that zone; `end` is exclusive. */
export function makeWholeDays(studio: Studio, timeZone: string, id: string, start: string, end: string) {
  const midnights = { start: `${start}T00:00:00`, end: `${end}T00:00:00` };
  if (isOutlook(studio)) return atOutlook(studio, "edit", { id, isAllDay: true, timeZone, ...midnights });
  const on = (date: string) => ({ date, dateTime: null });
  return onCalendar(studio, "PATCH", BAY_1, `/${id}`, { start: on(start), end: on(end) });
}

/** `2027-01-12 to 2027-01-14`, `end` exclusive. Undefined where the event in room 1 has times of day. */
export async function wholeDaysOf(studio: Studio, timeZone: string, id: string): Promise<string | undefined> {
  if (!isOutlook(studio)) {
    const event = (await studio.events(BAY_1)).find((each) => each.id === id);
    return event?.start.date === undefined ? undefined : `${event.start.date} to ${event.end.date}`;
  }
  const event = (await ourEvents(studio)).find((each) => each.id === id);
  const midnight = (instant: string | undefined) =>
    / 00:00:00$/.test(local(instant, timeZone)) ? local(instant, timeZone).slice(0, 10) : "no midnight";
  return event?.isAllDay === true ? `${midnight(event.start)} to ${midnight(event.end)}` : undefined;
}

function local(instant: string | undefined, timeZone: string): string {
  return new Date(instant ?? "").toLocaleString("sv-SE", { timeZone });
}

export function carryToRoom2(studio: Studio, id: string): Promise<unknown> {
  if (isOutlook(studio)) return atOutlook(studio, "move", { id, to: OUTLOOK_2 });
  return onCalendar(studio, "POST", BAY_1, `/${id}/move?destination=${encodeURIComponent(BAY_2)}`);
}

export function deleteEvent(studio: Studio, room: Room, id: string): Promise<unknown> {
  return isOutlook(studio)
    ? atOutlook(studio, "delete", { room: OUTLOOK[room], id })
    : studio.deleteEvent(GOOGLE[room], id);
}

/** By a person, in room 1. */
export function retitle(studio: Studio, id: string, title: string): Promise<unknown> {
  return isOutlook(studio)
    ? atOutlook(studio, "edit", { room: OUTLOOK_1, id, subject: title })
    : onCalendar(studio, "PATCH", BAY_1, `/${id}`, { summary: title });
}

/** How many events a room's calendar ever had, deleted ones too. */
export async function everMade(studio: Studio, room: Room = 1): Promise<number> {
  if (!isOutlook(studio)) return (await storedEvents(studio, GOOGLE[room])).length;
  // Proof: so the sandbox shows its state (`scripts/sandbox/graph/show-state.ts`).
  const { graph } = (await studio.call("GET", "/sandbox/state")) as {
    graph: { mailboxes: { email: string; events: unknown[] }[] };
  };
  return graph.mailboxes.find(({ email }) => email === OUTLOOK[room])?.events.length ?? 0;
}
