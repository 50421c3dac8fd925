import type { Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { badRequest, itemNotFound } from "./errors.ts";
import { daysOf, eventsBetween, findEvent, isWithin } from "./event-store.ts";
import { answerEvents } from "./events.ts";
import { mailboxOf } from "./mailboxes.ts";

const MAX_DAYS = 1825;

export interface Window {
  readonly startMs: number;
  readonly endMs: number;
}

/** `GET /users/{id}/calendarView`: what takes place in a window, series as their days. */
export function listView(call: Call, [user = ""]: readonly string[]): Reply {
  const mailbox = mailboxOf(call, user);
  const { startMs, endMs } = readWindow(call);
  return answerEvents(call, mailbox, "calendarView", eventsBetween(call.world, mailbox, startMs, endMs));
}

/** `GET …/events/{id}/instances`: the days of one series in a window, changed ones in their place. */
export function listInstances(call: Call, [user = "", id = ""]: readonly string[]): Reply {
  const mailbox = mailboxOf(call, user);
  const master = findEvent(call.world, mailbox, id) ?? itemNotFound();
  if (master.series === undefined) badRequest("The event is no series master.");
  const { startMs, endMs } = readWindow(call);
  const days = daysOf(call.world, mailbox, master, endMs)
    .filter((day) => isWithin(day, startMs, endMs))
    .sort((a, b) => a.span.startMs - b.span.startMs);
  return answerEvents(call, mailbox, "instances", days);
}

/** `startDateTime` and `endDateTime`, whose names have no case; without an offset they are UTC. */
export function readWindow(call: Call): Window {
  const startMs = readBound(call, "startDateTime");
  const endMs = readBound(call, "endDateTime");
  if (endMs < startMs) badRequest("The end of the window is before its start.", "ErrorInvalidParameter");
  if (endMs - startMs > MAX_DAYS * 86_400_000) {
    badRequest(`The window must be within ${MAX_DAYS} days.`, "ErrorCalendarViewRangeTooBig");
  }
  return { startMs, endMs };
}

function readBound({ request }: Call, name: string): number {
  const text = [...request.query].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  if (text === undefined) {
    return badRequest(
      "This request requires a time window specified by the query string parameters StartDateTime and EndDateTime.",
      "ErrorInvalidParameter",
    );
  }
  const ms = Date.parse(/(Z|[+-]\d\d:\d\d)$/i.test(text) || !text.includes("T") ? text : `${text}Z`);
  return Number.isNaN(ms) ? badRequest(`'${text}' is no time for ${name}.`, "ErrorInvalidParameter") : ms;
}
