import { isError } from "../../errors.ts";
import type { SourceBooking, SourceListing } from "../../ports/booking-source.ts";
import type { Instant } from "../../sync/time.ts";
import { openAvailability } from "./availability.ts";
import { brokenAnswer } from "./failures.ts";
import { joinRows, needNames, type Rows, readRows } from "./rows.ts";
import { isOpen, settle } from "./settle.ts";
import type { Studio } from "./studio.ts";
import { addDays, dateOf, splitDates, toAmerican } from "./times.ts";
import { withStatus } from "./translate.ts";

const METHOD = "getapiappointments";

/**
 * All bookings that touch the window. One day more is asked for on both sides: whether the last day
 * counts, and where a night belongs, is not documented.
 */
export async function listWindow(
  studio: Studio,
  window: { readonly from: Instant; readonly to: Instant },
): Promise<SourceListing> {
  const first = addDays(dateOf(window.from, studio.timeZone), -1);
  const last = addDays(dateOf(window.to, studio.timeZone), 1);
  const { rows, complete } = await listDates(studio, first, last);
  const all = [...rows.bookings.values()];
  const inside = all.filter(({ span }) => span.start < window.to && window.from < span.end);
  return { bookings: await markFreed(studio, inside, all), bad: [...rows.bad.values()], complete };
}

/**
 * The rows of these days, both included. A part that failed makes the whole incomplete (S03); where
 * none succeeded, or no part can, the failure is thrown.
 */
export async function listDates(studio: Studio, first: string, last: string) {
  const parts: Rows[] = [];
  let failure: unknown;
  for (const { from, to } of splitDates(first, last, studio.settings.daysPerCall)) {
    try {
      parts.push(await listPart(studio, from, to));
    } catch (error) {
      if (!isError(error, "PROVIDER_UNAVAILABLE")) throw error;
      failure = error;
    }
  }
  if (parts.length === 0 && failure !== undefined) throw failure;
  return { rows: joinRows(parts), complete: failure === undefined };
}

/** Only a list is an answer: anything else, an empty body included, tells nothing (S02, law 2). */
async function listPart({ session, settings, timeZone, catalogue }: Studio, from: string, to: string): Promise<Rows> {
  const body = { StartDate: toAmerican(from), EndDate: toAmerican(to) };
  const answer = await session.json({ method: METHOD, body, repeatable: true });
  if (!Array.isArray(answer)) throw brokenAnswer(METHOD, "it is no list");
  const items: unknown[] = answer;
  const names = needNames(items) ? await catalogue.names() : new Map<string, string>();
  return readRows(items, { statuses: settings.statuses, timeZone, names });
}

/**
 * A cancelled row may look exactly like a live one (S11). Where a row's slot is free again it is
 * marked cancelled, so that its hash differs and the poller notices. What cannot be told stays open;
 * an outage of the availability alone keeps nobody from seeing new bookings.
 */
async function markFreed(
  studio: Studio,
  bookings: readonly SourceBooking[],
  all: readonly SourceBooking[],
): Promise<SourceBooking[]> {
  const now = studio.clock.now();
  const open = bookings.filter((booking) => isOpen(booking) && booking.span.start > now);
  const freed = new Set<string>();
  try {
    await findFreed(studio, open, all, freed);
  } catch (error) {
    if (!isError(error, "PROVIDER_UNAVAILABLE", "PROVIDER_RATE_LIMITED")) throw error;
  }
  return bookings.map((booking) => (freed.has(booking.id) ? withStatus(booking, "cancelled") : booking));
}

/** What starts soonest is looked at first: calls are limited. */
async function findFreed(
  studio: Studio,
  open: readonly SourceBooking[],
  all: readonly SourceBooking[],
  freed: Set<string>,
): Promise<void> {
  const availability = openAvailability(studio, { plan: open, calls: studio.settings.availabilityCalls });
  for (const booking of open.toSorted((a, b) => (a.span.start < b.span.start ? -1 : 1))) {
    if ((await settle(booking, all, availability)) === "freed") freed.add(booking.id);
  }
}
