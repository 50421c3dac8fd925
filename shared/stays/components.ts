import { type Property, readProperty } from "./property.ts";

/** Law 12: what has more events is no calendar of a home. */
const MAX_EVENTS = 20_000;

/** A VEVENT as it stands; `broken` where its end is missing. */
export interface Component {
  readonly properties: readonly Property[];
  readonly broken: boolean;
}

/** A file taken apart: the events, the zones it explains, and whether it is there to its end. */
export interface Components {
  /** False where it does not begin as a calendar at all: a web page, JSON, nothing. */
  readonly isCalendar: boolean;
  /** Each calendar and each event that begins also ends (S03). */
  readonly closed: boolean;
  /** Properties of the calendar itself: PRODID, METHOD, X-WR-CALNAME, X-WR-TIMEZONE. */
  readonly head: readonly Property[];
  readonly events: readonly Component[];
  /** VTIMEZONEs as text, by their TZID. */
  readonly zones: ReadonlyMap<string, string>;
}

interface Working {
  readonly open: string[];
  readonly head: Property[];
  readonly events: Component[];
  readonly zones: Map<string, string>;
  event: Property[];
  zone: string[];
  calendars: number;
  closed: boolean;
}

/** Takes the lines apart by BEGIN and END; what is wrong inside one event stays inside it (law 10). */
export function splitComponents(lines: readonly string[]): Components {
  const working: Working = {
    ...{ open: [], head: [], events: [], zones: new Map(), event: [], zone: [], calendars: 0, closed: true },
  };
  for (const line of lines) {
    const [, edge = "", name = ""] = /^\s*(BEGIN|END)\s*:\s*([\w-]+)\s*$/i.exec(line) ?? [];
    if (edge === "") takeLine(working, line);
    else if (edge.toUpperCase() === "BEGIN") begin(working, name.toUpperCase());
    else end(working, name.toUpperCase());
    if (working.events.length > MAX_EVENTS) break;
  }
  if (working.open.includes("VEVENT")) finishEvent(working, true);
  const closed = working.closed && working.open.length === 0 && working.events.length <= MAX_EVENTS;
  return { isCalendar: working.calendars > 0, closed, ...pickParts(working) };
}

function pickParts({ head, events, zones }: Working): Pick<Components, "head" | "events" | "zones"> {
  return { head, events, zones };
}

function begin(working: Working, name: string): void {
  const { open } = working;
  if (name === "VCALENDAR") working.calendars++;
  // An event inside an event: the first one was never finished.
  if (name === "VEVENT" && open.includes("VEVENT")) {
    open.splice(open.indexOf("VEVENT"));
    finishEvent(working, true);
  }
  open.push(name);
  if (name === "VEVENT") working.event = [];
  if (name === "VTIMEZONE") working.zone = [];
  if (open.includes("VTIMEZONE")) working.zone.push(`BEGIN:${name}`);
}

function end(working: Working, name: string): void {
  const { open } = working;
  if (open.includes("VTIMEZONE")) working.zone.push(`END:${name}`);
  const at = open.lastIndexOf(name);
  if (at < 0) return;
  const unfinished = open.slice(at + 1);
  open.splice(at);
  if (unfinished.includes("VEVENT")) finishEvent(working, true);
  if (unfinished.includes("VEVENT") && name === "VCALENDAR") working.closed = false;
  if (name === "VEVENT") finishEvent(working, false);
  if (name === "VTIMEZONE") finishZone(working);
}

function finishEvent(working: Working, broken: boolean): void {
  working.events.push({ properties: working.event, broken });
  working.event = [];
}

function finishZone({ zone, zones }: Working): void {
  const tzid = zone.map(readProperty).find((property) => property?.name === "TZID")?.value;
  if (tzid !== undefined) zones.set(tzid, zone.join("\r\n"));
}

function takeLine({ open, event, head, zone }: Working, line: string): void {
  const inside = open.at(-1);
  if (open.includes("VTIMEZONE")) zone.push(line.trim());
  if (inside !== "VEVENT" && inside !== "VCALENDAR") return;
  const property = readProperty(line);
  if (property === undefined) return;
  if (inside === "VEVENT") event.push(property);
  else head.push(property);
}
