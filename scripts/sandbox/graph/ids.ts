import type { EventRow } from "./rows.ts";

/** What an id says, to the server alone. */
export interface IdParts {
  readonly mailbox: string;
  readonly key: string;
  /** Undefined in an immutable id. */
  readonly filing?: number;
}

type Named = Pick<EventRow, "mailbox" | "key" | "filing">;

/** The event's id: changes when the item is filed elsewhere, unless the client asked for immutable ones. */
export function eventId({ mailbox, key, filing }: Named, immutable: boolean): string {
  const text = immutable ? `${mailbox}/${key}` : `${mailbox}/${key}/${filing}`;
  return `${immutable ? "AAkALg" : "AAMkAD"}${Buffer.from(text).toString("base64url")}=`;
}

/** Reads an id of either kind; undefined where it is none. Case matters. */
export function readEventId(text: string): IdParts | undefined {
  const [, kind, coded] = /^(AAkALg|AAMkAD)([\w-]+)=$/.exec(text) ?? [];
  if (coded === undefined) return undefined;
  const [mailbox = "", key = "", filing] = Buffer.from(coded, "base64url").toString().split("/");
  if (mailbox === "" || key === "" || (kind === "AAMkAD") !== (filing !== undefined)) return undefined;
  return filing === undefined ? { mailbox, key } : { mailbox, key, filing: Number(filing) };
}

/**
 * The id of the meeting in iCalendar's sense. Unlike Google's it differs per occurrence: the date stands in its
 * seventeenth to twentieth byte.
 */
export function iCalUId(event: Pick<EventRow, "meeting" | "day">): string {
  const [year = 0, month = 0, day = 0] = (event.day?.date ?? "0-0-0").split("-").map(Number);
  const date = [year >> 8, year & 255, month, day].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `040000008200E00074C5B7101A82E008${date}${event.meeting}`.toUpperCase();
}

/** A quoted string that differs between any two states of an event. */
export function changeKey({ key, change }: Pick<EventRow, "key" | "change">): string {
  return Buffer.from(`${key.slice(-12)}:${String(change).padStart(8, "0")}`).toString("base64");
}

export function etagOf(event: Pick<EventRow, "key" | "change">): string {
  return `W/"${changeKey(event)}"`;
}
