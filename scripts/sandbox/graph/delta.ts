import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { readWindow } from "./calendar-view.ts";
import { type DeltaToken, readDeltaToken, writeDeltaToken } from "./delta-token.ts";
import { badRequest } from "./errors.ts";
import { eventsBetween, isWithin, livingEvents, plainDays } from "./event-store.ts";
import { viewerOf } from "./events.ts";
import { eventId } from "./ids.ts";
import { mailboxOf } from "./mailboxes.ts";
import { occurrencesOf } from "./occurrences.ts";
import { contextOf, distort, linkTo } from "./odata.ts";
import { applied, readPrefer } from "./prefer.ts";
import type { EventRow, MailboxRow } from "./rows.ts";
import { eventsOf } from "./shelves.ts";
import { showBareOccurrence, showEvent, typeOf } from "./show-event.ts";

const DEFAULT_PAGE = 10;
const MAX_PAGE = 1000;
const FORBIDDEN = ["$select", "$filter", "$expand", "$orderby", "$search"];

/** One line of a round: an event as it is, or that it is no longer to be counted. */
interface Item {
  readonly event: EventRow;
  readonly removed: boolean;
}

/**
 * `GET /users/{id}/calendarView/delta`: a round of pages, each with exactly one of `nextLink` and `deltaLink`. A
 * round covers the changes up to its first page; what changes meanwhile comes with the next.
 */
export function listDelta(call: Call, [user = ""]: readonly string[]): Reply {
  const mailbox = mailboxOf(call, user);
  refuseQueries(call);
  const token = tokenOf(call, mailbox);
  const until = token.until ?? mailbox.change;
  const items = token.since < 0 ? fullRound(call, mailbox, token, until) : changed(call, mailbox, token, until);
  const rest = items
    .map((item) => ({ item, place: placeOf(item.event) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .filter(({ place }) => token.after === undefined || place > token.after);
  const shown = rest.slice(0, call.faults.has("empty-page") ? 0 : pageSize(call));
  const more = shown.length < rest.length && !call.faults.has("truncate") && !call.faults.has("empty");
  const after = shown.at(-1)?.place ?? token.after ?? "";
  const link = more ? nextLink(call, { ...token, until, after }) : deltaLink(call, mailbox, token, until);
  const value = distort(
    call,
    present(
      call,
      shown.map(({ item }) => item),
    ),
  );
  return json(200, { "@odata.context": contextOf(call, "Collection(event)"), value, ...link }, applied(call.request));
}

function refuseQueries({ request }: Call): void {
  if ([...request.query.keys()].some((name) => FORBIDDEN.includes(name))) {
    badRequest(
      "The following parameters are not supported with change tracking over the 'CalendarView' resource: '$orderby, $filter, $select, $expand, $search'.",
      "ErrorInvalidUrlQuery",
    );
  }
}

function tokenOf(call: Call, mailbox: MailboxRow): DeltaToken {
  const { query } = call.request;
  const given = [...query].find(([name]) => /^\$(skip|delta)token$/i.test(name))?.[1];
  if (given !== undefined) return readDeltaToken(call, mailbox, given);
  const issuedMs = call.world.now();
  return { ...readWindow(call), mailbox: mailbox.id, epoch: mailbox.deltaEpoch, since: -1, issuedMs };
}

/** What takes place in the window, and the masters of what of it are days of series. */
function fullRound({ world }: Call, mailbox: MailboxRow, { startMs, endMs }: DeltaToken, until: number): Item[] {
  const within = eventsBetween(world, mailbox, startMs, endMs);
  const masters = livingEvents(world, mailbox).filter(
    ({ key, series }) => series !== undefined && within.some(({ day }) => day?.master === key),
  );
  return [...masters, ...within].filter(({ change }) => change <= until).map((event) => ({ event, removed: false }));
}

/** What changed since the token. What changed outside the window is told as removed, deleted or not (API_FACTS §3). */
function changed(call: Call, mailbox: MailboxRow, token: DeltaToken, until: number): Item[] {
  return eventsOf(call.world)
    .all(mailbox.id)
    .filter(({ change }) => change > token.since && change <= until)
    .flatMap((event) => itemsOf(call, mailbox, token, event));
}

function itemsOf({ world }: Call, mailbox: MailboxRow, { startMs, endMs }: DeltaToken, event: EventRow): Item[] {
  // A cancelled day is told by nobody (S34); a deleted series takes all its days along.
  if (event.deleted && event.day !== undefined && masterLives(event, world, mailbox)) return [];
  if (event.series === undefined) return [{ event, removed: event.deleted || !isWithin(event, startMs, endMs) }];
  const days = event.deleted ? occurrencesOf(event, endMs) : plainDays(world, mailbox, event, endMs);
  const within = days.filter((day) => isWithin(day, startMs, endMs));
  const removed = event.deleted || within.length === 0;
  return [{ event, removed }, ...within.map((day) => ({ event: day, removed: event.deleted }))];
}

function masterLives({ day }: EventRow, world: Call["world"], mailbox: MailboxRow): boolean {
  return eventsOf(world).get(mailbox.id, day?.master ?? "")?.deleted === false;
}

function present(call: Call, items: readonly Item[]): Record<string, unknown>[] {
  const viewer = viewerOf(call);
  const bare = call.world.options().deltaOccurrences === "bare";
  const shown = items.map(({ event, removed }) => {
    if (removed || isTakenAway(call, event)) return showRemoved(call, event);
    const whole = bare && typeOf(event) === "occurrence" ? showBareOccurrence(event, viewer) : showEvent(event, viewer);
    return { "@odata.type": "#microsoft.graph.event", ...whole };
  });
  return call.faults.has("delta-repeat") ? [...shown, ...shown] : shown;
}

/** Fault `delta-removed-outside`: a living event is told as removed, as if it lay outside. */
function isTakenAway({ faults }: Call, event: EventRow): boolean {
  if (!faults.has("delta-removed-outside")) return false;
  const which = faults.value("delta-removed-outside");
  return which === undefined || which === eventId(event, false) || which === eventId(event, true);
}

function showRemoved(call: Call, event: EventRow): Record<string, unknown> {
  const reason = call.faults.has("delta-restorable") ? "changed" : "deleted";
  return {
    "@odata.type": "#microsoft.graph.event",
    id: eventId(event, readPrefer(call.request).immutable),
    "@removed": { reason },
  };
}

/** The order is arbitrary, but the same on every page: by the key read from behind. */
function placeOf({ key }: EventRow): string {
  return [...key].reverse().join("");
}

function pageSize(call: Call): number {
  const wished = readPrefer(call.request).maxPageSize ?? DEFAULT_PAGE;
  return Math.min(wished, MAX_PAGE, call.world.options().graphPageSize);
}

function nextLink(call: Call, token: DeltaToken): Record<string, string> {
  return { "@odata.nextLink": linkTo(call, { $skiptoken: writeDeltaToken(token) }) };
}

function deltaLink(call: Call, mailbox: MailboxRow, token: DeltaToken, since: number): Record<string, string> {
  const { startMs, endMs } = token;
  const next = { mailbox: mailbox.id, epoch: mailbox.deltaEpoch, since, issuedMs: call.world.now(), startMs, endMs };
  return { "@odata.deltaLink": linkTo(call, { $deltatoken: writeDeltaToken(next) }) };
}
