import type { Span } from "../../../shared/sync/time.ts";

/** `2027-01-10 09:00` on the wall in that zone; what a calendar without zones is given. */
export function wallTime(instant: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    ...{ timeZone, year: "numeric", month: "2-digit", day: "2-digit" },
    ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  }).formatToParts(new Date(instant));
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return `${of("year")}-${of("month")}-${of("day")} ${of("hour")}:${of("minute")}`;
}

/** `Sun 10 Jan, 09:00–10:00`, in the zone of the room or of whoever looks. */
export function spanText(span: Span | null | undefined, timeZone?: string): string {
  if (span === null || span === undefined) return "–";
  if (span.kind === "all-day") return span.start;
  const room = timeZone ?? span.zone;
  const zone = room === undefined ? {} : { timeZone: room };
  const day = new Intl.DateTimeFormat(undefined, { ...zone, weekday: "short", day: "numeric", month: "short" });
  const hour = new Intl.DateTimeFormat(undefined, { ...zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const [start, end] = [new Date(span.start), new Date(span.end)];
  return `${day.format(start)}, ${hour.format(start)}–${hour.format(end)}`;
}

/** `12 s ago`, `3 min ago`, `2 h ago`, else the date. */
export function ago(instant: string | null, now: number): string {
  if (instant === null || instant === "") return "never";
  const seconds = Math.round((now - Date.parse(instant)) / 1000);
  if (seconds < 0) return `in ${lengthText(-seconds)}`;
  return seconds < 5 ? "now" : `${lengthText(seconds)} ago`;
}

/** The instants in a sentence, as whoever looks reads a clock; not those within an id. */
export function withTimes(text: string): string {
  return text.replace(/(?<![~\w-])\d{4}-\d\d-\d\dT[\d:.]+Z/g, (instant) =>
    new Date(instant).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" }),
  );
}

function lengthText(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** Midnight of that day and of the one so many days later, where whoever looks is. */
export function daysFrom(day: Date, days: number): { readonly from: string; readonly to: string } {
  const from = new Date(day.getFullYear(), day.getMonth(), day.getDate());
  const to = new Date(day.getFullYear(), day.getMonth(), day.getDate() + days);
  return { from: from.toISOString(), to: to.toISOString() };
}

/** `Mon 30 Nov`, so many days on. */
export function dayText(first: Date, days: number): string {
  const day = new Date(first.getFullYear(), first.getMonth(), first.getDate() + days);
  return day.toLocaleDateString(undefined, { weekday: "short", day: "numeric", month: "short" });
}
