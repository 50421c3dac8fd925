import { Temporal } from "temporal-polyfill";
import { badRequest } from "./errors.ts";
import { SAME_AS, WINDOWS_ZONES } from "./windows-zones.ts";

const WINDOWS_NAMES = new Map(Object.entries(WINDOWS_ZONES).map(([windows, iana]) => [iana, windows]));

/** The IANA zone of a name that a client gave, Windows or IANA. Refuses what is neither. */
export function zoneNamed(name: unknown): string {
  if (typeof name === "string") {
    const windows = Object.hasOwn(WINDOWS_ZONES, name) ? WINDOWS_ZONES[name] : undefined;
    if (windows !== undefined) return windows;
    if (name !== "" && isZone(name)) return name;
  }
  return badRequest(
    `A valid TimeZone value must be specified. The following TimeZone value is not supported: '${String(name)}'.`,
    "TimeZoneNotSupportedException",
  );
}

/** What Exchange calls the zone; a zone without a Windows name keeps its own. */
export function windowsName(zone: string): string {
  return WINDOWS_NAMES.get(zone) ?? (Object.hasOwn(SAME_AS, zone) ? SAME_AS[zone] : undefined) ?? zone;
}

/** IANA names have a slash or are UTC; offsets, which Temporal knows as zones too, are none. */
function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** Epoch milliseconds of a wall time; in a gap of the clock the later, in an overlap the earlier. */
export function wallMs(wall: string, zone: string): number {
  return Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).epochMilliseconds;
}

/** `2027-01-10T09:00:00` in the zone. */
export function wallAt(ms: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(ms)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: "second" });
}
