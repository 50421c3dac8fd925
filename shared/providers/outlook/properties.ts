import type { GraphEvent } from "./schema.ts";

/** Under this GUID are all named properties of Lockstep; changed, no event of ours would be known again. */
const SET = "String {8f2d6c1e-5b7a-4e0d-9c43-1a6e7d2b9f50} Name ";

/** How Graph calls a private property. Names are case-sensitive. */
export function propertyId(name: string): string {
  return `${SET}${name}`;
}

/** The properties as they are written; one that is to go is emptied, since nothing removes it. */
export function writeProperties(properties: Readonly<Record<string, string | null>>): { id: string; value: string }[] {
  return Object.entries(properties).map(([name, value]) => ({ id: propertyId(name), value: value ?? "" }));
}

/** An empty one counts as none: it may be one that was removed. */
export function readProperties(properties: GraphEvent["singleValueExtendedProperties"]): Record<string, string> {
  const ours = (properties ?? []).filter(({ id, value }) => isOurs(id) && value != null && value !== "");
  return Object.fromEntries(ours.map(({ id, value }) => [id.slice(SET.length), value ?? ""]));
}

function isOurs(id: string): boolean {
  return id.slice(0, SET.length).toLowerCase() === SET.toLowerCase();
}

/** `$expand=…`: only properties that are named come back. Empty without names. */
export function expansion(names: readonly string[]): string {
  if (names.length === 0) return "";
  const filter = names.map((name) => `id eq ${quoted(propertyId(name))}`).join(" or ");
  return `$expand=${encodeURIComponent(`singleValueExtendedProperties($filter=${filter})`)}`;
}

/** `$filter=…` for events with this value. */
export function havingProperty(name: string, value: string): string {
  const any = `singleValueExtendedProperties/Any(ep: ep/id eq ${quoted(propertyId(name))} and ep/value eq ${quoted(value)})`;
  return `$filter=${encodeURIComponent(any)}`;
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
