import type { Call, World } from "../world.ts";
import { readEventId } from "./ids.ts";
import { notifyChange } from "./notify.ts";
import { datesOf, occurrenceOn, occurrencesOf, readOccurrenceKey } from "./occurrences.ts";
import type { ChangeType, EventRow, MailboxRow } from "./rows.ts";
import { eventsOf, mailboxesOf } from "./shelves.ts";

/** What a write says about an event; the server adds the rest. */
export type NewState = Omit<EventRow, "mailbox" | "change" | "created" | "updated"> &
  Partial<Pick<EventRow, "created">>;

/**
 * The only place that changes events: counts the change in the mailbox, stamps the event and tells the
 * subscriptions. Of a day of a series they hear as a change of its master.
 */
export function storeEvent(call: Call, mailbox: MailboxRow, state: NewState, type: ChangeType): EventRow {
  const { world } = call;
  const change = (mailboxesOf(world).get("mailboxes", mailbox.id)?.change ?? 0) + 1;
  const before = eventsOf(world).get(mailbox.id, state.key);
  const now = new Date(world.now()).toISOString();
  const row: EventRow = {
    ...state,
    mailbox: mailbox.id,
    change,
    created: state.created ?? before?.created ?? now,
    updated: stampAfter(before, now),
  };
  eventsOf(world).put(mailbox.id, row.key, row);
  mailboxesOf(world).put("mailboxes", mailbox.id, { ...currentOf(world, mailbox), change });
  const master = row.day === undefined ? undefined : eventsOf(world).get(mailbox.id, row.day.master);
  notifyChange(call, mailbox, master ?? row, master === undefined ? type : "updated");
  return row;
}

function currentOf(world: World, mailbox: MailboxRow): MailboxRow {
  return mailboxesOf(world).get("mailboxes", mailbox.id) ?? mailbox;
}

function stampAfter(before: EventRow | undefined, now: string): string {
  if (before === undefined || before.updated < now) return now;
  return new Date(Date.parse(before.updated) + 1).toISOString();
}

/** The living event of that id, an unchanged day of a series included; undefined where there is none. */
export function findEvent(world: World, mailbox: MailboxRow, id: string): EventRow | undefined {
  const named = readEventId(id);
  if (named === undefined || named.mailbox !== mailbox.id) return undefined;
  const found = eventAt(world, mailbox, named.key);
  return named.filing === undefined || named.filing === found?.filing ? found : undefined;
}

/** The living event under a key. */
export function eventAt(world: World, mailbox: MailboxRow, key: string): EventRow | undefined {
  const stored = eventsOf(world).get(mailbox.id, key);
  if (stored !== undefined) return stored.deleted ? undefined : stored;
  const day = readOccurrenceKey(key);
  const master = day && eventsOf(world).get(mailbox.id, day.master);
  if (day === undefined || master?.series === undefined || master.deleted) return undefined;
  for (const date of datesOf(master.series)) {
    if (date === day.date) return occurrenceOn(master, date);
    if (date > day.date) return undefined;
  }
  return undefined;
}

/** All living events of the mailbox with their own row: single events, masters, exceptions. */
export function livingEvents(world: World, mailbox: MailboxRow): EventRow[] {
  return eventsOf(world)
    .all(mailbox.id)
    .filter((event) => !event.deleted);
}

/** What takes place in a window, series as their days, by start. */
export function eventsBetween(world: World, mailbox: MailboxRow, fromMs: number, toMs: number): EventRow[] {
  return livingEvents(world, mailbox)
    .flatMap((event) => (event.series === undefined ? [event] : plainDays(world, mailbox, event, toMs)))
    .filter((event) => isWithin(event, fromMs, toMs))
    .sort((a, b) => a.span.startMs - b.span.startMs || (a.key < b.key ? -1 : 1));
}

/** The days of a master that have no row of their own, neither changed nor cancelled. */
export function plainDays(world: World, mailbox: MailboxRow, master: EventRow, toMs: number): EventRow[] {
  return occurrencesOf(master, toMs).filter(({ key }) => eventsOf(world).get(mailbox.id, key) === undefined);
}

/** All days of a master as they are now, changed ones in their place. */
export function daysOf(world: World, mailbox: MailboxRow, master: EventRow, toMs: number): EventRow[] {
  return [...plainDays(world, mailbox, master, toMs), ...ownDays(world, mailbox, master).filter((day) => !day.deleted)];
}

/** Rows of days that were changed or cancelled by themselves. */
export function ownDays(world: World, mailbox: MailboxRow, master: EventRow): EventRow[] {
  return eventsOf(world)
    .all(mailbox.id)
    .filter(({ day }) => day?.master === master.key);
}

export function isWithin({ span }: EventRow, fromMs: number, toMs: number): boolean {
  return span.startMs < toMs && (span.endMs > fromMs || span.startMs >= fromMs);
}
