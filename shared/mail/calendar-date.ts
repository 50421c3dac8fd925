import type { PlainDate } from "../sync/time.ts";

const DAY_MS = 86_400_000;

/** `2027-05-07` for a day that exists; null otherwise. */
export function plainDate(year: number, month: number, day: number): PlainDate | null {
  const at = new Date(Date.UTC(year, month - 1, day));
  const exists = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return exists && year >= 1990 && year <= 2100 ? at.toISOString().slice(0, 10) : null;
}

/** 0 (Sunday) to 6. */
export function weekdayOf(date: PlainDate): number {
  return new Date(date).getUTCDay();
}

/** Whole days from `from` to `to`; negative where `to` is earlier. */
export function daysBetween(from: PlainDate, to: PlainDate): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

export function addDays(date: PlainDate, days: number): PlainDate {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
}
