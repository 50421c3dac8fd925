import { Temporal } from "temporal-polyfill";
import type { ListQuery } from "./list-query.ts";
import type { CalendarRow, EventRow, EventTime } from "./rows.ts";

/** A series without end shows this many instances, or those up to `timeMax`. */
const MAX_INSTANCES = 730;
const DAYS: Readonly<Record<string, number>> = { MO: 1, TU: 2, WE: 3, TH: 4, FR: 5, SA: 6, SU: 7 };

/**
 * Replaces masters by their instances. DAILY and WEEKLY with INTERVAL, COUNT, UNTIL, BYDAY and
 * EXDATE are expanded in the event's own zone; masters with any other rule are left out. Instances
 * that were changed or cancelled by themselves stand in `stored` as rows of their own.
 */
export function expandSeries(
  events: readonly EventRow[],
  stored: readonly EventRow[],
  calendar: CalendarRow,
  query: ListQuery,
): EventRow[] {
  const changed = new Set(stored.filter((event) => event.recurringEventId !== undefined).map(({ id }) => id));
  return events.flatMap((event) => {
    if (event.body.recurrence === undefined) return [event];
    return instancesOf(event, calendar, query.timeMax).filter(({ id }) => !changed.has(id));
  });
}

/** The instances of one master, in order. */
export function instancesOf(master: EventRow, calendar: CalendarRow, untilMs = Number.POSITIVE_INFINITY): EventRow[] {
  const rule = readRule(master);
  if (rule === undefined) return [];
  const zone = master.body.start.timeZone ?? calendar.timeZone;
  const first = Temporal.Instant.fromEpochMilliseconds(master.startMs).toZonedDateTimeISO(zone);
  const instances: EventRow[] = [];
  let counted = 0;
  for (let day = 0; counted < rule.count && day < MAX_INSTANCES * 7 * rule.interval; day++) {
    const start = first.add({ days: day });
    if (start.epochMilliseconds > Math.min(rule.untilMs, untilMs)) break;
    if (!fits(rule, first, start, day)) continue;
    counted++;
    if (!rule.excluded.has(start.epochMilliseconds)) instances.push(instanceAt(master, start));
  }
  return instances;
}

interface Rule {
  readonly weekly: boolean;
  readonly interval: number;
  readonly count: number;
  readonly untilMs: number;
  readonly days: readonly number[];
  readonly excluded: ReadonlySet<number>;
}

function readRule(master: EventRow): Rule | undefined {
  const lines = master.body.recurrence ?? [];
  const text = lines.find((line) => line.startsWith("RRULE:"))?.slice("RRULE:".length) ?? "";
  const parts = new Map(text.split(";").map((part) => [part.split("=")[0] ?? "", part.split("=")[1] ?? ""]));
  const frequency = parts.get("FREQ");
  if (frequency !== "DAILY" && frequency !== "WEEKLY") return undefined;
  return {
    weekly: frequency === "WEEKLY",
    interval: Number(parts.get("INTERVAL") ?? 1),
    count: Number(parts.get("COUNT") ?? MAX_INSTANCES),
    untilMs: parts.has("UNTIL") ? icalMs(parts.get("UNTIL") ?? "", "UTC", true) : Number.POSITIVE_INFINITY,
    days: (parts.get("BYDAY") ?? "").split(",").flatMap((day) => DAYS[day] ?? []),
    excluded: new Set(lines.filter((line) => line.startsWith("EXDATE")).map((line) => exdateMs(line, master))),
  };
}

function fits(rule: Rule, first: Temporal.ZonedDateTime, at: Temporal.ZonedDateTime, day: number): boolean {
  if (!rule.weekly) return day % rule.interval === 0;
  const week = Math.floor((day + first.dayOfWeek - 1) / 7);
  const days = rule.days.length === 0 ? [first.dayOfWeek] : rule.days;
  return week % rule.interval === 0 && days.includes(at.dayOfWeek);
}

function exdateMs(line: string, master: EventRow): number {
  const [head = "", value = ""] = line.split(":");
  const zone = /TZID=([^;:]+)/.exec(head)?.[1] ?? master.body.start.timeZone ?? "UTC";
  return icalMs(value, zone, false);
}

/** `20270110T090000Z`, `20270110T090000` in `zone`, or `20270110` (its last moment for UNTIL). */
function icalMs(text: string, zone: string, endOfDay: boolean): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d))?/.exec(text) ?? [];
  const time = hour === undefined ? (endOfDay ? "23:59:59" : "00:00:00") : `${hour}:${minute}:${second}`;
  const local = Temporal.PlainDateTime.from(`${year}-${month}-${day}T${time}`);
  return local.toZonedDateTime(text.endsWith("Z") ? "UTC" : zone).epochMilliseconds;
}

function instanceAt(master: EventRow, start: Temporal.ZonedDateTime): EventRow {
  const { recurrence: _, ...body } = master.body;
  const length = master.endMs - master.startMs;
  const startMs = start.epochMilliseconds;
  const from = timeAt(master.body.start, startMs, start.toPlainDate());
  const days = Math.round(length / 86_400_000);
  const to = timeAt(master.body.end, startMs + length, start.toPlainDate().add({ days }));
  return {
    ...master,
    id: instanceId(master, from),
    body: { ...body, start: from, end: to },
    startMs,
    endMs: startMs + length,
    recurringEventId: master.id,
    originalStartTime: from,
  };
}

function timeAt(like: EventTime, ms: number, date: Temporal.PlainDate): EventTime {
  if (like.date !== undefined) return { date: date.toString() };
  return { ...like, dateTime: Temporal.Instant.fromEpochMilliseconds(ms).toString() };
}

/** `<master>_20270110T090000Z`, or `<master>_20270110` for all-day series. */
function instanceId(master: EventRow, start: EventTime): string {
  return `${master.id}_${(start.date ?? start.dateTime ?? "").replaceAll(/[-:]/g, "")}`;
}
