import { isRecord, json, parseJson, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { badRequest } from "./errors.ts";
import { eventsBetween } from "./event-store.ts";
import { mailboxNamed, mailboxOf } from "./mailboxes.ts";
import { contextOf } from "./odata.ts";
import { applied, readPrefer } from "./prefer.ts";
import { readSpan } from "./read-span.ts";
import type { EventRow, Span } from "./rows.ts";
import { showTimes } from "./show-event.ts";

const MAX_SCHEDULES = 100;
const MAX_DAYS = 62;
/** What a slot says where several events lie in it: the strongest, in this order. */
const DIGITS = [
  ["oof", "3"],
  ["busy", "2"],
  ["tentative", "1"],
  ["workingElsewhere", "4"],
] as const;

/** `POST /users/{id}/calendar/getSchedule`: free and busy of several mailboxes, each with its own error. */
export function getSchedule(call: Call, [user = ""]: readonly string[]): Reply {
  mailboxOf(call, user);
  const sent = parseJson(call.request.body);
  if (!isRecord(sent) || !Array.isArray(sent.schedules)) return badRequest("schedules is required.");
  if (sent.schedules.length > MAX_SCHEDULES) badRequest(`At most ${MAX_SCHEDULES} schedules may be asked for.`);
  const span = readSpan({ start: sent.startTime, end: sent.endTime });
  if (span.endMs - span.startMs > MAX_DAYS * 86_400_000) badRequest(`The window must be within ${MAX_DAYS} days.`);
  const minutes = readInterval(sent.availabilityViewInterval);
  const value = sent.schedules.map((name) => scheduleOf(call, String(name), span, minutes));
  const context = contextOf(call, "Collection(microsoft.graph.scheduleInformation)");
  return json(200, { "@odata.context": context, value }, applied(call.request));
}

function readInterval(sent: unknown): number {
  const minutes = sent === undefined || sent === null ? 30 : sent;
  const fits = typeof minutes === "number" && Number.isInteger(minutes) && minutes >= 5 && minutes <= 1440;
  return fits ? minutes : badRequest("availabilityViewInterval must be from 5 to 1440 minutes.");
}

function scheduleOf(call: Call, scheduleId: string, span: Span, minutes: number): Record<string, unknown> {
  const mailbox = mailboxNamed(call.world, scheduleId);
  if (mailbox === undefined) {
    const error = {
      responseCode: "ErrorMailRecipientNotFound",
      message: `Unable to resolve e-mail address ${scheduleId}.`,
    };
    return { scheduleId, availabilityView: "", error };
  }
  const events = eventsBetween(call.world, mailbox, span.startMs, span.endMs).filter(({ cancelled }) => !cancelled);
  return {
    scheduleId,
    availabilityView: viewOf(events, span, minutes * 60_000),
    scheduleItems: events.map((event) => showItem(call, event)),
  };
}

function viewOf(events: readonly EventRow[], { startMs, endMs }: Span, stepMs: number): string {
  const digits: string[] = [];
  for (let from = startMs; from < endMs; from += stepMs) {
    const here = events.filter(({ span }) => span.startMs < from + stepMs && span.endMs > from);
    digits.push(DIGITS.find(([status]) => here.some(({ body }) => body.showAs === status))?.[1] ?? "0");
  }
  return digits.join("");
}

function showItem(call: Call, { body, span }: EventRow): Record<string, unknown> {
  const isPrivate = body.sensitivity === "private";
  const told = isPrivate ? {} : { subject: body.subject, location: String(body.location.displayName ?? "") };
  return { isPrivate, status: body.showAs, ...told, ...showTimes(span, readPrefer(call.request)) };
}
