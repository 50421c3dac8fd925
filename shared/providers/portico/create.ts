import { LockstepError } from "../../errors.ts";
import type { BookingCreator, SourceBooking } from "../../ports/booking-source.ts";
import type { Client, Session } from "./client.ts";
import { bookingOf, readNamed } from "./read.ts";
import { EventId, Room, type Settings } from "./schema.ts";
import { writeLocals } from "./times.ts";

type Order = Parameters<BookingCreator["create"]>[0];
type Locals = NonNullable<ReturnType<typeof writeLocals>>;
type Needs = NonNullable<Settings["create"]>;

/** Lockstep's own half of the advisory lock of a room; the other half is the room's number. */
export const ROOM_LOCK = 1_819_239_275;

/**
 * Makes an event once per key, in one transaction. The room's lock is taken first and held until the commit, so that of
 * two instances the later one sees what the earlier one made. Portico's own pages do not know the lock.
 */
export async function create(client: Client, needs: Needs, order: Order): Promise<SourceBooking> {
  const locals = checkOrder(order, client.timeZone);
  const room = roomOf(order.resource);
  return client.transaction({
    what: "creating",
    async with(session) {
      await session.run("SELECT pg_advisory_xact_lock($1::int, $2::int)", [ROOM_LOCK, room]);
      const made = await madeBefore(session, order.key);
      const id = made ?? (await insert(session, await readRoom(session, room), needs, order, locals));
      return readBack(client, session, id, order);
    },
  });
}

/** Longest texts of the columns; what people write on a calendar may be longer. */
const LONGEST: Readonly<Record<string, number>> = { title: 255, customer: 150, notes: 20_000, email: 50 };

/** Throws PROVIDER_REFUSED for what cannot be made there. */
function checkOrder({ kind, span, fields }: Order, zone: string): Locals {
  if (kind !== "event") throw refused(`only events are made from a calendar, no ${kind}s`);
  const other = Object.keys(fields).find((name) => LONGEST[name] === undefined);
  if (other !== undefined) throw refused(`the field ${other} cannot be written`);
  const locals = writeLocals(span, zone);
  if (locals === undefined) {
    throw refused(
      "its time cannot be told there: it ends before it starts, has parts of a second, or lies in the hour that comes twice",
    );
  }
  return locals;
}

function roomOf(name: string): number {
  const room = /^[1-9]\d{0,9}$/.test(name) ? Number(name) : 0;
  if (room > 0 && room <= 2_147_483_647) return room;
  throw unknownRoom(name);
}

async function madeBefore(session: Session, key: string): Promise<number | undefined> {
  const { rows } = await session.run("SELECT event_id FROM lockstep_import WHERE key = $1", [key]);
  return rows.length === 0 ? undefined : EventId.parse(rows[0]).event_id;
}

/** The room as an event needs it: what is done there, and the first of its buildings. */
async function readRoom(session: Session, id: number): Promise<Room> {
  const { rows } = await session.run(
    `SELECT x.id, x.activity_id, b.id AS building_id, b.name AS building_name FROM bb_resource x
      LEFT JOIN bb_building_resource r ON r.resource_id = x.id LEFT JOIN bb_building b ON b.id = r.building_id
      WHERE x.id = $1 AND x.active = 1 ORDER BY b.id LIMIT 1`,
    [id],
  );
  if (rows.length === 0) throw unknownRoom(String(id));
  return Room.parse(rows[0]);
}

async function insert(session: Session, room: Room, needs: Needs, order: Order, locals: Locals): Promise<number> {
  await checkFree(session, room.id, locals);
  if (room.building_id === null) throw refused(`resource ${room.id} stands in no building, which an event must name`);
  const { title = "", notes = "", customer = "", email = "" } = fitFields(order.fields);
  const { rows } = await session.run(INSERT, [
    ...[room.activity_id, title, customer, notes, locals.start, locals.end, room.building_id, room.building_name],
    ...[email, needs.public ? 1 : 0, room.id, needs.ageGroup, needs.audience, order.key],
  ]);
  const { event_id: id } = EventId.parse(rows[0]);
  await session.run("UPDATE bb_event SET id_string = id::text WHERE id = $1", [id]);
  return id;
}

/** Texts as the columns take them; an address that was cut would be somebody else's, and is left out. */
function fitFields(fields: Order["fields"]): Record<string, string> {
  const fitting = Object.entries(fields).map(([name, text]) => {
    const clean = text.replaceAll("\u0000", "").toWellFormed();
    const cut = [...clean].slice(0, LONGEST[name]).join("");
    return [name, name === "email" && cut !== clean ? "" : cut];
  });
  return Object.fromEntries(fitting);
}

/**
 * An active event or booking of the room takes its slot. An allocation does not: it is the time an organisation has
 * every week, within which things take place, and an event goes before it (S47).
 */
async function checkFree(session: Session, room: number, { start, end }: Locals): Promise<void> {
  const taken = ["event", "booking"].map(
    (kind) => `SELECT 1 FROM bb_${kind} x JOIN bb_${kind}_resource r ON r.${kind}_id = x.id
      WHERE r.resource_id = $1 AND x.active = 1 AND x.from_ < $3::timestamp AND x.to_ > $2::timestamp`,
  );
  const { rows } = await session.run(`${taken.join(" UNION ALL ")} LIMIT 1`, [room, start, end]);
  if (rows.length === 0) return;
  throw new LockstepError("SLOT_TAKEN", {
    detail: `Portico: resource ${room} has an event or a booking at that time.`,
  });
}

/** The event with all that belongs to it. `secret` is the token of its feedback page, as unguessable as Portico's own. */
const INSERT = `WITH made AS (
    INSERT INTO bb_event (activity_id, name, organizer, contact_name, description, from_, to_, building_id, building_name,
      contact_email, contact_phone, is_public, active, secret)
    VALUES ($1, $2, $3, $3, $4, $5::timestamp, $6::timestamp, $7, $8, $9, '', $10, 1,
      replace(gen_random_uuid()::text, '-', ''))
    RETURNING id, from_, to_
  ), dates AS (INSERT INTO bb_event_date (event_id, from_, to_) SELECT id, from_, to_ FROM made
  ), rooms AS (INSERT INTO bb_event_resource (event_id, resource_id) SELECT id, $11::int FROM made
  ), ages AS (INSERT INTO bb_event_agegroup (event_id, agegroup_id, male, female) SELECT id, $12::int, 0, 0 FROM made
  ), audiences AS (INSERT INTO bb_event_targetaudience (event_id, targetaudience_id) SELECT id, $13::int FROM made)
  INSERT INTO lockstep_import (key, event_id) SELECT $14, id FROM made RETURNING event_id`;

/** Throws BOOKING_CHANGED where what the key made is not there any more. */
async function readBack(client: Client, session: Session, number: number, { span }: Order): Promise<SourceBooking> {
  const id = `event-${number}`;
  const rows = await readNamed(client, session, [{ kind: "event", id: number }]);
  const booking = bookingOf({ id, around: span }, rows.get(id));
  if (booking !== undefined) return booking;
  throw new LockstepError("BOOKING_CHANGED", {
    detail: `Portico: the event made for this order, ${id}, was deleted there.`,
  });
}

function unknownRoom(name: string): LockstepError {
  return new LockstepError("UNKNOWN_RESOURCE", {
    detail: `Portico: "${name.slice(0, 80)}" is no active resource's number (bb_resource.id).`,
  });
}

function refused(why: string): LockstepError {
  return new LockstepError("PROVIDER_REFUSED", { detail: `Portico: ${why}.` });
}
