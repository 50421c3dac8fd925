import { createHash } from "node:crypto";
import { noContent, Refusal, type Reply, type SandboxRequest } from "../wire.ts";
import type { Call } from "../world.ts";
import { listedEntries } from "./entries.ts";
import type { EntryRow } from "./rows.ts";
import { feedNamed } from "./shelves.ts";
import { writeCalendar } from "./write-calendar.ts";

const PATH = /^\/ical\/([a-z0-9-]+)\.ics$/;
const UNREADABLE = ["BEGIN:VEVENT", "UID:unreadable@sandbox", "DTSTART;TZID=Nowhere/Land:20270301T150000"];

export function icalOperation({ method, path }: SandboxRequest): string | undefined {
  return method === "GET" && PATH.test(path) ? "feed" : undefined;
}

/** A host's calendar; 304 where the caller has it already. */
export function answerFeed(call: Call): Reply {
  const { world, request, faults } = call;
  const feed = feedNamed(world, PATH.exec(request.path)?.[1] ?? "");
  if (feed === undefined) throw new Refusal(text(404, "There is no such calendar."));
  if (faults.has("expire-token")) throw new Refusal(text(401, "This link is not valid any more."));
  const to = faults.value("redirect");
  if (to !== undefined) return { ...noContent(302), headers: { location: to } };
  const body = distort(call, writeCalendar(call, feed, shown(call, listedEntries(call, feed))));
  const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 20)}"`;
  if (request.headers["if-none-match"] === etag) return { ...noContent(304), headers: { etag } };
  const validators: Record<string, string> = faults.has("no-validators") ? {} : { etag };
  return { status: 200, headers: { "content-type": "text/calendar; charset=utf-8", ...validators }, body };
}

/** A success that lists none, the first half, or all but one (S02, S03). */
function shown({ faults }: Call, entries: readonly EntryRow[]): readonly EntryRow[] {
  if (faults.has("empty")) return [];
  const left = entries.filter(({ id }) => id !== faults.value("omit"));
  return faults.has("truncate") ? left.slice(0, Math.floor(left.length / 2)) : left;
}

function distort({ faults }: Call, body: string): string {
  const row = [...UNREADABLE, "DTEND;TZID=Nowhere/Land:20270302T110000", "SUMMARY:Reserved", "END:VEVENT"].join("\r\n");
  const whole = faults.has("bad-row") ? body.replace("END:VCALENDAR", `${row}\r\nEND:VCALENDAR`) : body;
  return faults.has("half-file") ? whole.slice(0, whole.length / 2) : whole;
}

export function text(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers }, body };
}
