import { previewOf, showContent } from "./content.ts";
import { changeKey, etagOf, eventId, iCalUId } from "./ids.ts";
import type { Prefer } from "./prefer.ts";
import type { EventRow, Series, Span } from "./rows.ts";
import { wallAt, windowsName } from "./zones.ts";

export interface Viewer {
  readonly prefer: Prefer;
  /** Extended properties asked for by `$expand`; nothing else ever shows one. */
  readonly expand: readonly string[];
  readonly zoneNames: "windows" | "as-sent";
}

/** The event resource as this client asked for it. */
export function showEvent(event: EventRow, viewer: Viewer): Record<string, unknown> {
  const { body, span, day } = event;
  const { prefer } = viewer;
  return {
    "@odata.etag": etagOf(event),
    id: eventId(event, prefer.immutable),
    createdDateTime: stamp(event.created),
    lastModifiedDateTime: stamp(event.updated),
    changeKey: changeKey(event),
    ...body,
    body: showContent(body.body, prefer.bodyAs),
    bodyPreview: previewOf(body.body),
    transactionId: event.transactionId ?? null,
    originalStartTimeZone: zoneName(span.startZone, span.startZoneSent, viewer),
    originalEndTimeZone: zoneName(span.endZone, span.endZoneSent, viewer),
    iCalUId: iCalUId(event),
    hasAttachments: false,
    isAllDay: span.isAllDay,
    isCancelled: event.cancelled,
    isOrganizer: event.response === "organizer",
    isDraft: false,
    isOnlineMeeting: false,
    onlineMeetingProvider: "unknown",
    onlineMeetingUrl: null,
    onlineMeeting: null,
    type: typeOf(event),
    seriesMasterId: day === undefined ? null : masterId(event, day.master, prefer.immutable),
    ...(day === undefined ? {} : { originalStart: stamp(new Date(day.originalStartMs).toISOString()) }),
    recurrence: event.series === undefined ? null : showSeries(event.series, viewer),
    responseStatus: { response: event.response, time: responseTime(event) },
    ...showTimes(span, prefer),
    locations: [body.location],
    organizer: { emailAddress: event.organizer },
    webLink: `https://outlook.office365.com/owa/?itemid=${encodeURIComponent(eventId(event, false))}&exvsurl=1`,
    ...showProperties(event, viewer.expand),
  };
}

/** What delta tells of an occurrence: where it belongs and when it is. */
export function showBareOccurrence(event: EventRow, viewer: Viewer): Record<string, unknown> {
  const { day } = event;
  return {
    "@odata.etag": etagOf(event),
    id: eventId(event, viewer.prefer.immutable),
    type: typeOf(event),
    ...(day && { seriesMasterId: masterId(event, day.master, viewer.prefer.immutable) }),
    ...showTimes(event.span, viewer.prefer),
  };
}

/** An exception is stored; an occurrence is only a day of its master, and so has its master's state. */
export function typeOf(event: EventRow): "singleInstance" | "seriesMaster" | "occurrence" | "exception" {
  if (event.series !== undefined) return "seriesMaster";
  if (event.day === undefined) return "singleInstance";
  return event.day.changed === true ? "exception" : "occurrence";
}

function masterId({ mailbox, filing }: EventRow, key: string, immutable: boolean): string {
  return eventId({ mailbox, key, filing }, immutable);
}

/** Seven decimals, as Exchange writes them. */
export function stamp(iso: string): string {
  return iso.replace(/\.(\d{3})Z$/, ".$10000Z");
}

/** The start in the preferred zone, under the name by which it was preferred. An all-day event floats. */
export function showTimes(span: Span, { zone, zoneName: timeZone }: Prefer): Record<string, unknown> {
  const show = (ms: number, wall: string) => ({
    dateTime: `${span.isAllDay ? wall : wallAt(ms, zone)}.0000000`,
    timeZone,
  });
  return { start: show(span.startMs, span.start), end: show(span.endMs, span.end) };
}

function zoneName(zone: string, sent: string, { zoneNames }: Viewer): string {
  return zoneNames === "windows" ? windowsName(zone) : sent;
}

function responseTime({ response, created }: EventRow): string {
  return response === "organizer" || response === "none" ? "0001-01-01T00:00:00Z" : stamp(created);
}

function showSeries({ pattern, range }: Series, viewer: Viewer): Record<string, unknown> {
  const recurrenceTimeZone = zoneName(range.recurrenceTimeZone, range.recurrenceTimeZone, viewer);
  return { pattern, range: { ...range, recurrenceTimeZone } };
}

function showProperties({ properties }: EventRow, expand: readonly string[]): Record<string, unknown> {
  const shown = expand.flatMap((id) => {
    const value = properties[id];
    return value === undefined ? [] : [{ id, value }];
  });
  return shown.length === 0 ? {} : { singleValueExtendedProperties: shown };
}
