import type { CalendarEvent, CalendarPage, CalendarReader } from "../../ports/calendar.ts";
import type { Clock } from "../../ports/clock.ts";
import { openWindow, type Page, readCursor, readPage, type Window, writeCursor, writePage } from "./cursor.ts";
import { brokenAnswer, type Call, isExpiredCursor } from "./failures.ts";
import type { Mailbox } from "./mailbox.ts";
import { fetchList, linkOf, readEvents } from "./read.ts";
import { GraphItem } from "./schema.ts";
import { isInstance, readEvent, tombstone } from "./translate.ts";

/** Asked for; Graph may give less. */
const PAGE_SIZE = 50;

type Query = Parameters<CalendarReader["changes"]>[0];

/** One page of a listing; see `cursor.ts` for the order of its phases. */
export async function listChanges(mailbox: Mailbox, clock: Clock, query: Query): Promise<CalendarPage> {
  const page = query.page === undefined ? firstPage(mailbox, clock, query) : readPage(query.page);
  switch (page.phase) {
    case "opening":
      return walkOpening(mailbox, page);
    case "viewing":
      return walkView(mailbox, page);
    case "since":
      return walkSince(mailbox, clock, page);
  }
}

function firstPage({ settings, calendarId }: Mailbox, clock: Clock, { cursor, from }: Query): Page {
  if (cursor !== undefined) return { phase: "since", ...readCursor(cursor, clock.now(), settings.horizonDays) };
  const window = openWindow(from, clock.now(), settings.horizonDays);
  return { phase: "opening", window, link: `${viewPath(calendarId)}/delta?${spanOf(window)}` };
}

function viewPath(calendarId: string): string {
  return `/users/${encodeURIComponent(calendarId)}/calendarView`;
}

function spanOf({ from, until }: Window): string {
  return `startDateTime=${encodeURIComponent(from)}&endDateTime=${encodeURIComponent(until)}`;
}

/** The items of a first round are left to the view: here they have no properties. */
async function walkOpening(mailbox: Mailbox, page: Page): Promise<CalendarPage> {
  const { next, delta } = await fetchDelta(mailbox, page, { does: `listing calendar ${mailbox.calendarId}` });
  const { window } = page;
  if (next !== undefined) return between([], { phase: "opening", window, link: next });
  const query = [spanOf(window), `$top=${PAGE_SIZE}`, mailbox.expand].filter((part) => part !== "").join("&");
  return between([], { phase: "viewing", window, link: `${viewPath(mailbox.calendarId)}?${query}`, delta });
}

async function walkView(mailbox: Mailbox, page: Page & { phase: "viewing" }): Promise<CalendarPage> {
  const { window, delta } = page;
  const call = { does: `viewing calendar ${mailbox.calendarId}` };
  const list = await fetchList(mailbox, call, page.link);
  const events = list.value.map((item) => readEvent(item, mailbox)).filter((event) => !isOver(event, window));
  const next = linkOf(list["@odata.nextLink"], call.does);
  if (next !== undefined) return between(events, { phase: "viewing", window, link: next, delta });
  return { events, cursor: writeCursor({ window, link: delta }), until: window.until, access: "writer" };
}

/** The view's borders are not told exactly; what ended before it is left out (port). */
function isOver({ content: { span } }: CalendarEvent, { from }: Window): boolean {
  return span?.kind === "timed" && span.end <= from;
}

/** Changes come without properties, so what may be ours is read again as a whole; items may come twice (S10). */
async function walkSince(mailbox: Mailbox, clock: Clock, page: Page): Promise<CalendarPage> {
  const call: Call = {
    does: `listing what changed on calendar ${mailbox.calendarId}`,
    means: (failure) => (isExpiredCursor(failure) ? "CURSOR_EXPIRED" : undefined),
  };
  const { items, next, delta } = await fetchDelta(mailbox, page, call);
  const events = await readChanged(mailbox, clock, items);
  const { window } = page;
  if (next !== undefined) return between(events, { phase: "since", window, link: next });
  return { events, cursor: writeCursor({ window, link: delta }), access: "writer" };
}

/**
 * One event for each id, as it is now. Occurrences are never ours, and unreadable items cannot be asked for:
 * both are taken as they came. `@removed` may also mean outside the window; the caller confirms it by a read (R5).
 */
async function readChanged(mailbox: Mailbox, clock: Clock, items: readonly unknown[]): Promise<CalendarEvent[]> {
  const taken = new Map<string, CalendarEvent>();
  const asked = new Set<string>();
  for (const item of items) {
    const { success, data } = GraphItem.safeParse(item);
    const event = readEvent(item, mailbox);
    if (success && data["@removed"] === undefined && !isInstance(data.type)) asked.add(data.id);
    else taken.set(event.id, event);
  }
  for (const [id, event] of await readEvents(mailbox, clock, [...asked])) {
    taken.set(id, event ?? tombstone(id, mailbox.calendarId));
  }
  return [...taken.values()];
}

/** No access is told with a listing: where writing is not allowed, the write itself is refused. */
function between(events: CalendarEvent[], next: Page): CalendarPage {
  return { events, nextPage: writePage(next), access: "writer" };
}

interface DeltaPage {
  readonly items: readonly unknown[];
  readonly next: string | undefined;
  /** Where the next round starts; "" where there is a next page. */
  readonly delta: string;
}

/** Without either link nobody knows whether that was all (S03). */
async function fetchDelta(mailbox: Mailbox, { link }: Page, call: Call): Promise<DeltaPage> {
  const list = await fetchList(mailbox, call, link, `odata.maxpagesize=${PAGE_SIZE}`);
  const next = linkOf(list["@odata.nextLink"], call.does);
  const delta = linkOf(list["@odata.deltaLink"], call.does);
  if (next === undefined && delta === undefined) throw brokenAnswer(call.does, "it has no next page and no delta link");
  return { items: list.value, next, delta: delta ?? "" };
}
