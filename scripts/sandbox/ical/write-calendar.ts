import { createHash } from "node:crypto";
import type { Call } from "../world.ts";
import { dayFromNow } from "./days.ts";
import type { EntryRow, FeedRow, Host } from "./rows.ts";

interface Voice {
  readonly prodid: string;
  readonly domain: string;
  /** What stands in an entry beside its dates. */
  readonly says: (entry: EntryRow) => readonly string[];
}

/** How each host writes (API_FACTS §7). */
const VOICES: Readonly<Record<Host, Voice>> = {
  airbnb: { prodid: "-//Airbnb Inc//Hosting Calendar 1.0//EN", domain: "@airbnb.com", says: airbnb },
  vrbo: { prodid: "-//HomeAway.com, Inc.//EN", domain: "", says: vrbo },
  booking: {
    prodid: "-//admin.booking.com//NONSGML v1.0//EN",
    domain: "@booking.com",
    says: () => ["SUMMARY:CLOSED - Not available"],
  },
  manager: { prodid: "-//Lodgify//Lodgify Calendar//EN", domain: "@lodgify.com", says: manager },
};

/** The file of a feed with these entries. */
export function writeCalendar(call: Call, feed: FeedRow, entries: readonly EntryRow[]): string {
  const { prodid } = VOICES[feed.host];
  const lines = [
    ...["BEGIN:VCALENDAR", "VERSION:2.0", `PRODID:${prodid}`, "CALSCALE:GREGORIAN"],
    ...entries.flatMap((entry) => writeEntry(call, feed, entry)),
    "END:VCALENDAR",
  ];
  return `${lines.map(fold).join("\r\n")}\r\n`;
}

function writeEntry(call: Call, feed: FeedRow, entry: EntryRow): string[] {
  const { says, domain } = VOICES[feed.host];
  return [
    "BEGIN:VEVENT",
    `UID:${uidOf(call, feed, entry)}${domain}`,
    `DTSTAMP:${compact(entry.changedAt).slice(0, 15)}Z`,
    ...writeTimes(entry),
    ...says(entry),
    ...(entry.cancelled ? ["STATUS:CANCELLED"] : []),
    "END:VEVENT",
  ];
}

function writeTimes({ start, end, startTime, endTime }: EntryRow): string[] {
  if (startTime === undefined || endTime === undefined) {
    return [`DTSTART;VALUE=DATE:${compact(start)}`, `DTEND;VALUE=DATE:${compact(end)}`];
  }
  const at = (instant: string) => `${compact(instant).slice(0, 15)}Z`;
  return [`DTSTART:${at(startTime)}`, `DTEND:${at(endTime)}`];
}

/** A UID by the host's habit; the fault makes all of one answer new. */
function uidOf({ world, faults }: Call, { uids }: FeedRow, entry: EntryRow): string {
  const today = dayFromNow(world);
  const isRunning = entry.start <= today && today < entry.end;
  const parts: unknown[] = [entry.feed, entry.id];
  if (uids === "dates" || uids === "daily") parts.push(entry.moves);
  if (uids === "daily" && isRunning) parts.push(today);
  if (uids === "fetch" || faults.has("new-uids")) parts.push(world.next("ical-fetch"));
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

function airbnb({ kind, code, phone }: EntryRow): string[] {
  if (kind === "block") return ["SUMMARY:Airbnb (Not available)"];
  const url = `https://www.airbnb.com/hosting/reservations/details/${code}`;
  return ["SUMMARY:Reserved", `DESCRIPTION:Reservation URL: ${url}\\nPhone Number (Last 4 Digits): ${phone}`];
}

function vrbo({ kind, guest, notes }: EntryRow): string[] {
  if (kind === "block") return ["SUMMARY:Blocked"];
  return [`SUMMARY:Reserved - ${escaped(guest)}`, ...(notes === "" ? [] : [`DESCRIPTION:${escaped(notes)}`])];
}

function manager({ kind, guest, code, notes }: EntryRow): string[] {
  if (kind === "block") return ["SUMMARY:Closed period"];
  const description = [`Guest: ${guest}`, `Booking number: ${code}`, notes].filter((line) => line !== "").join("\n");
  return [`SUMMARY:${escaped(guest)}`, `DESCRIPTION:${escaped(description)}`];
}

function escaped(text: string): string {
  return text.replace(/[\\,;]/g, (character) => `\\${character}`).replaceAll("\n", "\\n");
}

function compact(text: string): string {
  return text.replace(/[-:]/g, "");
}

/** RFC 5545 3.1: no line is longer than 75 octets. */
function fold(line: string): string {
  const bytes = Buffer.from(line);
  if (bytes.length <= 75) return line;
  const parts: string[] = [];
  let part = "";
  for (const character of line) {
    if (Buffer.byteLength(part + character) > 74) {
      parts.push(part);
      part = "";
    }
    part += character;
  }
  return [...parts, part].join("\r\n ");
}
