import { type Instant, later } from "../../sync/time.ts";
import { Slot } from "./schema.ts";
import { addDays, readLocal, startOfDay } from "./times.ts";

/** What one answer of `getavailability` offers. */
export interface Slots {
  /** In order of their starts; undefined where the answer is not understood. */
  readonly intervals: readonly { readonly start: Instant; readonly end: Instant }[] | undefined;
  /** True where every slot tells its end: then what is not offered is taken, whatever its length. */
  readonly exact: boolean;
  /** True where the answer goes beyond its first day, as asked; some answer one day only. */
  readonly coversAll: boolean;
}

interface Asked {
  readonly timeZone: string;
  readonly unitId: number;
  readonly minutes: number;
  readonly firstDate: string;
}

const NOT_UNDERSTOOD: Slots = { intervals: undefined, exact: false, coversAll: false };

/** One slot that cannot be read makes the whole answer unknown: what is missing must mean taken. */
export function readSlots(answer: unknown, asked: Asked): Slots {
  if (!Array.isArray(answer)) return NOT_UNDERSTOOD;
  const intervals: { start: Instant; end: Instant }[] = [];
  let exact = true;
  for (const item of answer) {
    const slot = readSlot(item, asked);
    if (slot === undefined) return NOT_UNDERSTOOD;
    if (slot === "other") continue;
    exact = exact && slot.exact;
    intervals.push({ start: slot.start, end: slot.end });
  }
  intervals.sort((a, b) => (a.start < b.start ? -1 : 1));
  return { intervals, exact, coversAll: goesOn(intervals, asked) };
}

function readSlot(item: unknown, { timeZone, unitId, minutes }: Asked) {
  const parsed = Slot.safeParse(typeof item === "string" ? { StartTime: item } : item);
  if (!parsed.success) return undefined;
  const { StartTime, EndTime, ResourceUnitID } = parsed.data;
  if (ResourceUnitID != null && ResourceUnitID !== String(unitId)) return "other";
  const start = readLocal(StartTime, timeZone);
  if (start === undefined) return undefined;
  const told = EndTime == null ? undefined : readLocal(EndTime, timeZone);
  const end = told ?? later(start, minutes * 60_000);
  return end > start ? { start, end, exact: told !== undefined } : undefined;
}

function goesOn(intervals: readonly { readonly end: Instant }[], { firstDate, timeZone }: Asked): boolean {
  const midnight = startOfDay(addDays(firstDate, 1), timeZone);
  return intervals.some(({ end }) => end > midnight);
}
