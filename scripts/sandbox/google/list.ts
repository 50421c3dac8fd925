import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { readableCalendar, roleOn } from "./access.ts";
import { fullSyncRequired, refuse } from "./errors.ts";
import { wanted } from "./list-filter.ts";
import { type ListQuery, readListQuery } from "./list-query.ts";
import { expandSeries } from "./recurrence.ts";
import type { CalendarRow, EventRow } from "./rows.ts";
import { eventsOf } from "./shelves.ts";
import { showBareTombstone, showEvent, type Viewer } from "./show-event.ts";
import { type PageToken, readPageToken, readSyncToken, type SyncToken, writeToken } from "./tokens.ts";

/**
 * `events.list`, full or incremental. Exactly one of `nextPageToken` and `nextSyncToken` is
 * answered; the sync token covers all changes up to the *first* page, so that what changes while
 * pages are turned comes with the next sync.
 */
export function listEvents(call: Call, [calendarId = ""]: readonly string[]): Reply {
  const calendar = readableCalendar(call, calendarId);
  const query = readListQuery(call.request.query);
  if (call.faults.has("expire-sync-token")) refuseOldToken(query);
  const since = query.syncToken === undefined ? undefined : knownUpTo(call, calendar, query, query.syncToken);
  const page =
    query.pageToken === undefined ? undefined : readPageToken(query.pageToken, query.pageShape, since?.change);
  const until = page?.until ?? calendar.change;

  const found =
    since === undefined ? fullList(call, calendar, query) : changedBetween(call, calendar, since, until, query);
  const rest = sorted(found, query, since !== undefined).filter(({ key }) => page === undefined || key > page.after);
  const limit = call.faults.has("empty-page") ? 0 : Math.min(query.maxResults, call.world.options().pageSize);
  const shown = rest.slice(0, limit);
  const viewer = { calendar, role: roleOn(call, calendar), zone: query.timeZone ?? calendar.timeZone };
  const items = distort(
    call,
    shown.map(({ event }) => present(call, event, viewer, since !== undefined)),
  );

  const more = rest.length > limit && !call.faults.has("truncate");
  const next = more
    ? { nextPageToken: pageAfter(query, shown.at(-1)?.key ?? page?.after ?? "", until, since?.change) }
    : { nextSyncToken: syncTokenAt(call, calendar, query, until, since) };
  return json(200, { ...head(calendar, viewer), ...next, items });
}

function head(calendar: CalendarRow, viewer: Viewer): Record<string, unknown> {
  return {
    kind: "calendar#events",
    etag: `"p${calendar.change}"`,
    summary: calendar.summary,
    updated: calendar.updated,
    timeZone: viewer.zone,
    accessRole: viewer.role,
    defaultReminders: [],
  };
}

function knownUpTo(call: Call, calendar: CalendarRow, query: ListQuery, text: string): SyncToken {
  const token = readSyncToken(call.world, calendar, text);
  if (token.shape === query.syncShape) return token;
  return refuse(400, {
    reason: "syncTokenWithRequestRestrictions",
    message: "singleEvents and eventTypes must be the same as in the first request.",
    domain: "calendar",
  });
}

function refuseOldToken(query: ListQuery): void {
  if (query.syncToken !== undefined) fullSyncRequired();
  if (query.updatedMin === undefined) return;
  refuse(410, {
    reason: "updatedMinTooLongAgo",
    message: "The requested minimum modification time lies too far in the past.",
    domain: "calendar",
    locationType: "parameter",
    location: "updatedMin",
  });
}

function fullList(call: Call, calendar: CalendarRow, query: ListQuery): EventRow[] {
  const stored = eventsOf(call.world).all(calendar.id);
  const events = query.singleEvents ? expandSeries(stored, stored, calendar, query) : stored;
  return events.filter((event) => wanted(event, query));
}

/** What changed after the token and before the listing began; deleted events always among it. */
function changedBetween(
  call: Call,
  calendar: CalendarRow,
  since: SyncToken,
  until: number,
  query: ListQuery,
): EventRow[] {
  const stored = eventsOf(call.world).all(calendar.id);
  const changed = stored.filter((event) => event.change > since.change && event.change <= until);
  return query.singleEvents ? expandSeries(changed, stored, calendar, query) : changed;
}

function sorted(
  events: readonly EventRow[],
  query: ListQuery,
  incremental: boolean,
): { key: string; event: EventRow }[] {
  const keyed = events.map((event) => ({
    event,
    key: sortKey(event, incremental ? "change" : (query.orderBy ?? "order")),
  }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
}

function sortKey(event: EventRow, by: "change" | "order" | "startTime" | "updated"): string {
  const first = {
    change: event.change,
    order: event.order,
    startTime: event.startMs,
    updated: Date.parse(event.updated),
  };
  return `${String(first[by] + 1e15).padStart(17, "0")}/${event.id}`;
}

function present(call: Call, event: EventRow, viewer: Viewer, incremental: boolean): Record<string, unknown> {
  const bare = event.status === "cancelled" && incremental && call.world.options().tombstones === "bare";
  return bare ? showBareTombstone(event) : showEvent(event, viewer);
}

/** Lists that lie, for S02, S03 and S41. */
function distort(call: Call, items: Record<string, unknown>[]): Record<string, unknown>[] {
  if (call.faults.has("empty")) return [];
  const omitted = call.faults.value("omit");
  const half = call.faults.has("truncate") ? items.slice(0, Math.ceil(items.length / 2)) : items;
  const left = half.filter(({ id }) => id !== omitted);
  return call.faults.has("bad-row")
    ? [...left, { id: "unreadable0", status: "confirmed", start: { date: "soon" } }]
    : left;
}

function pageAfter(query: ListQuery, after: string, until: number, since: number | undefined): string {
  const token: PageToken = { shape: query.pageShape, after, until, ...(since === undefined ? {} : { since }) };
  return writeToken(token);
}

function syncTokenAt(
  call: Call,
  calendar: CalendarRow,
  query: ListQuery,
  until: number,
  since: SyncToken | undefined,
): string {
  const unchanged = since !== undefined && since.change === until;
  const issuedMs = unchanged ? since.issuedMs : call.world.now();
  return writeToken({
    calendar: calendar.resourceId,
    epoch: calendar.tokenEpoch,
    change: until,
    shape: query.syncShape,
    issuedMs,
  });
}
