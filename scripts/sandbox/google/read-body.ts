import { isRecord } from "../wire.ts";
import { emptyTimeRange, invalid, refuse } from "./errors.ts";
import { epochMs, readEventTime } from "./event-time.ts";
import { normaliseRecurrence, normaliseText, stripHtml } from "./normalise.ts";
import type { EventBody, EventStatus, ExtendedProperties } from "./rows.ts";

/** Fields that are kept as they come; everything else that clients send is dropped in silence. */
const PLAIN_FIELDS = [
  "colorId",
  "transparency",
  "visibility",
  "attendees",
  "reminders",
  "source",
  "guestsCanModify",
  "guestsCanInviteOthers",
  "guestsCanSeeOtherGuests",
  "eventType",
  "attachments",
];
const STATUSES = new Set(["confirmed", "tentative", "cancelled"]);
const MAX_PROPERTIES = 300;
const MAX_PROPERTY_BYTES = 32_768;
const MAX_KEY = 44;
const MAX_VALUE = 1024;

export interface ReadEvent {
  readonly body: EventBody;
  readonly status: EventStatus;
  readonly sequence?: number;
}

/** A whole event as a client wrote it, validated and normalised the way Google does (S24, S41). */
export function readEventBody(sent: unknown, calendarZone: string): ReadEvent {
  if (!isRecord(sent)) return refuse(400, { reason: "parseError", message: "Parse Error" });
  const start = readEventTime(sent.start, "start");
  const end = readEventTime(sent.end, "end");
  if ((start.date === undefined) !== (end.date === undefined)) {
    return invalid("Start and end times must either both be date or both be dateTime.", "end");
  }
  checkRange(epochMs(start, calendarZone), epochMs(end, calendarZone), start.date !== undefined);
  const body = { ...plainFields(sent), ...texts(sent), ...recurrence(sent, start), ...properties(sent), start, end };
  const sequence = typeof sent.sequence === "number" ? { sequence: sent.sequence } : {};
  return { body, status: readStatus(sent.status), ...sequence };
}

function checkRange(startMs: number, endMs: number, allDay: boolean): void {
  if (endMs < startMs || (allDay && endMs === startMs)) emptyTimeRange();
}

function readStatus(value: unknown): EventStatus {
  if (value === undefined || value === null) return "confirmed";
  if (typeof value !== "string" || !STATUSES.has(value)) return invalid("Invalid value for status.", "status");
  return value as EventStatus; // one of STATUSES
}

function plainFields(sent: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const present = PLAIN_FIELDS.filter((field) => sent[field] !== undefined && sent[field] !== null);
  return Object.fromEntries(present.map((field) => [field, sent[field]]));
}

function texts(sent: Readonly<Record<string, unknown>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const field of ["summary", "description", "location"]) {
    const value = sent[field];
    if (value === undefined || value === null) continue;
    if (typeof value !== "string") invalid(`Invalid value for ${field}.`, field);
    const text = normaliseText(field === "description" ? stripHtml(value) : value);
    if (text !== "") kept[field] = text;
  }
  return kept;
}

function recurrence(sent: Readonly<Record<string, unknown>>, start: { readonly timeZone?: string; date?: string }) {
  const lines = sent.recurrence;
  if (lines === undefined || lines === null) return {};
  if (!Array.isArray(lines) || lines.some((line) => typeof line !== "string")) {
    return invalid("Invalid recurrence rule.", "recurrence");
  }
  if (lines.length === 0) return {};
  if (start.date === undefined && start.timeZone === undefined) {
    return invalid("Missing time zone definition for start time.", "start");
  }
  return { recurrence: normaliseRecurrence(lines) };
}

function properties(sent: Readonly<Record<string, unknown>>): { extendedProperties?: ExtendedProperties } {
  const both = sent.extendedProperties;
  if (both === undefined || both === null) return {};
  if (!isRecord(both)) return invalid("Invalid value for extendedProperties.", "extendedProperties");
  const kept = { ...section(both, "private"), ...section(both, "shared") };
  return Object.keys(kept).length === 0 ? {} : { extendedProperties: kept };
}

/** Keys over 44 characters are dropped, values cut at 1024, both in silence (API_FACTS §1). */
function section(both: Readonly<Record<string, unknown>>, name: "private" | "shared"): ExtendedProperties {
  const sent = both[name];
  if (sent === undefined || sent === null) return {};
  if (!isRecord(sent)) return invalid("Invalid value for extendedProperties.", "extendedProperties");
  const kept: Record<string, string> = {};
  for (const [key, value] of Object.entries(sent)) {
    if (value === null || value === undefined || key.length > MAX_KEY) continue;
    if (typeof value !== "string") return invalid("Extended property values are strings.", "extendedProperties");
    kept[key] = value.slice(0, MAX_VALUE);
  }
  const tooMany = Object.keys(kept).length > MAX_PROPERTIES || JSON.stringify(kept).length > MAX_PROPERTY_BYTES;
  if (tooMany) return invalid("Too many or too large extended properties.", "extendedProperties");
  return Object.keys(kept).length === 0 ? {} : { [name]: kept };
}
