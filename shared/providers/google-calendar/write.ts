import type { calendar_v3 } from "googleapis/build/src/apis/calendar/index.js";
import { type ErrorCode, isError, LockstepError } from "../../errors.ts";
import type { CalendarEvent, CalendarWriter } from "../../ports/calendar.ts";
import { FIELDS } from "../../sync/content.ts";
import type { Client } from "./client.ts";
import { type Call, type Failure, requireEmpty } from "./failures.ts";
import { readAnswer } from "./read.ts";
import { writeContent } from "./translate.ts";

/** Nobody gets a mail because Lockstep keeps two systems in step (S25). */
const SILENT = { sendUpdates: "none" } as const;

export function openWriter(client: Client, timeZone: string): CalendarWriter {
  return {
    capabilities: { assignsIds: false, listsDays: false, tombstones: true, authored: FIELDS, pushEdge: "gcal-push" },
    insert: (event) => insertEvent(client, timeZone, event),
    patch: (event) => patchEvent(client, timeZone, event),
    remove: (event) => removeEvent(client, event),
  };
}

async function insertEvent(
  client: Client,
  timeZone: string,
  event: Parameters<CalendarWriter["insert"]>[0],
): Promise<CalendarEvent> {
  const { calendarId, id, content, properties } = event;
  const call = callOn("inserting", id, calendarId, { 409: "EVENT_EXISTS" });
  const requestBody = { id, ...writeContent(content), extendedProperties: { private: { ...properties } } };
  const data = await client.call(call, (api, options) =>
    api.events.insert({ calendarId, ...SILENT, requestBody }, options),
  );
  return readAnswer(data, call.does, { calendarId, timeZone });
}

async function patchEvent(
  client: Client,
  timeZone: string,
  event: Parameters<CalendarWriter["patch"]>[0],
): Promise<CalendarEvent> {
  const { calendarId, id: eventId, etag } = event;
  const call = callOn("changing", eventId, calendarId, {
    404: "EVENT_MISSING",
    409: "EVENT_CHANGED",
    410: "EVENT_MISSING",
  });
  const params = { calendarId, eventId, ...SILENT, requestBody: patchBody(event) };
  const data = await client.call(call, (api, options) => api.events.patch(params, options), ifMatch(etag));
  const answer = readAnswer(data, call.does, { calendarId, timeZone });
  if (answer.state === "live") return answer;
  throw new LockstepError("EVENT_MISSING", {
    detail: `Google Calendar: event ${eventId} on ${calendarId} is deleted.`,
  });
}

function patchBody({ content, properties, free }: Parameters<CalendarWriter["patch"]>[0]): calendar_v3.Schema$Event {
  return {
    ...writeContent(content, "patch"),
    ...(properties !== undefined && { extendedProperties: { private: asProperties(properties) } }),
    ...(free !== undefined && { transparency: free ? "transparent" : "opaque" }),
  };
}

/** The typing knows texts only; null is how a patch removes one (API_FACTS §1). */
function asProperties(properties: Readonly<Record<string, string | null>>): Record<string, string> {
  return { ...properties } as Record<string, string>;
}

async function removeEvent(
  client: Client,
  event: Parameters<CalendarWriter["remove"]>[0],
): Promise<"removed" | "already-gone"> {
  const { calendarId, id: eventId, etag } = event;
  const call = callOn("deleting", eventId, calendarId, { 404: "EVENT_MISSING", 410: "EVENT_MISSING" });
  try {
    const params = { calendarId, eventId, ...SILENT };
    const data = await client.call(call, (api, options) => api.events.delete(params, options), ifMatch(etag));
    requireEmpty(data, call.does);
    return "removed";
  } catch (error) {
    if (isError(error, "EVENT_MISSING")) return "already-gone";
    throw error;
  }
}

function callOn(doing: string, id: string, calendarId: string, codes: Readonly<Record<number, ErrorCode>>): Call {
  const means = ({ status }: Failure) => (status === undefined ? undefined : codes[status]);
  return { does: `${doing} event ${id} on calendar ${calendarId}`, means };
}

function ifMatch(etag: string | undefined): Record<string, string> {
  return etag === undefined ? {} : { "if-match": etag };
}
