import { createHash } from "node:crypto";
import type { FeedRow } from "./feed-row.ts";

/** Where a row comes from. */
export interface Origin {
  /** The home, as its resource calls it: identity never crosses from one to another (S20). */
  readonly property: string;
  readonly feed: string;
}

const PROPERTY_CHARACTERS = 5;
const ROW_CHARACTERS = 11;

/** Begins the ids of a home's stays, so that its documents are found by an id alone. */
export function propertyMark(property: string): string {
  return shortHash(["property", property]).slice(0, PROPERTY_CHARACTERS);
}

/** Whether an id may be one of a home's stays. */
export function isOfProperty(id: string, property: string): boolean {
  return id.startsWith(`${propertyMark(property)}-`);
}

/**
 * The id of a stay that is seen for the first time: by its code, which its platform never gives twice, else by its UID,
 * so that it is the same again should everything known be lost. `taken` ids are another stay's: then its nights go in, too.
 */
export function newStayId({ property, feed }: Origin, row: FeedRow, taken: ReadonlySet<string>): string {
  const nights = [row.start, row.end, row.timed?.start ?? ""];
  const named = row.uid === "" ? [feed, "nights", ...nights] : [feed, "uid", row.uid, row.occurrence ?? ""];
  const parts = row.code === undefined ? named : ["code", row.code, row.occurrence ?? ""];
  const id = idOf(property, parts);
  if (!taken.has(id)) return id;
  return idOf(property, [...parts, feed, row.uid, ...nights, row.title]);
}

/** What an event that never could be read is called. */
export function badId({ property, feed }: Origin, uid: string): string {
  return idOf(property, ["unreadable", feed, uid]);
}

function idOf(property: string, parts: readonly string[]): string {
  return `${propertyMark(property)}-${shortHash([property, ...parts]).slice(0, ROW_CHARACTERS)}`;
}

/** Small letters and digits: an id is typed by people, and goes into names that know no capitals. */
function shortHash(parts: readonly string[]): string {
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return BigInt(`0x${digest.slice(0, 30)}`)
    .toString(36)
    .padStart(24, "0");
}
