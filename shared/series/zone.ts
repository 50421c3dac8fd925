import { findIana, findWindows } from "windows-iana";

/** An IANA name, or the reason why there is none (S40): that one event is quarantined. */
export type ReadZone = { readonly zone: string } | { readonly unreadable: string };

const WINDOWS_CUSTOM = /^tzone:\/\//i;
/** What Exchange writes for UTC. */
const WINDOWS_UTC = /^tzone:\/\/microsoft\/utc$/i;
const CUSTOMISED = /^customi[sz]ed time zone/i;
const OFFSET = /^(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?$/i;
const SAFE_TO_SHOW = /^[\w/+\-.:,&() ]{1,60}$/;

/**
 * Reads a zone's name as calendars write it: IANA, or Windows by CLDR's table. One Windows name stands for
 * many IANA zones with the same clock; `prefer`, the resource's own zone, is taken where it is one of them,
 * so that Europe/Oslo written as "W. Europe Standard Time" does not come back as Europe/Berlin (law 9).
 */
export function readZone(name: string, prefer?: string): ReadZone {
  const text = name.trim();
  if (WINDOWS_UTC.test(text)) return { zone: "UTC" };
  if (WINDOWS_CUSTOM.test(text) || CUSTOMISED.test(text)) {
    return { unreadable: "its time zone is a custom one, whose rules are not told" };
  }
  if (isIana(text)) return { zone: text };
  const unique = uniqueTail(text);
  if (unique !== undefined) return { zone: unique };
  const [standard, ...others] = findIana(text).filter(isIana);
  if (standard !== undefined) return { zone: preferred([standard, ...others], prefer, text) ?? standard };
  return { unreadable: SAFE_TO_SHOW.test(text) ? `its time zone is unknown: ${text}` : "its time zone is unknown" };
}

/** `/softwarestudio.org/Tzfile/Europe/Rome`: a globally unique TZID (RFC 5545 3.2.19) may end in an IANA name. */
function uniqueTail(text: string): string | undefined {
  if (!text.startsWith("/")) return undefined;
  const parts = text.split("/");
  return [parts.slice(-3), parts.slice(-2)].map((tail) => tail.join("/")).find(isIana);
}

/** The Windows name of an IANA zone; undefined where CLDR has none (Antarctica/Troll). */
export function windowsZone(zone: string): string | undefined {
  return findWindows(zone)[0] ?? findWindows(canonical(zone) ?? zone)[0];
}

/** True where both name the same clock, by whatever alias: Asia/Kolkata and Asia/Calcutta, Europe/Kyiv and Europe/Kiev. */
export function sameZone(a: string, b: string): boolean {
  if (a === b) return true;
  const known = canonical(a);
  return known !== undefined && known === canonical(b);
}

/** Fixed offsets are no names: a series that repeats by one would leave the wall clock in summer. */
function isIana(name: string): boolean {
  return !OFFSET.test(name) && canonical(name) !== undefined;
}

function canonical(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function preferred(zones: readonly string[], prefer: string | undefined, windows: string): string | undefined {
  if (prefer === undefined || !isIana(prefer)) return undefined;
  return windowsZone(prefer) === windows || zones.some((zone) => sameZone(zone, prefer)) ? prefer : undefined;
}
