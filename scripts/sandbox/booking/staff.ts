import { z } from "zod";
import { json, parseJson, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { erase } from "./books.ts";
import { NewReservation } from "./order.ts";
import { badRequest } from "./problems.ts";
import { reservationNamed } from "./reading.ts";
import { KINDS, type ReservationRow, type Time } from "./rows.ts";
import { closuresOf, reservationsOf, roomsOf } from "./shelves.ts";
import { readTimes, spokenTime } from "./times.ts";
import { amend, book, setActive } from "./writing.ts";

const Id = z.coerce.string();
const Rooms = z.union([z.string().transform((room) => [room]), z.array(z.string()).min(1)]);
const Organiser = z.object({ name: z.string(), email: z.email().exactOptional() });

/** What people type; times as `spokenTime` reads them. */
const Booked = z.strictObject({
  kind: z.enum(KINDS).default("booking"),
  resources: Rooms,
  start: z.string(),
  end: z.string(),
  title: z.string().default(""),
  organiser: Organiser.exactOptional(),
  description: z.string().default(""),
  allocationId: Id.exactOptional(),
  recurrence: z.string().exactOptional(),
  isPrivate: z.boolean().default(false),
  force: z.boolean().default(false),
});

const Changed = z.strictObject({
  id: Id,
  resources: Rooms.exactOptional(),
  start: z.string().exactOptional(),
  end: z.string().exactOptional(),
  title: z.string().exactOptional(),
  organiser: Organiser.exactOptional(),
  description: z.string().exactOptional(),
  isPrivate: z.boolean().exactOptional(),
  force: z.boolean().default(false),
});

const Named = z.object({ id: Id, force: z.boolean().default(false) });

const Closed = z.strictObject({
  resource: z.string(),
  start: z.string(),
  end: z.string(),
  reason: z.string().default(""),
});

/** What people do at the town hall's own desk, for which programs have no call. */
export const DESK_ACTIONS: Readonly<Record<string, (call: Call) => Reply>> = {
  book(call) {
    const { start, end, force, isPrivate, ...order } = read(call, Booked);
    const times = { start: timeOf(call, start), end: timeOf(call, end) };
    return shown(book(call, NewReservation.parse({ ...order, ...times }), { force, isPrivate }));
  },
  move: change,
  rooms: change,
  edit: change,
  cancel: (call) => shown(setActive(call, named(call), false)),
  enable: (call) => shown(setActive(call, named(call), true, read(call, Named))),
  delete: deleteRow,
  remove,
  close,
  reopen,
};

/** Time, rooms or words, in place. */
function change(call: Call): Reply {
  const { id, force, start, end, ...words } = read(call, Changed);
  if ((start === undefined) !== (end === undefined)) badRequest("start and end come together.");
  const times = start === undefined || end === undefined ? {} : { start: timeOf(call, start), end: timeOf(call, end) };
  return shown(amend(call, reservationNamed(call.world, id), { ...words, ...times }, { force }));
}

/** Closes a room; reservations it meets stay on the books, as they do in life. */
function close(call: Call): Reply {
  const { world } = call;
  const { resource, reason, start, end } = read(call, Closed);
  if (roomsOf(world).get("rooms", resource) === undefined) badRequest("There is no such room.");
  const times = readTimes(timeOf(call, start), timeOf(call, end), world.options().bookingTimeZone);
  if (times === undefined) return badRequest("The end must be after the start.");
  const id = `c-${world.next("closure")}`;
  closuresOf(world).put("closures", id, { id, resource, ...times, reason });
  return json(200, { id });
}

function reopen(call: Call): Reply {
  const { id } = read(call, Named);
  closuresOf(call.world).remove("closures", id);
  return json(200, { id });
}

/** With its tombstone. */
function deleteRow(call: Call): Reply {
  const row = named(call);
  erase(call, row);
  return shown(row);
}

/** The row vanishes from every answer; nobody is told. */
function remove(call: Call): Reply {
  const row = named(call);
  reservationsOf(call.world).remove("reservations", row.id);
  return shown(row);
}

function read<Schema extends z.ZodType>({ request }: Call, schema: Schema): z.output<Schema> {
  const sent = schema.safeParse(parseJson(request.body));
  return sent.success ? sent.data : badRequest(z.prettifyError(sent.error));
}

function named(call: Call): ReservationRow {
  return reservationNamed(call.world, read(call, Named).id);
}

function timeOf({ world }: Call, text: string): Time {
  return spokenTime(text, world.options().bookingTimeZone) ?? badRequest(`"${text}" is no time.`);
}

/** All of it, private or not: people see everything. */
function shown({ former: _former, ...row }: ReservationRow): Reply {
  return json(200, row);
}
