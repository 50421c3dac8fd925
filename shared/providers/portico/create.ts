import { LockstepError } from "../../errors.ts";
import type { BookingCreator, SourceBooking } from "../../ports/booking-source.ts";
import type { Client, Session } from "./client.ts";
import { refused } from "./failures.ts";
import { bookingOf, readNamed } from "./read.ts";
import { buildingOf, lockRooms, readRoom, roomOf } from "./rooms.ts";
import { EventId, type Room, type Settings } from "./schema.ts";
import { checkSlot, type Locals, localsOf } from "./slot.ts";
import { fitWords } from "./words.ts";

type Order = Parameters<BookingCreator["create"]>[0];
type Needs = NonNullable<Settings["create"]>;

/**
 * Makes an event once per key, in one transaction. The room's lock is taken first and held until the commit, so that of
 * two instances the later one sees what the earlier one made. Portico's own pages do not know the lock.
 */
export async function create(client: Client, needs: Needs, order: Order): Promise<SourceBooking> {
  checkKind(order.kind);
  const words = fitWords(order.fields);
  const locals = localsOf(order.span, client.timeZone);
  const room = roomOf(order.resource);
  return client.transaction({
    what: "creating",
    async with(session) {
      await lockRooms(session, [room]);
      const made = await madeBefore(session, order.key);
      const id = made ?? (await insert(session, await readRoom(session, room), needs, order.key, words, locals));
      return readBack(client, session, id, order);
    },
  });
}

/** Throws PROVIDER_REFUSED for what cannot be made there. */
function checkKind(kind: Order["kind"]): void {
  if (kind !== "event") throw refused(`only events are made from a calendar, no ${kind}s`);
}

async function madeBefore(session: Session, key: string): Promise<number | undefined> {
  const { rows } = await session.run("SELECT event_id FROM lockstep_import WHERE key = $1", [key]);
  return rows.length === 0 ? undefined : EventId.parse(rows[0]).event_id;
}

async function insert(
  session: Session,
  room: Room,
  needs: Needs,
  key: string,
  words: Readonly<Record<string, string>>,
  times: Locals,
): Promise<number> {
  await checkSlot(session, { kind: "event", id: 0, rooms: [room.id], times });
  const { title = "", notes = "", customer = "", email = "" } = words;
  const { rows } = await session.run(INSERT, [
    ...[room.activity_id, title, customer, notes, times.start, times.end, ...buildingOf(room)],
    ...[email, needs.public ? 1 : 0, room.id, needs.ageGroup, needs.audience, key],
  ]);
  const { event_id: id } = EventId.parse(rows[0]);
  await session.run("UPDATE bb_event SET id_string = id::text WHERE id = $1", [id]);
  return id;
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
