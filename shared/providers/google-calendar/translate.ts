import type { CalendarAccess, CalendarEvent, Meeting } from "../../ports/calendar.ts";
import type { Content } from "../../sync/content.ts";
import type { Span } from "../../sync/time.ts";
import { htmlToText } from "../html-text.ts";
import { GoogleEvent } from "./schema.ts";
import { readSpan } from "./times.ts";

/** What is needed to read an event beside the event itself. */
export interface Reading {
  readonly calendarId: string;
  /** For times without offset and zone. IANA. */
  readonly timeZone: string;
  /** True where the listing hides titles and descriptions (`freeBusyReader`). */
  readonly masked?: boolean;
}

const NO_ID = "(without an id)";

/** One item of an answer. What cannot be read is told in `unreadable`, alone (law 10, S41). */
export function readEvent(item: unknown, reading: Reading): CalendarEvent {
  const parsed = GoogleEvent.safeParse(item);
  if (!parsed.success) return unreadableItem(item, reading.calendarId);
  const event = parsed.data;
  return event.status === "cancelled" ? readTombstone(event, reading.calendarId) : readLive(event, reading);
}

/** True where the answer hides what the event is: to less than a reader (R10, S65). */
export function isMaskedItem(item: unknown): boolean {
  const parsed = GoogleEvent.safeParse(item);
  return parsed.success && parsed.data.status !== "cancelled" && isMasked(parsed.data);
}

/** `none` to `writerWithoutPrivateAccess` are below writer (R10); a role not told takes nothing away. */
export function readAccess(role: string | null | undefined): CalendarAccess {
  return role == null || role === "writer" || role === "owner" ? "writer" : "reader";
}

/** True for the roles that see only when, not what. */
export function hidesText(role: string | null | undefined): boolean {
  return role === "freeBusyReader" || role === "none";
}

function readLive(event: GoogleEvent, reading: Reading): CalendarEvent {
  const time = readSpan(event.start, event.end, reading.timeZone);
  const text = readText(event, reading);
  const content: Content = "span" in time ? { span: time.span, ...text } : text;
  const meeting = readMeeting(event);
  return {
    ...readHead(event, reading.calendarId),
    state: "live",
    content,
    properties: event.extendedProperties?.private ?? {},
    ...("unreadable" in time && { unreadable: time.unreadable }),
    ...(PRIVATE.includes(event.visibility ?? "") && { isPrivate: true }),
    ...(meeting !== undefined && { meeting }),
  };
}

const STANDINGS = ["tentative", "confirmed"] as const;
const PRIVATE = ["private", "confidential"];
/** Working places, birthdays and times out of office take no room. */
const MEETINGS = ["default", "fromGmail"];

/** Undefined where it takes no room: shown as free, of another type, or not accepted by the calendar that was asked. */
function readMeeting(event: GoogleEvent): Meeting | undefined {
  const asked = event.attendees?.find(({ self }) => self === true);
  const isAccepted = asked === undefined || asked.responseStatus === "accepted";
  if (event.transparency === "transparent" || !MEETINGS.includes(event.eventType ?? "default") || !isAccepted)
    return undefined;
  // What is made in the calendar itself has it for organiser: the person is who made it.
  const person = [event.organizer, event.creator].find((each) => each != null && each.self !== true);
  const name = person?.displayName || person?.email;
  const notes = markupToText(event.description ?? "");
  return {
    ...(name && { organiser: { name, ...(person?.email && { email: person.email }) } }),
    categories: [],
    ...(notes !== undefined && { notes: withoutNul(notes) }),
  };
}

const MARKUP = /<(?:br|p|div|span|b|i|u|a|ul|ol|li|html-blob)\b[^>]*>|&(?:amp|lt|gt|quot|nbsp|#\d+);/i;

/** Descriptions made on the screen hold HTML, with line ends that count; those written by programs are plain. */
function markupToText(description: string): string | undefined {
  return MARKUP.test(description) ? htmlToText(description.replaceAll("\n", "<br>")) : undefined;
}

function readTombstone(event: GoogleEvent, calendarId: string): CalendarEvent {
  const properties = event.extendedProperties?.private ?? {};
  return { ...readHead(event, calendarId), state: "deleted", content: {}, properties };
}

type Head = Pick<CalendarEvent, "id" | "calendarId" | "iCalUid" | "etag" | "updated" | "series">;

function readHead(event: GoogleEvent, calendarId: string): Head {
  const updated = readUpdated(event.updated);
  const series = readSeries(event);
  return {
    id: event.id,
    calendarId,
    ...(event.iCalUID != null && { iCalUid: event.iCalUID }),
    ...(event.etag != null && { etag: event.etag }),
    ...(updated !== undefined && { updated }),
    ...(series !== undefined && { series }),
  };
}

/**
 * Google leaves out what is empty. Whether a missing title is empty or hidden shows the role, or
 * the event itself; hidden is unknown, never empty (law 11).
 */
function readText(event: GoogleEvent, reading: Reading): Omit<Content, "span"> {
  if (reading.masked === true || isMasked(event)) return {};
  const standing = STANDINGS.find((each) => each === event.status);
  return {
    title: withoutNul(event.summary ?? ""),
    description: withoutNul(event.description ?? ""),
    ...(standing !== undefined && { standing }),
  };
}

/** How an event looks to those who may see only that there is one: private, and nobody's. */
function isMasked({ visibility, summary, creator, organizer }: GoogleEvent): boolean {
  return visibility === "private" && summary == null && creator == null && organizer == null;
}

function readSeries(event: GoogleEvent): CalendarEvent["series"] {
  if (event.recurringEventId != null) return "instance";
  return event.recurrence != null && event.recurrence.length > 0 ? "master" : undefined;
}

/** To milliseconds and UTC, so that the order of the texts is the order of the versions. */
function readUpdated(updated: string | null | undefined): string | undefined {
  if (updated == null) return undefined;
  const at = Date.parse(updated);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

function unreadableItem(item: unknown, calendarId: string): CalendarEvent {
  const { id, status } = { id: undefined, status: undefined, ...(typeof item === "object" ? item : {}) };
  return {
    id: typeof id === "string" && id !== "" ? id : NO_ID,
    calendarId,
    state: status === "cancelled" ? "deleted" : "live",
    content: {},
    properties: {},
    unreadable: "it is not shaped like an event",
  };
}

/** The part of an event's body that is written; unknown fields are not sent, so Google keeps them. */
export interface WrittenFields {
  start?: WrittenMoment;
  end?: WrittenMoment;
  summary?: string;
  description?: string;
  status?: string;
}

interface WrittenMoment {
  date?: string | null;
  dateTime?: string | null;
  timeZone?: string | null;
}

/**
 * Content as Google takes it: instants in UTC, the zone beside them for people. A patch keeps what it
 * does not name, so it empties the form not meant, in case the event was of the other kind.
 */
export function writeContent(content: Content, as: "whole" | "patch" = "whole"): WrittenFields {
  return {
    ...(content.span !== undefined && writeSpan(content.span, as)),
    ...(content.title !== undefined && { summary: withoutNul(content.title) }),
    ...(content.description !== undefined && { description: withoutNul(content.description) }),
    ...(content.standing !== undefined && { status: content.standing }),
  };
}

function writeSpan(span: Span, as: "whole" | "patch"): { start: WrittenMoment; end: WrittenMoment } {
  if (span.kind === "all-day") {
    const empty = as === "patch" ? { dateTime: null, timeZone: null } : {};
    return { start: { date: span.start, ...empty }, end: { date: span.end, ...empty } };
  }
  const beside = {
    ...(span.zone !== undefined && { timeZone: span.zone }),
    ...(as === "patch" && { date: null }),
  };
  return { start: { dateTime: span.start, ...beside }, end: { dateTime: span.end, ...beside } };
}

/** NUL bytes reach neither side (S41). */
function withoutNul(text: string): string {
  return text.replaceAll("\u0000", "");
}
