import { Temporal } from "temporal-polyfill";

const US_DATE = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;
const LOCAL =
  /^(\d{4}-\d{2}-\d{2}|\d{1,2}\/\d{1,2}\/\d{4})[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp][Mm])?$/;

/** `01/10/2027` or `2027-01-10`; undefined where it is no date. */
export function readDate(value: unknown): Temporal.PlainDate | undefined {
  if (typeof value !== "string") return undefined;
  const us = US_DATE.exec(value.trim());
  const text =
    us === null ? value.trim().slice(0, 10) : `${us[3]}-${us[1]?.padStart(2, "0")}-${us[2]?.padStart(2, "0")}`;
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" });
  } catch {
    return undefined;
  }
}

/**
 * A local time such as `2027-01-10T09:00:00`, `01/10/2027 9:00 AM`, with or without seconds. A time
 * with an offset is turned into the studio's zone. Undefined where it is no time.
 */
export function readLocal(value: unknown, timeZone: string): Temporal.PlainDateTime | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  try {
    if (/(?:[Zz]|[+-]\d{2}:\d{2})$/.test(text)) {
      return Temporal.Instant.from(text.replace(" ", "T")).toZonedDateTimeISO(timeZone).toPlainDateTime();
    }
    const parts = LOCAL.exec(text);
    const date = readDate(parts?.[1]);
    if (parts === null || date === undefined) return undefined;
    const hour = hourOf(Number(parts[2]), parts[5]?.toLowerCase());
    return date.toPlainDateTime(
      Temporal.PlainTime.from(
        { hour, minute: Number(parts[3]), second: Number(parts[4] ?? 0) },
        { overflow: "reject" },
      ),
    );
  } catch {
    return undefined;
  }
}

function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  return (hour % 12) + (half === "pm" ? 12 : 0);
}

/** As USchedule answers it; the order of the texts is the order of the times. */
export function showLocal(time: Temporal.PlainDateTime): string {
  return time.toString({ smallestUnit: "second" });
}

/** The studio's wall time now. */
export function localNow(nowMs: number, timeZone: string): string {
  return showLocal(Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDateTime());
}
