import type { FeedReading } from "../../shared/stays/feed-row.ts";
import { type FeedContext, readCalendar } from "../../shared/stays/read-calendar.ts";

export const NOW = "2027-05-01T12:00:00.000Z";
export const AIRBNB = "-//Airbnb Inc//Hosting Calendar 1.0//EN";
export const VRBO = "-//HomeAway.com, Inc.//EN";
export const BOOKING = "-//admin.booking.com//NONSGML v1.0//EN";

/** A VEVENT of whole days; further lines as they are. */
export function days(uid: string, start: string, end: string, summary: string, ...more: string[]): string[] {
  const date = (day: string) => day.replaceAll("-", "");
  return event(
    `UID:${uid}`,
    `DTSTART;VALUE=DATE:${date(start)}`,
    `DTEND;VALUE=DATE:${date(end)}`,
    `SUMMARY:${summary}`,
    ...more,
  );
}

export function event(...lines: string[]): string[] {
  return ["BEGIN:VEVENT", ...lines, "END:VEVENT"];
}

/** Airbnb's stay with its code. */
export function reserved(uid: string, start: string, end: string, code: string): string[] {
  const url = `https://www.airbnb.com/hosting/reservations/details/${code}`;
  return days(uid, start, end, "Reserved", `DESCRIPTION:Reservation URL: ${url}\\nPhone Number (Last 4 Digits): 4235`);
}

export function calendar(prodid: string, ...events: readonly string[][]): string {
  return [...["BEGIN:VCALENDAR", "VERSION:2.0", `PRODID:${prodid}`], ...events.flat(), "END:VCALENDAR", ""].join(
    "\r\n",
  );
}

export type Calendar = Extract<FeedReading, { kind: "calendar" }>;

export function read(text: string | Uint8Array, context: Partial<FeedContext> = {}): FeedReading {
  return readCalendar(typeof text === "string" ? new TextEncoder().encode(text) : text, { now: NOW, ...context });
}

export function readRows(text: string | Uint8Array, context: Partial<FeedContext> = {}): Calendar {
  const reading = read(text, context);
  if (reading.kind === "failure") throw new Error(`no calendar: ${reading.why}`);
  return reading;
}

/** The one row of a file with one event. */
export function readOne(prodid: string, lines: string[], context: Partial<FeedContext> = {}) {
  const { rows, bad } = readRows(calendar(prodid, lines), context);
  return { ...rows[0], reason: bad[0]?.reason };
}
