import { LockstepError } from "../../errors.ts";
import type { BookingUpdater, SourceBooking } from "../../ports/booking-source.ts";
import { unreadable } from "../unread-row.ts";
import type { Client, Session } from "./client.ts";
import { refused } from "./failures.ts";
import { bookingOf, readNamed } from "./read.ts";
import { buildingOf, lockRooms, readRoom, roomOf, shareBuilding } from "./rooms.ts";
import { checkSlot, type Locals, localsOf, type Plan } from "./slot.ts";
import { type ReadRow, type RowId, readId } from "./translate.ts";
import { fitWords } from "./words.ts";

type Change = Parameters<BookingUpdater["update"]>[0];

/**
 * Changes a row in place, in one transaction. The tables know no version: the row and its rooms are locked and read, and
 * are as they were if their hash is (decision 067).
 *
 *   rooms' locks ─▶ row FOR UPDATE ─▶ same hash? ─▶ slot free? ─▶ UPDATE ─▶ read back
 *
 * Tried again where no answer came: what the first attempt did shows as another hash then, and the caller reads.
 */
export async function update(client: Client, change: Change): Promise<SourceBooking> {
  const { id, as, span, resource, fields = {} } = change;
  const row = rowOf(id);
  const room = resource === undefined ? undefined : roomOf(resource);
  const locals = span === undefined ? undefined : localsOf(span, client.timeZone);
  const words = wordsOf(row, fields);
  return client.transaction({
    what: "changing",
    async with(session) {
      const read = await holdRow(client, session, row, room);
      const isSame = read !== undefined && "booking" in read && "hash" in as && read.booking.hash === as.hash;
      if (!isSame || read.booking.status !== "live") throw changed(id);
      const now = read.booking;
      const from = roomLeft(now, room);
      if (locals !== undefined || from !== undefined) {
        const plan = planOf(client, row, now);
        const rooms = room === undefined ? plan.rooms : [room];
        await checkSlot(session, { ...plan, rooms, times: locals ?? plan.times });
      }
      if (room !== undefined && from !== undefined) await changeRoom(session, row, from, room);
      if (locals !== undefined) await changeTimes(session, row, locals);
      if (Object.keys(words).length > 0) await changeWords(session, row, words);
      return readBack(client, session, row, now);
    },
  });
}

/** Takes it into use again, where its slot is still free. What takes place already is answered as it is. */
export async function enable(client: Client, id: string): Promise<SourceBooking> {
  const row = rowOf(id);
  return client.transaction({
    what: "enabling",
    async with(session) {
      const held = await holdRow(client, session, row, undefined);
      if (held !== undefined && "bad" in held) throw unreadable(`Portico: ${id}`, held.bad.reason);
      const now = bookingOf({ id }, held);
      if (now === undefined) throw changed(id);
      if (now.status === "live") return now;
      await checkSlot(session, planOf(client, row, now));
      await session.run(`UPDATE bb_${row.kind} SET active = 1 WHERE id = $1`, [row.id]);
      return readBack(client, session, row, now);
    },
  });
}

function rowOf(id: string): RowId {
  const row = readId(id);
  if (row !== undefined) return row;
  throw changed(id);
}

/** Words of bookings and allocations are their group's and organisation's. */
function wordsOf({ kind }: RowId, fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const words = fitWords(fields);
  if (kind === "event" || Object.keys(fields).length === 0) return words;
  throw refused(`the words of ${kind}s are those of their organisation`);
}

/**
 * The row as it is and stays until the transaction ends; undefined where it is gone. It is read only once it is locked:
 * a statement that waited for a lock would see its rooms as they were before.
 */
async function holdRow(
  client: Client,
  session: Session,
  row: RowId,
  room: number | undefined,
): Promise<ReadRow | undefined> {
  const { kind, id } = row;
  const locked = await lockRooms(session, room === undefined ? [] : [room], row);
  await session.run(
    `SELECT 1 FROM (SELECT FROM bb_${kind} WHERE id = $1 FOR UPDATE) AS x
      UNION ALL SELECT 1 FROM (SELECT FROM bb_${kind}_resource WHERE ${kind}_id = $1 FOR UPDATE) AS r`,
    [id],
  );
  const read = (await readNamed(client, session, [row])).get(`${kind}-${id}`);
  const rooms = read !== undefined && "booking" in read ? roomsOf(read.booking) : [];
  if (rooms.every((each) => locked.includes(each))) return read;
  // It went to a room whose lock is not ours while we waited for these: begun anew, the locks are the right ones.
  throw new LockstepError("PROVIDER_UNAVAILABLE", {
    detail: `Portico: ${kind}-${id} changed its room at this moment.`,
    provider: "changed meanwhile",
  });
}

function planOf({ timeZone }: Client, { kind, id }: RowId, now: SourceBooking): Plan {
  const within = now.within === undefined ? undefined : readId(now.within)?.id;
  const times = localsOf(now.span, timeZone);
  return { kind, id, rooms: roomsOf(now), times, ...(within === undefined ? {} : { within }) };
}

function roomsOf({ resources }: SourceBooking): number[] {
  return resources.map(Number);
}

/** The room that is left for another; undefined where it stays. */
function roomLeft(now: SourceBooking, room: number | undefined): number | undefined {
  const [from, ...others] = roomsOf(now);
  if (room === undefined || (from === room && others.length === 0)) return undefined;
  if (from !== undefined && others.length === 0) return from;
  throw refused(`it stands in ${now.resources.length} rooms, and only the one it is on could be changed for another`);
}

/** An event names its building, and a season, in which bookings and allocations lie, is one building's. */
async function changeRoom(session: Session, { kind, id }: RowId, from: number, to: number): Promise<void> {
  const room = await readRoom(session, to);
  if (kind === "event") {
    const building = buildingOf(room);
    await session.run(
      `UPDATE bb_event SET building_id = $2, building_name = $3 WHERE id = $1 AND NOT EXISTS (
        SELECT FROM bb_building_resource r WHERE r.resource_id = $4 AND r.building_id = bb_event.building_id)`,
      [id, ...building, to],
    );
  } else if (!(await shareBuilding(session, from, to))) {
    throw refused(`resource ${to} is in another building than resource ${from}, and its season is one building's`);
  }
  await session.run(`UPDATE bb_${kind}_resource SET resource_id = $2 WHERE ${kind}_id = $1`, [id, to]);
}

/** Of an event's dates the one that was its time goes along. */
async function changeTimes(session: Session, { kind, id }: RowId, { start, end }: Locals): Promise<void> {
  const dates = `WITH dates AS (UPDATE bb_event_date d SET from_ = $2::timestamp, to_ = $3::timestamp FROM bb_event x
    WHERE x.id = $1 AND d.event_id = x.id AND d.from_ = x.from_ AND d.to_ = x.to_) `;
  await session.run(
    `${kind === "event" ? dates : ""}UPDATE bb_${kind} SET from_ = $2::timestamp, to_ = $3::timestamp WHERE id = $1`,
    [id, start, end],
  );
}

/** Words that are not public were not read, and nothing is written over them. */
async function changeWords(session: Session, { id }: RowId, words: Readonly<Record<string, string>>): Promise<void> {
  const { title, notes, customer, email } = words;
  const { count } = await session.run(
    `UPDATE bb_event SET name = COALESCE($2, name), description = COALESCE($3, description),
      organizer = COALESCE($4, organizer), contact_email = COALESCE($5, contact_email) WHERE id = $1 AND is_public = 1`,
    [id, title ?? null, notes ?? null, customer ?? null, email ?? null],
  );
  if (count === 0) throw refused("its words are not public, and are not written over unread");
}

async function readBack(client: Client, session: Session, row: RowId, now: SourceBooking): Promise<SourceBooking> {
  const after = bookingOf({ id: now.id, around: now.span }, (await readNamed(client, session, [row])).get(now.id));
  if (after !== undefined) return after;
  throw changed(now.id);
}

function changed(id: string): LockstepError {
  return new LockstepError("BOOKING_CHANGED", {
    detail: `Portico: ${id.slice(0, 80)} is not as it was read any more, or gone.`,
  });
}
