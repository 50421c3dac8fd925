import { z } from "zod";
import { readControl } from "../read-control.ts";
import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { refuse } from "./errors.ts";
import { eventAt, findEvent, storeEvent } from "./event-store.ts";
import { applyChange, removeEvent } from "./events.ts";
import { etagOf, eventId, iCalUId } from "./ids.ts";
import { mailboxNamed } from "./mailboxes.ts";
import { occurrenceKey } from "./occurrences.ts";
import { readEvent } from "./read-event.ts";
import { cancelledMeeting, roomAccepts, roomSubject } from "./room-mailbox.ts";
import type { EventRow, MailboxRow } from "./rows.ts";
import { cutBefore } from "./series.ts";

const Person = z.strictObject({ name: z.string(), address: z.string() });
const ANNA = { name: "Anna Berg", address: "anna.berg@sandbox" };

/** What a person types in Outlook: times of the wall clock, in the room's zone where none is named. */
const Typed = {
  subject: z.string().optional(),
  text: z.string().optional(),
  location: z.string().optional(),
  start: z.string().optional(),
  end: z.string().optional(),
  timeZone: z.string().optional(),
  isAllDay: z.boolean().optional(),
  showAs: z.string().optional(),
  sensitivity: z.string().optional(),
  categories: z.array(z.string()).optional(),
  recurrence: z.unknown().optional(),
};
const Booking = z.strictObject({ room: z.string(), organizer: Person.default(ANNA), ...Typed });
/** One event; with `date` that day of the series. */
const Which = { room: z.string(), id: z.string(), date: z.iso.date().optional() };
const Edit = z.strictObject({ ...Which, ...Typed });
const Drag = z.strictObject({ ...Which, ...Typed, start: z.string(), end: z.string() });
const Pick = z.strictObject(Which);
const Move = z.strictObject({ ...Which, to: z.string() });
const Cut = z.strictObject({ ...Which, date: z.iso.date() });

/** What people do to rooms in Outlook, for which no call of the API stands. */
export const PEOPLE_ACTIONS: Readonly<Record<string, (call: Call) => Reply>> = {
  book: bookRoom,
  edit: (call) => changeMeeting(call, readControl(call, Edit)),
  drag: (call) => changeMeeting(call, readControl(call, Drag)),
  move: moveMeeting,
  delete: deleteMeeting,
  cancel: cancelMeeting,
  "end-series": endSeries,
};

/** A person sends the room a meeting: it says yes, and keeps of it what rooms keep; or no, and has nothing (S47, S48). */
function bookRoom(call: Call): Reply {
  const { room, organizer, ...typed } = readControl(call, Booking);
  const mailbox = roomNamed(call, room);
  const read = readEvent(sentBy(typed, mailbox.timeZone));
  const key = call.world.newId();
  const state = {
    ...read,
    ...{ key, meeting: call.world.newId(), filing: 0, deleted: false, cancelled: false, organizer },
    response: "accepted" as const,
    body: roomSubject(call, mailbox, read.body, organizer, "person"),
  };
  return invite(call, mailbox, state);
}

function invite(call: Call, mailbox: MailboxRow, state: Parameters<typeof storeEvent>[2]): Reply {
  const row = { ...state, mailbox: mailbox.id, change: 0, created: "", updated: "" };
  if (!roomAccepts(call, mailbox, row)) return json(200, { response: "declined", id: null });
  return shown(storeEvent(call, mailbox, state, "created"));
}

function changeMeeting(call: Call, { room, id, date, ...typed }: z.output<typeof Edit>): Reply {
  const mailbox = roomNamed(call, room);
  const event = eventNamed(call, mailbox, id, date);
  const changed = applyChange(call, mailbox, event, sentBy(typed, event.span.startZoneSent), "person");
  const invited = event.response !== "organizer" && changed.span.startMs !== event.span.startMs;
  if (!invited || roomAccepts(call, mailbox, changed)) return shown(changed);
  removeEvent(call, mailbox, changed);
  return json(200, { response: "declined", id: null });
}

/** It leaves this room, and the other is asked: the same meeting under another id. */
function moveMeeting(call: Call): Reply {
  const { room, id, date, to } = readControl(call, Move);
  const from = roomNamed(call, room);
  const target = roomNamed(call, to);
  const event = eventNamed(call, from, id, date);
  removeEvent(call, from, event);
  const { transactionId: _, day: __, created: ___, ...rest } = event;
  return invite(call, target, { ...rest, key: call.world.newId(), filing: 0, response: "accepted" });
}

/** Somebody with the room's calendar open deletes it there. */
function deleteMeeting(call: Call): Reply {
  const { room, id, date } = readControl(call, Pick);
  const mailbox = roomNamed(call, room);
  const event = eventNamed(call, mailbox, id, date);
  removeEvent(call, mailbox, event);
  return json(200, { deleted: id });
}

/** The organiser cancels: it stays as `Canceled: …`, or goes, as the option says. A day of a series goes (S34). */
function cancelMeeting(call: Call): Reply {
  const { room, id, date } = readControl(call, Pick);
  const mailbox = roomNamed(call, room);
  const event = eventNamed(call, mailbox, id, date);
  if (event.day === undefined && call.world.options().roomCancelled === "kept") {
    return shown(storeEvent(call, mailbox, cancelledMeeting(event), "updated"));
  }
  removeEvent(call, mailbox, event);
  return json(200, { deleted: id });
}

/** "This and all following" are deleted: the series ends before that day. */
function endSeries(call: Call): Reply {
  const { room, id, date } = readControl(call, Cut);
  const mailbox = roomNamed(call, room);
  const master = eventNamed(call, mailbox, id, undefined);
  const left = master.series === undefined ? undefined : cutBefore(master.series, date);
  if (left !== undefined) return shown(storeEvent(call, mailbox, { ...master, series: left }, "updated"));
  removeEvent(call, mailbox, master);
  return json(200, { deleted: id });
}

/** What was typed, in the words of the API. */
function sentBy(typed: z.output<z.ZodObject<typeof Typed>>, zone: string): Record<string, unknown> {
  const { text, location, start, end, timeZone = zone, ...rest } = typed;
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    ...(text === undefined ? {} : { body: { contentType: "text", content: text } }),
    ...(location === undefined ? {} : { location: { displayName: location } }),
    ...(start === undefined ? {} : { start: { dateTime: start, timeZone } }),
    ...(end === undefined ? {} : { end: { dateTime: end, timeZone } }),
  };
}

export function roomNamed({ world }: Call, name: string): MailboxRow {
  return mailboxNamed(world, name) ?? refuse(404, "NoSuchRoom", `There is no mailbox '${name}'.`);
}

/** By either id; where a day is named, that day of the series. */
export function eventNamed({ world }: Call, mailbox: MailboxRow, id: string, date: string | undefined): EventRow {
  const event = findEvent(world, mailbox, id);
  const found = event && date !== undefined ? eventAt(world, mailbox, occurrenceKey(event.key, date)) : event;
  return found ?? refuse(404, "NoSuchEvent", `There is no such event in ${mailbox.email}.`);
}

export function shown(event: EventRow): Reply {
  return json(200, {
    response: event.response,
    ...{ id: eventId(event, false), immutableId: eventId(event, true), iCalUId: iCalUId(event) },
    etag: etagOf(event),
    subject: event.body.subject,
  });
}
