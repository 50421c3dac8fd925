import { isError } from "../../errors.ts";
import type { SourceBooking, SourceStatus, WantedBooking } from "../../ports/booking-source.ts";
import { unreadRow } from "../unread-row.ts";
import { type Availability, openAvailability } from "./availability.ts";
import { brokenAnswer, type Failure } from "./failures.ts";
import { listDates } from "./list.ts";
import { needNames, readRows } from "./rows.ts";
import type { Session } from "./session.ts";
import { isOpen, settle } from "./settle.ts";
import type { Studio } from "./studio.ts";
import { addDays, dateOf, toInstants } from "./times.ts";
import { sealBooking, withStatus } from "./translate.ts";

const METHOD = "getappointment";
/** Availability calls that settling one booking may cost: its slot, and what others leave of it. */
const CALLS_EACH = 5;

/** What one reading has learnt on the way. */
interface Reading {
  readonly studio: Studio;
  readonly availability: Availability;
  /** Days already listed, by date: every booking that starts there. */
  readonly days: Map<string, readonly SourceBooking[]>;
}

/**
 * The truth about each. One by one: the record by id, and only what is still open then. Two or more on
 * the same days: one listing, which serves wherever its status is an answer.
 */
export async function readBookings(
  studio: Studio,
  wanted: readonly WantedBooking[],
): Promise<ReadonlyMap<string, SourceBooking | undefined>> {
  const availability = openAvailability(studio, { calls: CALLS_EACH * wanted.length });
  const reading: Reading = { studio, availability, days: new Map() };
  const found = new Map<string, SourceBooking | undefined>();
  await listShared(reading, wanted);
  for (const one of wanted) {
    const listed = [...reading.days.values()].flat().find(({ id }) => id === one.id);
    const answered = listed !== undefined && !isOpen(listed);
    found.set(one.id, answered ? listed : await readOne(reading, one, listed));
  }
  return found;
}

/** Lists the days on which they were last seen, where that answers for two or more at once. */
async function listShared(reading: Reading, wanted: readonly WantedBooking[]): Promise<void> {
  const { timeZone, settings } = reading.studio;
  const dates = wanted.flatMap(({ around }) =>
    around === undefined ? [] : [dateOf(toInstants(around, timeZone).start, timeZone)],
  );
  for (const group of groupDates(dates.sort(), settings.daysPerCall)) {
    const [first, last] = [group.at(0), group.at(-1)];
    if (first !== undefined && last !== undefined && group.length > 1) await listDays(reading, first, last);
  }
}

/** Neighbours that one listing call reaches. */
function groupDates(sorted: readonly string[], size: number): string[][] {
  const groups: string[][] = [];
  for (const date of sorted) {
    const first = groups.at(-1)?.[0];
    if (first !== undefined && date < addDays(first, size)) groups.at(-1)?.push(date);
    else groups.push([date]);
  }
  return groups;
}

/** What starts on these days, kept by date. A listing that failed in part is not kept. */
async function listDays(reading: Reading, first: string, last: string): Promise<void> {
  const { studio, days } = reading;
  const { rows, complete } = await listDates(studio, first, last);
  if (!complete) return;
  const bookings = [...rows.bookings.values()];
  for (let date = first; date <= last; date = addDays(date, 1)) {
    days.set(
      date,
      bookings.filter(({ span }) => dateOf(span.start, studio.timeZone) === date),
    );
  }
}

/** Everything listed about a day; asked for once. */
async function listDay(reading: Reading, date: string): Promise<readonly SourceBooking[]> {
  if (!reading.days.has(date)) await listDays(reading, date, date);
  return reading.days.get(date) ?? [];
}

async function readOne(
  reading: Reading,
  wanted: WantedBooking,
  listed: SourceBooking | undefined,
): Promise<SourceBooking | undefined> {
  const record = await readRecord(reading.studio, wanted);
  // A row in a list and no record behind it: the two contradict each other, nothing is derived.
  if (record === undefined) return listed === undefined ? undefined : withStatus(listed, "unclear");
  const booking = await addWhatIsMissing(reading, record);
  if (!isOpen(booking) || booking.resources.length === 0) return booking;
  return withStatus(booking, await settledStatus(reading, booking));
}

/** A slot that stays held makes it `pending`: the core shows it after the grace (S12). */
async function settledStatus(reading: Reading, booking: SourceBooking): Promise<SourceStatus> {
  const date = dateOf(booking.span.start, reading.studio.timeZone);
  const alone = await settle(booking, [], reading.availability);
  if (alone !== "held") return alone === "freed" ? "cancelled" : booking.status;
  const settled = await settle(booking, await listDay(reading, date), reading.availability);
  if (settled === "unknown") return booking.status;
  return settled === "freed" ? "cancelled" : "pending";
}

/** Some records name nobody; the listing of that day does. */
async function addWhatIsMissing(reading: Reading, record: SourceBooking): Promise<SourceBooking> {
  if (record.fields.customer !== undefined || record.resources.length === 0) return record;
  const date = dateOf(record.span.start, reading.studio.timeZone);
  const row = (await listDay(reading, date)).find(({ id }) => id === record.id);
  return row === undefined ? record : sealBooking({ ...record, fields: { ...record.fields, ...row.fields } });
}

/** The booking by its id; several records under one id are one booking on several resources (S22). */
async function readRecord({ session, settings, timeZone, catalogue }: Studio, wanted: WantedBooking) {
  const records = await fetchRecords(session, wanted.id);
  if (records.length === 0) return undefined;
  const names = needNames(records) ? await catalogue.names() : new Map<string, string>();
  const { bookings, bad } = readRows(records, { statuses: settings.statuses, timeZone, names });
  const [booking, ...others] = bookings.values();
  const [wrong] = bad.values();
  if (booking !== undefined && others.length === 0 && wrong === undefined) return booking;
  return unreadRow(
    `USchedule: appointment ${wanted.id}`,
    wanted,
    wrong ?? { reason: "its records have different ids" },
  );
}

/** None: USchedule has no such record (404, null or empty). A page of HTML is an outage, not an answer. */
async function fetchRecords(session: Session, id: string): Promise<readonly object[]> {
  try {
    const body = { id: asNumber(id) };
    const answer = await session.json({ method: METHOD, body, repeatable: true, means: isAbsent });
    if (answer === null) return [];
    const records: unknown[] = Array.isArray(answer) ? answer : [answer];
    return records.map((record) => {
      if (typeof record !== "object" || record === null) throw brokenAnswer(METHOD, "it is no appointment");
      return record;
    });
  } catch (error) {
    if (isError(error, "NOT_FOUND")) return [];
    throw error;
  }
}

function isAbsent({ status, text }: Failure): "NOT_FOUND" | undefined {
  return status === 404 && !text.trimStart().startsWith("<") ? "NOT_FOUND" : undefined;
}

/** Ids are numbers on the wire, texts inside. */
export function asNumber(id: string): number | string {
  return /^\d{1,15}$/.test(id) ? Number(id) : id;
}
