import { findIana, findWindows } from "windows-iana";

/** The IANA name of a zone in either spelling; undefined for custom and unknown ones (S40). */
export function toIana(name: string): string | undefined {
  if (name === "tzone://Microsoft/Utc") return "UTC";
  return isIana(name) ? name : findIana(name).find(isIana);
}

/** What Outlook calls an IANA zone, under its present or its former name; undefined where it has none. */
export function toWindows(zone: string): string | undefined {
  return findWindows(zone)[0] ?? findWindows(canonical(zone))[0];
}

function canonical(zone: string): string {
  return isIana(zone) ? new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone : zone;
}

function isIana(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
