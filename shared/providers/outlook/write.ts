import { type ErrorCode, isError, LockstepError } from "../../errors.ts";
import type { CalendarEvent, CalendarWriter } from "../../ports/calendar.ts";
import { type Call, isNoEvent } from "./failures.ts";
import { eventPath, eventsPath, type Mailbox } from "./mailbox.ts";
import { writeProperties } from "./properties.ts";
import { getEvent, readAnswer } from "./read.ts";
import { writeContent } from "./translate.ts";

/**
 * `id` is the event's key: as `transactionId` it lets a repeated insert make no second event. Attendees are
 * never named, so that nobody gets a mail (S25).
 */
export async function insertEvent(
  mailbox: Mailbox,
  { id, content, properties }: Parameters<CalendarWriter["insert"]>[0],
): Promise<CalendarEvent> {
  const call: Call = {
    does: `inserting event ${id} on calendar ${mailbox.calendarId}`,
    means: ({ status }) => (status === 409 ? "EVENT_EXISTS" : undefined),
  };
  const body = {
    showAs: "busy",
    ...writeContent(content, mailbox.timeZone),
    transactionId: id,
    singleValueExtendedProperties: writeProperties(properties),
  };
  const request = { method: "POST", path: eventsPath(mailbox), mailbox: mailbox.calendarId, body } as const;
  const event = await mailbox.client.call(call, request, (data) => readAnswer(data, call.does, mailbox));
  // An answer to a write shows no properties; these were just written.
  return { ...event, properties: filled(properties) };
}

export async function patchEvent(
  mailbox: Mailbox,
  event: Parameters<CalendarWriter["patch"]>[0],
): Promise<CalendarEvent> {
  const { id, etag, content, properties, free } = event;
  const call = callOn("changing", id, mailbox);
  if ((await checkVersion(mailbox, call, id, etag)) === "gone") throw missing(call);
  const body = {
    ...(free === false && { showAs: "busy" }),
    ...writeContent(content, mailbox.timeZone),
    ...(free === true && { showAs: "free" }),
    ...(properties !== undefined && { singleValueExtendedProperties: writeProperties(properties) }),
  };
  const request = {
    method: "PATCH",
    path: eventPath(mailbox, id, "bare"),
    body,
    ...conditions(mailbox, etag),
  } as const;
  const answer = await mailbox.client.call(call, request, (data) => readAnswer(data, call.does, mailbox));
  if (answer.state !== "live") throw missing(call);
  if (properties !== undefined && mailbox.properties.every((name) => Object.hasOwn(properties, name))) {
    return { ...answer, properties: filled(properties) };
  }
  // The answer shows no properties, and not all of them were written.
  const whole = await getEvent(mailbox, id);
  if (whole === undefined) throw missing(call);
  return whole.etag === answer.etag ? whole : { ...answer, properties: whole.properties };
}

export async function removeEvent(
  mailbox: Mailbox,
  { id, etag }: Parameters<CalendarWriter["remove"]>[0],
): Promise<"removed" | "already-gone"> {
  const call = callOn("deleting", id, mailbox);
  if ((await checkVersion(mailbox, call, id, etag)) === "gone") return "already-gone";
  const request = { method: "DELETE", path: eventPath(mailbox, id, "bare"), ...conditions(mailbox, etag) } as const;
  try {
    return await mailbox.client.call(call, request, () => "removed");
  } catch (error) {
    if (isError(error, "EVENT_MISSING")) return "already-gone";
    throw error;
  }
}

/** For a Graph that does not look at If-Match (setting): the version is compared here, a moment before the write. */
async function checkVersion(
  mailbox: Mailbox,
  call: Call,
  id: string,
  etag: string | undefined,
): Promise<"unchanged" | "gone"> {
  if (mailbox.settings.ifMatch === "trusted" || etag === undefined) return "unchanged";
  const now = await getEvent(mailbox, id);
  if (now === undefined) return "gone";
  if (now.etag === etag) return "unchanged";
  throw new LockstepError("EVENT_CHANGED", { detail: `Microsoft Graph: ${call.does} failed: it has another version.` });
}

/** A stale version is 412, sometimes 409 (API_FACTS §3). */
function callOn(doing: string, id: string, { calendarId }: Mailbox): Call {
  return {
    does: `${doing} event ${id} on calendar ${calendarId}`,
    means: (failure): ErrorCode | undefined => {
      if (isNoEvent(failure)) return "EVENT_MISSING";
      return failure.status === 409 ? "EVENT_CHANGED" : undefined;
    },
  };
}

function conditions({ calendarId }: Mailbox, etag: string | undefined) {
  return { mailbox: calendarId, ...(etag !== undefined && { headers: { "If-Match": etag } }) };
}

function missing({ does }: Call): LockstepError {
  return new LockstepError("EVENT_MISSING", { detail: `Microsoft Graph: ${does} failed: it is deleted.` });
}

/** As they would be read: an empty property is none. */
function filled(properties: Readonly<Record<string, string | null>>): Record<string, string> {
  const entries = Object.entries(properties).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  return Object.fromEntries(entries);
}
