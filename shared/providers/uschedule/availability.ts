import { isError } from "../../errors.ts";
import type { SourceBooking } from "../../ports/booking-source.ts";
import { later, lengthMs, type Span } from "../../sync/time.ts";
import { readSlots, type Slots } from "./slots.ts";
import type { Studio } from "./studio.ts";
import { addDays, dateOf } from "./times.ts";

export type Verdict = "free" | "taken" | "unknown";

/** What USchedule offers, remembered for one listing or reading. */
export interface Availability {
  /** Whether all of the span is offered on the resource. Started slots are never offered: unknown. */
  verdict(resource: string, span: Span, of?: SourceBooking["fields"]): Promise<Verdict>;
}

interface Limits {
  /** Bookings that will be asked about: one answer can serve several of them. */
  readonly plan?: readonly SourceBooking[];
  /** At most this many calls; what is not known then stays unknown. */
  readonly calls?: number;
}

/** One answered call: from and to are dates of the studio, both included. */
interface Look {
  readonly key: string;
  readonly minutes: number;
  readonly from: string;
  readonly to: string;
  readonly slots: Slots;
}

/** Dates of the studio, both included. */
interface Range {
  readonly from: string;
  readonly to: string;
  readonly minutes: number;
}

const METHOD = "getavailability";
const MINUTE_MS = 60_000;
const SINGLE_CALLS = 5;

export function openAvailability(studio: Studio, { plan = [], calls = SINGLE_CALLS }: Limits = {}): Availability {
  const looks: Look[] = [];
  let left = calls;

  async function look(resource: string, date: string, minutes: number, of: SourceBooking["fields"]): Promise<Look> {
    const key = keyOf(resource, of);
    const known = looks.find((one) => one.key === key && serves(one, date, minutes));
    if (known !== undefined) return known;
    const until = left > 0 ? lastDate(studio, plan, date) : date;
    const slots = left > 0 ? await askSlots(studio, resource, { from: date, to: until, minutes }, of) : undefined;
    left -= 1;
    const taken: Look = {
      key,
      minutes,
      from: date,
      to: slots?.coversAll === true ? until : date,
      slots: slots ?? UNKNOWN,
    };
    looks.push(taken);
    return taken;
  }

  return {
    async verdict(resource, span, of = {}) {
      const minutes = lengthMs(span) / MINUTE_MS;
      const soonest = later(studio.clock.now(), studio.settings.leadMinutes * MINUTE_MS);
      if (span.kind !== "timed" || span.start <= soonest || !Number.isInteger(minutes) || minutes < 1) return "unknown";
      const date = dateOf(span.start, studio.timeZone);
      const shortest = shortestMinutes(plan, minutes);
      const first = judge((await look(resource, date, shortest, of)).slots, span);
      // Without ends, slots of a shorter length cannot deny that a longer one fits.
      if (first !== "taken-or-short" || shortest === minutes) return first === "taken-or-short" ? "taken" : first;
      const own = judge((await look(resource, date, minutes, of)).slots, span);
      return own === "taken-or-short" ? "taken" : own;
    },
  };
}

/** Slots that tell their ends answer for every longer length too. */
function serves({ from, to, minutes, slots }: Look, date: string, wanted: number): boolean {
  return from <= date && date <= to && (minutes === wanted || (slots.exact && minutes < wanted));
}

const UNKNOWN: Slots = { intervals: undefined, exact: false, coversAll: false };

function judge({ intervals, exact }: Slots, span: Span): Verdict | "taken-or-short" {
  if (intervals === undefined) return "unknown";
  let from = span.start;
  for (const { start, end } of intervals) {
    if (start <= from && end > from) from = end;
    if (from >= span.end) return "free";
  }
  return exact ? "taken" : "taken-or-short";
}

/** A room, an answer or a request that is not understood tells nothing; an outage is thrown on. */
async function askSlots(studio: Studio, resource: string, range: Range, of: SourceBooking["fields"]): Promise<Slots> {
  const { session, catalogue, timeZone } = studio;
  try {
    const unitId = await catalogue.unitId(resource);
    const body = {
      LocationID: of.locationId === undefined ? await catalogue.locationId() : Number(of.locationId),
      ServiceID: of.serviceId === undefined ? await catalogue.serviceId() : Number(of.serviceId),
      ResourceUnitID: unitId,
      StartDate: `${range.from}T00:00:00`,
      EndDate: `${range.to}T00:00:00`,
      ServiceLength: range.minutes,
    };
    const answer = await session.json({ method: METHOD, body, repeatable: true });
    return readSlots(answer, { timeZone, unitId, minutes: range.minutes, firstDate: range.from });
  } catch (error) {
    if (isError(error, "PROVIDER_REFUSED", "UNKNOWN_RESOURCE")) return UNKNOWN;
    throw error;
  }
}

/** The last day of the plan, but no further than one call may ask. */
function lastDate({ timeZone, settings }: Studio, plan: readonly SourceBooking[], date: string): string {
  const furthest = addDays(date, settings.daysPerCall - 1);
  const dates = plan.map(({ span }) => dateOf(span.start, timeZone)).filter((one) => one <= furthest);
  return [...dates, date].reduce((a, b) => (a > b ? a : b));
}

function shortestMinutes(plan: readonly SourceBooking[], minutes: number): number {
  const lengths = plan.map(({ span }) => lengthMs(span) / MINUTE_MS).filter(Number.isInteger);
  return Math.min(minutes, ...lengths);
}

function keyOf(resource: string, { locationId, serviceId }: SourceBooking["fields"]): string {
  return JSON.stringify([resource, locationId, serviceId]);
}
