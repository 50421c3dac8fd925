import type { CalendarEvent, Meeting } from "../../ports/calendar.ts";
import { type Content, type Field, pick } from "../../sync/content.ts";
import { htmlToText } from "../html-text.ts";
import { readProperties } from "./properties.ts";
import { GraphEvent } from "./schema.ts";
import { readSpan, type WrittenSpan, writeSpan } from "./times.ts";

/** What is needed to read an event beside the event itself. */
export interface Reading {
  readonly calendarId: string;
  /** The room's. IANA. */
  readonly timeZone: string;
  /** Fields that keep what is written; the others are unknown (S48). */
  readonly authored: readonly Field[];
}

const NO_ID = "(without an id)";

/** One item of an answer. What cannot be read is told in `unreadable`, alone (law 10, S41). */
export function readEvent(item: unknown, reading: Reading): CalendarEvent {
  const parsed = GraphEvent.safeParse(item);
  if (!parsed.success) return unreadableItem(item, reading.calendarId);
  const event = parsed.data;
  if (event["@removed"] !== undefined) return tombstone(event.id, reading.calendarId);
  if (event.isCancelled === true) return readCancelled(event, reading.calendarId);
  return readLive(event, reading);
}

/** A deleted event, of which nothing but its id is known. */
export function tombstone(id: string, calendarId: string): CalendarEvent {
  return { id, calendarId, state: "deleted", content: {}, properties: {} };
}

function readLive(event: GraphEvent, reading: Reading): CalendarEvent {
  const time = readSpan(event, reading.timeZone);
  const content: Content = { ...("span" in time && { span: time.span }), ...readText(event), ...readStanding(event) };
  const meeting = readMeeting(event);
  return {
    ...readHead(event, reading.calendarId),
    state: "live",
    content: pick(content, reading.authored),
    properties: readProperties(event.singleValueExtendedProperties),
    ...("unreadable" in time && { unreadable: time.unreadable }),
    ...(PRIVATE.includes(event.sensitivity ?? "") && { isPrivate: true }),
    ...(meeting !== undefined && { meeting }),
  };
}

const PRIVATE = ["private", "personal", "confidential"];
/** What a room has not agreed to may never take place there. */
const NOT_ACCEPTED = ["declined", "tentativelyAccepted", "notResponded"];

/** Undefined where it takes no room. */
function readMeeting({ showAs, responseStatus, organizer, categories }: GraphEvent): Meeting | undefined {
  if (showAs === "free" || NOT_ACCEPTED.includes(responseStatus?.response ?? "")) return undefined;
  const { name, address } = organizer?.emailAddress ?? {};
  const called = name || address;
  return {
    ...(called && { organiser: { name: called, ...(address && { email: address }) } }),
    categories: categories ?? [],
  };
}

/** Called off by its organiser: still shown, but it does not take place. */
function readCancelled(event: GraphEvent, calendarId: string): CalendarEvent {
  const properties = readProperties(event.singleValueExtendedProperties);
  return { ...readHead(event, calendarId), state: "deleted", content: {}, properties };
}

type Head = Pick<CalendarEvent, "id" | "calendarId" | "iCalUid" | "etag" | "updated" | "series">;

function readHead(event: GraphEvent, calendarId: string): Head {
  const etag = event["@odata.etag"];
  const updated = readUpdated(event.lastModifiedDateTime);
  const series = readSeries(event);
  return {
    id: event.id,
    calendarId,
    ...(event.iCalUId != null && { iCalUid: event.iCalUId }),
    ...(etag != null && { etag }),
    ...(updated !== undefined && { updated }),
    ...(series !== undefined && { series }),
  };
}

/**
 * A field that an answer leaves out is unknown, never empty (law 11); so is the missing text of a private
 * event, since it may be hidden.
 */
function readText({ subject, body, sensitivity }: GraphEvent): Pick<Content, "title" | "description"> {
  const hidden = sensitivity === "private" || sensitivity === "confidential";
  const title = subject ?? (subject === null && !hidden ? "" : undefined);
  const description = body === undefined || (hidden && !body?.content) ? undefined : readBody(body);
  return {
    ...(title !== undefined && { title: plain(title) }),
    ...(description !== undefined && { description }),
  };
}

/** What is shown as free, or as somebody's absence, tells neither. */
function readStanding({ showAs }: GraphEvent): Pick<Content, "standing"> {
  if (showAs === "tentative") return { standing: "tentative" };
  return showAs === "busy" ? { standing: "confirmed" } : {};
}

function readBody(body: GraphEvent["body"]): string {
  const text = body?.content ?? "";
  return plain(body?.contentType?.toLowerCase() === "html" ? htmlToText(text) : text).trimEnd();
}

/** Outlook ends lines its own way; NUL bytes reach neither side (S41). */
function plain(text: string): string {
  return text.replaceAll("\u0000", "").replaceAll(/\r\n?/g, "\n");
}

function readSeries({ type, seriesMasterId }: GraphEvent): CalendarEvent["series"] {
  if (type === "seriesMaster") return "master";
  return isInstance(type) || seriesMasterId != null ? "instance" : undefined;
}

export function isInstance(type: string | null | undefined): boolean {
  return type === "occurrence" || type === "exception";
}

/** To milliseconds and UTC, so that the order of the texts is the order of the versions. */
function readUpdated(updated: string | null | undefined): string | undefined {
  if (updated == null) return undefined;
  const at = Date.parse(updated);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

function unreadableItem(item: unknown, calendarId: string): CalendarEvent {
  const { id } = { id: undefined, ...(typeof item === "object" ? item : {}) };
  return {
    id: typeof id === "string" && id !== "" ? id : NO_ID,
    calendarId,
    state: "live",
    content: {},
    properties: {},
    unreadable: "it is not shaped like an event",
  };
}

/** The part of an event's body that is written; what is not sent, Graph keeps. */
export type WrittenFields = Partial<WrittenSpan> & {
  readonly subject?: string;
  readonly body?: { readonly contentType: "text"; readonly content: string };
  readonly showAs?: "tentative" | "busy";
};

/** Content as Graph takes it. Whole days are those of `timeZone`, the room's. */
export function writeContent(content: Content, timeZone: string): WrittenFields {
  return {
    ...(content.span !== undefined && writeSpan(content.span, timeZone)),
    ...(content.title !== undefined && { subject: content.title.replaceAll("\u0000", "") }),
    ...(content.description !== undefined && {
      body: { contentType: "text", content: content.description.replaceAll("\u0000", "") },
    }),
    ...(content.standing !== undefined && { showAs: content.standing === "tentative" ? "tentative" : "busy" }),
  };
}
