import { isError } from "../../errors.ts";
import type { CalendarEvent, CalendarReader } from "../../ports/calendar.ts";
import type { Clock } from "../../ports/clock.ts";
import { PLACES, pathOfLink, preferring } from "./client.ts";
import { brokenAnswer, type Call, failureOf, isNoEvent, toError } from "./failures.ts";
import { eventPath, eventsPath, type Mailbox } from "./mailbox.ts";
import { havingProperty, quoted } from "./properties.ts";
import { BatchAnswer, type BatchPart, GraphList } from "./schema.ts";
import { readEvent } from "./translate.ts";

/** Requests in one batch. */
const BATCH_SIZE = 20;
/** Events on one page of a search, and pages after which it ends. */
const FIND_SIZE = 50;
const FIND_PAGES = 20;

/** The event wherever in time it is, also outside every listing's window; undefined where the mailbox has none. */
export async function getEvent(mailbox: Mailbox, eventId: string): Promise<CalendarEvent | undefined> {
  const call = readingOf(mailbox, eventId);
  const request = { method: "GET", path: eventPath(mailbox, eventId), mailbox: mailbox.calendarId } as const;
  try {
    return await mailbox.client.call(call, request, (data) => readAnswer(data, call.does, mailbox));
  } catch (error) {
    if (isError(error, "EVENT_MISSING")) return undefined;
    throw error;
  }
}

function readingOf({ calendarId }: Mailbox, eventId: string): Call {
  return {
    does: `reading event ${eventId} on calendar ${calendarId}`,
    means: (failure) => (isNoEvent(failure) ? "EVENT_MISSING" : undefined),
  };
}

/** The event in the answer to a read or write. */
export function readAnswer(data: unknown, does: string, mailbox: Mailbox): CalendarEvent {
  if (data === null || typeof data !== "object" || !("id" in data)) throw brokenAnswer(does, "it is no event");
  return readEvent(data, mailbox);
}

/** Several events by their ids, in as few calls as there are; undefined for what is not there. */
export async function readEvents(
  mailbox: Mailbox,
  clock: Clock,
  ids: readonly string[],
): Promise<Map<string, CalendarEvent | undefined>> {
  const [only] = ids;
  if (only !== undefined && ids.length === 1) return new Map([[only, await getEvent(mailbox, only)]]);
  const read = new Map<string, CalendarEvent | undefined>();
  for (let from = 0; from < ids.length; from += BATCH_SIZE) {
    for (const [id, event] of await readBatch(mailbox, clock, ids.slice(from, from + BATCH_SIZE))) read.set(id, event);
  }
  return read;
}

/** One part that fails otherwise than by absence fails the whole: half a page is no page (law 2). */
function readBatch(mailbox: Mailbox, clock: Clock, ids: readonly string[]) {
  const call = { does: `reading ${ids.length} events on calendar ${mailbox.calendarId}` };
  const requests = ids.map((eventId, index) => ({
    id: String(index),
    method: "GET",
    url: eventPath(mailbox, eventId),
    headers: preferring(),
  }));
  const place = { mailbox: mailbox.calendarId, weight: PLACES };
  const request = { method: "POST", path: "/$batch", ...place, body: { requests } } as const;
  return mailbox.client.call(call, request, (data) => {
    const answer = BatchAnswer.safeParse(data);
    if (!answer.success) throw brokenAnswer(call.does, "it is no batch");
    const parts = new Map(answer.data.responses.map((part) => [part.id, part]));
    return ids.map((id, index) => [id, readPart(mailbox, clock, id, parts.get(String(index)))] as const);
  });
}

function readPart(mailbox: Mailbox, clock: Clock, eventId: string, part: BatchPart | undefined) {
  const call = readingOf(mailbox, eventId);
  if (part === undefined) throw brokenAnswer(call.does, "its part of the batch is missing");
  if (part.status >= 200 && part.status < 300) return readAnswer(part.body, call.does, mailbox);
  const failure = failureOf(part.status, part.body, retryAfterOf(part), clock);
  if (isNoEvent(failure)) return undefined;
  throw toError(failure, call);
}

function retryAfterOf({ headers }: BatchPart): string | null {
  const found = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === "retry-after");
  return found?.[1] ?? null;
}

/** Live events with a property's value or an iCalUId. */
export async function findEvents(
  mailbox: Mailbox,
  by: Parameters<CalendarReader["find"]>[1],
): Promise<CalendarEvent[]> {
  const call = { does: `searching calendar ${mailbox.calendarId}` };
  const filter =
    "iCalUid" in by
      ? `$filter=${encodeURIComponent(`iCalUId eq ${quoted(by.iCalUid)}`)}`
      : havingProperty(by.property, by.value);
  const query = [filter, `$top=${FIND_SIZE}`, mailbox.expand].filter((part) => part !== "").join("&");
  const found: CalendarEvent[] = [];
  let path = `${eventsPath(mailbox)}?${query}`;
  for (let count = 0; count < FIND_PAGES; count += 1) {
    const list = await fetchList(mailbox, call, path);
    found.push(...list.value.map((item) => readEvent(item, mailbox)));
    const next = linkOf(list["@odata.nextLink"], call.does);
    if (next === undefined) return found.filter((event) => event.state === "live");
    path = next;
  }
  throw brokenAnswer(call.does, `it goes on after ${FIND_PAGES} pages`);
}

/** One page of any listing; its items are read one by one (law 10). */
export function fetchList(mailbox: Mailbox, call: Call, path: string, prefer?: string): Promise<GraphList> {
  const place = { mailbox: mailbox.calendarId, ...(prefer !== undefined && { prefer }) };
  return mailbox.client.call(call, { method: "GET", path, ...place }, (data) => {
    const list = GraphList.safeParse(data);
    if (!list.success) throw brokenAnswer(call.does, "it is no list");
    return list.data;
  });
}

/** What a link of an answer says below the version. */
export function linkOf(link: string | null | undefined, does: string): string | undefined {
  if (link == null) return undefined;
  const path = pathOfLink(link);
  if (path === undefined) throw brokenAnswer(does, "its link leads elsewhere");
  return path;
}
