import { Temporal } from "temporal-polyfill";
import type { Call } from "../world.ts";
import { badRequest } from "./errors.ts";
import { type NewState, ownDays, plainDays, storeEvent } from "./event-store.ts";
import { datesOf } from "./occurrences.ts";
import type { EventBody, EventRow, MailboxRow } from "./rows.ts";
import { eventsOf } from "./shelves.ts";
import { wallAt } from "./zones.ts";

/** A day of a series gets its own row: an exception, or a tombstone that delta does not tell of (S34). */
export function changeDay(call: Call, mailbox: MailboxRow, day: EventRow): EventRow {
  if (day.day === undefined) return day;
  if (!day.deleted) checkNeighbours(call, mailbox, day);
  const { series: _, ...rest } = day;
  return storeEvent(call, mailbox, { ...rest, day: { ...day.day, changed: true } }, "updated");
}

/**
 * A changed single event or master. Where time or pattern of a series change, its exceptions go; else they follow
 * in what they had not changed themselves.
 */
export function changeMaster(call: Call, mailbox: MailboxRow, before: EventRow, after: NewState): EventRow {
  const days = before.series === undefined ? [] : ownDays(call.world, mailbox, before);
  const moved = !same(before.series, after.series) || !same(before.span, after.span);
  for (const day of days) {
    if (moved) eventsOf(call.world).remove(mailbox.id, day.key);
    else if (!day.deleted) follow(call, mailbox, day, before.body, after.body);
  }
  return storeEvent(call, mailbox, after, "updated");
}

/** The series and all its days are gone; each has a tombstone. */
export function deleteMaster(call: Call, mailbox: MailboxRow, master: EventRow): void {
  for (const day of ownDays(call.world, mailbox, master)) {
    if (!day.deleted) storeEvent(call, mailbox, { ...day, deleted: true }, "deleted");
  }
  storeEvent(call, mailbox, { ...master, deleted: true }, "deleted");
}

function follow(call: Call, mailbox: MailboxRow, day: EventRow, before: EventBody, after: EventBody): void {
  const kept = Object.entries(day.body).filter(([name, value]) => !same(value, before[name as keyof EventBody]));
  const body = { ...after, ...Object.fromEntries(kept) };
  if (!same(body, day.body)) storeEvent(call, mailbox, { ...day, body }, "updated");
}

/** An occurrence may not move onto or past the day of its neighbour (API_FACTS §3). */
function checkNeighbours(call: Call, mailbox: MailboxRow, day: EventRow): void {
  const master = eventsOf(call.world).get(mailbox.id, day.day?.master ?? "");
  if (master?.series === undefined) return;
  const zone = master.span.startZone;
  const dayOf = (event: EventRow) =>
    (event.span.isAllDay ? event.span.start : wallAt(event.span.startMs, zone)).slice(0, 10);
  const own = day.day?.date ?? "";
  const until = Temporal.PlainDate.from(own).add({ years: 2 }).toZonedDateTime(zone).epochMilliseconds;
  const others = [
    ...plainDays(call.world, mailbox, master, until),
    ...ownDays(call.world, mailbox, master).filter(({ deleted }) => !deleted),
  ].filter((other) => other.day?.date !== own);
  const moved = dayOf(day);
  for (const other of others) {
    const earlier = (other.day?.date ?? "") < own;
    if (earlier ? moved <= dayOf(other) : moved >= dayOf(other)) {
      badRequest(
        "Modified occurrence is crossing or overlapping adjacent occurrence.",
        "ErrorOccurrenceCrossingBoundary",
      );
    }
  }
}

/** The series ends before that day; undefined where nothing of it is left. */
export function cutBefore(series: NonNullable<EventRow["series"]>, date: string): EventRow["series"] {
  const last = [...datesBefore(series, date)].at(-1);
  if (last === undefined) return undefined;
  return { ...series, range: { ...series.range, type: "endDate", endDate: last, numberOfOccurrences: 0 } };
}

function* datesBefore(series: NonNullable<EventRow["series"]>, date: string): Generator<string> {
  for (const each of datesOf(series)) {
    if (each >= date) return;
    yield each;
  }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
