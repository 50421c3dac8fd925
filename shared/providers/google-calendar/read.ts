import { isError, LockstepError } from "../../errors.ts";
import type { CalendarEvent, CalendarPage, CalendarReader } from "../../ports/calendar.ts";
import type { Client } from "./client.ts";
import { brokenAnswer, type Call, type Failure } from "./failures.ts";
import { GoogleList } from "./schema.ts";
import { hidesText, isMaskedItem, readAccess, readEvent } from "./translate.ts";

/** Must be the same on a first listing and on those that follow its sync token (API_FACTS §1). */
const LISTING = { singleEvents: false, maxResults: 250 } as const;
/** A search by property or iCalUID ends after this many pages. */
const FIND_PAGES = 20;

export function openReader(client: Client, timeZone: string): CalendarReader {
  return {
    changes: (query) => listChanges(client, timeZone, query),
    get: (calendarId, eventId) => getEvent(client, timeZone, calendarId, eventId),
    find: (calendarId, by) => findEvents(client, timeZone, calendarId, by),
  };
}

async function listChanges(
  client: Client,
  timeZone: string,
  query: Parameters<CalendarReader["changes"]>[0],
): Promise<CalendarPage> {
  const { calendarId, cursor, page, from } = query;
  const does = `listing calendar ${calendarId}`;
  const start = cursor === undefined ? { timeMin: from } : { syncToken: cursor };
  const params = { calendarId, ...LISTING, ...start, ...(page !== undefined && { pageToken: page }) };
  const call: Call = { does, means: (failure) => (isExpiredCursor(failure) ? "CURSOR_EXPIRED" : undefined) };
  const list = readList(await client.call(call, (api, options) => api.events.list(params, options)), does);
  return toPage(list, calendarId, timeZone, does);
}

/** `fullSyncRequired`, `updatedMinTooLongAgo`; on a list every 410 means: begin again (S29). */
function isExpiredCursor({ status, reason, location }: Failure): boolean {
  return status === 410 || (status === 400 && reason === "invalid" && location === "syncToken");
}

/** Without either token nobody knows whether that was all (S03). */
function toPage(list: GoogleList, calendarId: string, timeZone: string, does: string): CalendarPage {
  const { nextPageToken, nextSyncToken, accessRole } = list;
  if (nextPageToken == null && nextSyncToken == null) throw brokenAnswer(does, "it has no next page and no sync token");
  const masked = hidesText(accessRole);
  return {
    events: list.items.map((item) => readEvent(item, { calendarId, timeZone, masked })),
    ...(nextPageToken != null && { nextPage: nextPageToken }),
    ...(nextPageToken == null && nextSyncToken != null && { cursor: nextSyncToken }),
    access: readAccess(accessRole),
  };
}

async function getEvent(
  client: Client,
  timeZone: string,
  calendarId: string,
  eventId: string,
): Promise<CalendarEvent | undefined> {
  const does = `reading event ${eventId} on calendar ${calendarId}`;
  const means = ({ status }: Failure) => (status === 404 || status === 410 ? "EVENT_MISSING" : undefined);
  try {
    const data = await client.call({ does, means }, (api, options) => api.events.get({ calendarId, eventId }, options));
    return readAnswer(data, does, { calendarId, timeZone });
  } catch (error) {
    if (isError(error, "EVENT_MISSING")) return undefined;
    throw error;
  }
}

/** The event in the answer to a read or write. A masked one has lost its marker too: that is an error (S65). */
export function readAnswer(data: unknown, does: string, reading: { calendarId: string; timeZone: string }) {
  if (data === null || typeof data !== "object" || !("id" in data)) throw brokenAnswer(does, "it is no event");
  if (isMaskedItem(data)) throw tooLittleAccess(reading.calendarId, "freeBusyReader");
  return readEvent(data, reading);
}

async function findEvents(
  client: Client,
  timeZone: string,
  calendarId: string,
  by: Parameters<CalendarReader["find"]>[1],
): Promise<CalendarEvent[]> {
  const does = `searching calendar ${calendarId}`;
  // One constraint only: what several mean together is told in two ways (API_FACTS §1).
  const filter =
    "iCalUid" in by ? { iCalUID: by.iCalUid } : { privateExtendedProperty: [`${by.property}=${by.value}`] };
  const found: CalendarEvent[] = [];
  let page: string | undefined;
  for (let count = 0; count < FIND_PAGES; count += 1) {
    const params = { calendarId, ...LISTING, ...filter, ...(page !== undefined && { pageToken: page }) };
    const list = readList(await client.call({ does }, (api, options) => api.events.list(params, options)), does);
    requireWriter(list, calendarId);
    found.push(...list.items.map((item) => readEvent(item, { calendarId, timeZone })));
    if (list.nextPageToken == null) return found.filter((event) => event.state === "live");
    page = list.nextPageToken;
  }
  throw brokenAnswer(does, `it goes on after ${FIND_PAGES} pages`);
}

function readList(data: unknown, does: string): GoogleList {
  const list = GoogleList.safeParse(data);
  if (!list.success) throw brokenAnswer(does, "it is no list of events");
  return list.data;
}

/** With less than writer access events are masked: not finding one would prove nothing (R10, S65). */
function requireWriter({ accessRole }: GoogleList, calendarId: string): void {
  if (readAccess(accessRole) !== "writer") throw tooLittleAccess(calendarId, accessRole ?? "none");
}

function tooLittleAccess(calendarId: string, role: string): LockstepError {
  return new LockstepError("PROVIDER_FORBIDDEN", {
    detail: `Google Calendar: we are only ${role} of calendar ${calendarId}; write access is needed.`,
    provider: `accessRole ${role}`,
  });
}
