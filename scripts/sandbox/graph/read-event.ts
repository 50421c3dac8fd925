import { isRecord } from "../wire.ts";
import { badRequest, refuse } from "./errors.ts";
import { readProperties } from "./extended-properties.ts";
import { readSeries } from "./read-series.ts";
import { readSpan } from "./read-span.ts";
import type { Attendee, EventBody, EventRow, Series, Span } from "./rows.ts";

type Sent = Readonly<Record<string, unknown>>;

/** What a client wrote, beside what it left as it was. */
export interface ReadEvent {
  readonly body: EventBody;
  readonly span: Span;
  readonly series?: Series;
  readonly properties: Readonly<Record<string, string>>;
}

const EMPTY: EventBody = {
  subject: "",
  body: { contentType: "html", content: "" },
  location: { displayName: "" },
  attendees: [],
  showAs: "busy",
  sensitivity: "normal",
  importance: "normal",
  categories: [],
  isReminderOn: true,
  reminderMinutesBeforeStart: 15,
  responseRequested: true,
  allowNewTimeProposals: true,
  hideAttendees: false,
};

const CHOICES: Readonly<Partial<Record<keyof EventBody, readonly string[]>>> = {
  showAs: ["free", "tentative", "busy", "oof", "workingElsewhere", "unknown"],
  sensitivity: ["normal", "personal", "private", "confidential"],
  importance: ["low", "normal", "high"],
};

/** Properties of an event that a client may send and that change nothing here. */
const IGNORED = new Set([
  ..."id changeKey createdDateTime lastModifiedDateTime iCalUId uid type seriesMasterId webLink".split(" "),
  ..."isOrganizer isCancelled isDraft hasAttachments responseStatus organizer originalStart".split(" "),
  ..."originalStartTimeZone originalEndTimeZone bodyPreview locations onlineMeeting onlineMeetingProvider".split(" "),
  ..."isOnlineMeeting onlineMeetingUrl occurrenceId attachments extensions calendar instances".split(" "),
]);
const READ_APART = new Set([
  "start",
  "end",
  "isAllDay",
  "recurrence",
  "transactionId",
  "singleValueExtendedProperties",
]);
const MAX_SUBJECT = 255;

/** A whole event, or what changes of `before`. Refuses with 400 what Graph refuses; unknown properties too. */
export function readEvent(sent: unknown, before?: EventRow): ReadEvent {
  if (!isRecord(sent)) return refuse(400, "RequestBodyRead", "The body is no JSON object.");
  const unknown = Object.keys(sent).find((name) => !isKnown(name));
  if (unknown !== undefined) {
    refuse(400, "RequestBodyRead", `The property '${unknown}' does not exist on type 'microsoft.graph.event'.`);
  }
  const span = readSpan(sent, before?.span);
  const series = seriesOf(sent, span, before);
  return {
    body: readBody(sent, before?.body ?? EMPTY),
    span,
    ...(series === undefined ? {} : { series }),
    properties: { ...before?.properties, ...readProperties(sent.singleValueExtendedProperties) },
  };
}

function isKnown(name: string): boolean {
  return name.includes("@odata.") || Object.hasOwn(EMPTY, name) || IGNORED.has(name) || READ_APART.has(name);
}

/** A new start of the whole series moves its start date along where the pattern was not sent with it. */
function seriesOf(sent: Sent, span: Span, before: EventRow | undefined): Series | undefined {
  if (sent.recurrence === null) return undefined;
  if (sent.recurrence !== undefined) return readSeries(sent.recurrence, span);
  const series = before?.series;
  return series && { ...series, range: { ...series.range, startDate: span.start.slice(0, 10) } };
}

function readBody(sent: Sent, before: EventBody): EventBody {
  const kept: Record<string, unknown> = { ...before };
  for (const name of Object.keys(EMPTY)) {
    const value = sent[name];
    if (value !== undefined) kept[name] = READERS[name]?.(value) ?? readPlain(name as keyof EventBody, value);
  }
  return kept as unknown as EventBody; // every key was read by its own reader or against its empty value
}

const READERS: Readonly<Record<string, (value: unknown) => unknown>> = {
  subject: (value) => String(value ?? "").slice(0, MAX_SUBJECT),
  body: readContent,
  location: (value) => (isRecord(value) ? { displayName: "", ...value } : EMPTY.location),
  attendees: readAttendees,
  categories: (value) => (Array.isArray(value) ? value.map(String) : wrong("categories")),
};

function readPlain(name: keyof EventBody, value: unknown): unknown {
  const choices = CHOICES[name];
  const fits = choices === undefined ? typeof value === typeof EMPTY[name] : choices.some((choice) => choice === value);
  return fits ? value : wrong(name);
}

function readContent(value: unknown): EventBody["body"] {
  if (value === null) return EMPTY.body;
  if (!isRecord(value)) return wrong("body");
  const contentType = String(value.contentType ?? "text").toLowerCase();
  if (contentType !== "text" && contentType !== "html") return wrong("body");
  return { contentType, content: String(value.content ?? "") };
}

function readAttendees(value: unknown): Attendee[] {
  if (value === null) return [];
  if (!Array.isArray(value)) return wrong("attendees");
  return value.map((each) => {
    const person = isRecord(each) && isRecord(each.emailAddress) ? each.emailAddress : wrong("attendees");
    const address = typeof person.address === "string" ? person.address : wrong("attendees");
    return {
      type: isRecord(each) && typeof each.type === "string" ? each.type : "required",
      emailAddress: { name: typeof person.name === "string" ? person.name : address, address },
    };
  });
}

function wrong(name: string): never {
  badRequest(`The value of '${name}' cannot be converted to the expected type.`, "RequestBodyRead");
}
