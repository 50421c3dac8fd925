import { isRecord, json, noContent, parseJson, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { badRequest, itemNotFound, refuse } from "./errors.ts";
import { findEvent, livingEvents, storeEvent } from "./event-store.ts";
import { readExpand } from "./extended-properties.ts";
import { readFilter } from "./filter.ts";
import { etagOf } from "./ids.ts";
import { mailboxOf } from "./mailboxes.ts";
import { mailGuests } from "./mails.ts";
import { answerPage, contextOf, readPaging, select, serviceRoot } from "./odata.ts";
import { readOrder } from "./order.ts";
import { applied, readPrefer } from "./prefer.ts";
import { readEvent } from "./read-event.ts";
import { roomSubject } from "./room-mailbox.ts";
import type { EventRow, MailboxRow } from "./rows.ts";
import { changeDay, changeMaster, deleteMaster } from "./series.ts";
import { eventsOf } from "./shelves.ts";
import { showEvent, type Viewer } from "./show-event.ts";

const DEFAULT_PAGE = 10;
const MAX_PAGE = 1000;

export function viewerOf(call: Call): Viewer {
  return {
    prefer: readPrefer(call.request),
    expand: readExpand(call.request.query.get("$expand")),
    zoneNames: call.world.options().graphZoneNames,
  };
}

/** `GET /users/{id}/events`: single events and masters; days of series are in views and instances. */
export function listEvents(call: Call, [user = ""]: readonly string[]): Reply {
  const mailbox = mailboxOf(call, user);
  const found = livingEvents(call.world, mailbox).filter(({ day }) => day === undefined);
  return answerEvents(call, mailbox, "events", found);
}

/** A page of events, filtered and ordered as asked. */
export function answerEvents(call: Call, mailbox: MailboxRow, name: string, events: readonly EventRow[]): Reply {
  const { query } = call.request;
  const paging = readPaging(call, DEFAULT_PAGE, MAX_PAGE);
  const viewer = viewerOf(call);
  const found = events.filter(readFilter(query.get("$filter")));
  const shown = readOrder(query.get("$orderby"), found).map((event) => showEvent(event, viewer));
  return answerPage(call, `users('${encodeURIComponent(mailbox.email)}')/${name}`, shown, paging);
}

export function getEvent(call: Call, [user = "", id = ""]: readonly string[]): Reply {
  const mailbox = mailboxOf(call, user);
  return answerEvent(call, mailbox, findEvent(call.world, mailbox, id) ?? itemNotFound());
}

/** `POST /users/{id}/events`. A `transactionId` seen before answers the event it made (API_FACTS §3). */
export function createEvent(call: Call, [user = ""]: readonly string[]): Reply {
  const mailbox = mailboxOf(call, user);
  const sent = sentObject(call);
  const read = readEvent(sent);
  const transactionId = readTransactionId(sent.transactionId);
  const known = transactionId === undefined ? undefined : madeBy(call, mailbox, transactionId);
  if (known !== undefined) return answerEvent(call, mailbox, known, 201);
  const organizer = { name: mailbox.displayName, address: mailbox.email };
  const row = storeEvent(
    call,
    mailbox,
    {
      key: call.world.newId(),
      meeting: call.world.newId(),
      filing: 0,
      deleted: false,
      cancelled: false,
      organizer,
      response: "organizer",
      ...read,
      body: roomSubject(call, mailbox, read.body, organizer, "api"),
      ...(transactionId === undefined ? {} : { transactionId }),
    },
    "created",
  );
  mailGuests(call, row, "invitation");
  return answerEvent(call, mailbox, row, 201);
}

/** `PATCH`: what is not sent stays. A day of a series becomes an exception to it. */
export function patchEvent(call: Call, [user = "", id = ""]: readonly string[]): Reply {
  const mailbox = mailboxOf(call, user);
  const event = findEvent(call.world, mailbox, id) ?? itemNotFound();
  checkIfMatch(call, event);
  const sent = sentObject(call);
  if (sent.transactionId !== undefined && sent.transactionId !== event.transactionId) {
    badRequest("transactionId can be set on creation only.", "ErrorInvalidPropertySet");
  }
  const row = applyChange(call, mailbox, event, sent, "api");
  mailGuests(call, row, "update");
  return answerEvent(call, mailbox, row);
}

/** A change of an event as a client or a person words it. */
export function applyChange(
  call: Call,
  mailbox: MailboxRow,
  event: EventRow,
  sent: Readonly<Record<string, unknown>>,
  by: "api" | "person",
): EventRow {
  const read = readEvent(sent, event);
  const body = roomSubject(call, mailbox, read.body, event.organizer, by);
  if (event.day !== undefined) return changeDay(call, mailbox, { ...event, ...read, body });
  const { series: _, ...rest } = event;
  return changeMaster(call, mailbox, event, { ...rest, ...read, body });
}

/** `DELETE`: 204, and cancellations to guests; 404 the second time. */
export function deleteEvent(call: Call, [user = "", id = ""]: readonly string[]): Reply {
  const mailbox = mailboxOf(call, user);
  const event = findEvent(call.world, mailbox, id) ?? itemNotFound();
  checkIfMatch(call, event);
  removeEvent(call, mailbox, event);
  mailGuests(call, event, "cancellation");
  return noContent();
}

/** It is gone from the calendar: a tombstone stays for delta, but for a day of a series (S34). */
export function removeEvent(call: Call, mailbox: MailboxRow, event: EventRow): void {
  if (event.series !== undefined) deleteMaster(call, mailbox, event);
  else if (event.day !== undefined) changeDay(call, mailbox, { ...event, deleted: true });
  else storeEvent(call, mailbox, { ...event, deleted: true }, "deleted");
}

function answerEvent(call: Call, mailbox: MailboxRow, event: EventRow, status = 200): Reply {
  const shown = select(call, showEvent(event, viewerOf(call)));
  const path = `users('${encodeURIComponent(mailbox.email)}')/events`;
  const made = status === 201 ? { location: `${serviceRoot(call)}/${path}('${String(shown.id)}')` } : {};
  const headers = { etag: etagOf(event), ...made, ...applied(call.request) };
  return json(status, { "@odata.context": contextOf(call, `${path}/$entity`), ...shown }, headers);
}

function sentObject(call: Call): Readonly<Record<string, unknown>> {
  const sent = parseJson(call.request.body);
  return isRecord(sent) ? sent : refuse(400, "RequestBodyRead", "The body is no JSON object.");
}

function readTransactionId(sent: unknown): string | undefined {
  if (sent === undefined || sent === null) return undefined;
  return typeof sent === "string" ? sent : badRequest("transactionId is a string.", "RequestBodyRead");
}

/** The living event that this transaction made and that is still remembered for it. */
function madeBy({ world }: Call, mailbox: MailboxRow, transactionId: string): EventRow | undefined {
  const since = new Date(world.now() - world.options().transactionSeconds * 1000).toISOString();
  return eventsOf(world)
    .all(mailbox.id)
    .find((event) => event.transactionId === transactionId && !event.deleted && event.created >= since);
}

/** Not documented for events: what a stale one does is an option. */
function checkIfMatch({ request, world }: Call, event: EventRow): void {
  const wanted = request.headers["if-match"];
  const { graphIfMatch } = world.options();
  if (wanted === undefined || wanted === "*" || wanted === etagOf(event) || graphIfMatch === "ignored") return;
  refuse(
    Number(graphIfMatch),
    "ErrorIrresolvableConflict",
    "The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.",
  );
}
