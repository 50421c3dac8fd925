import { isRecord } from "../wire.ts";
import { badRequest } from "./errors.ts";

/** `String {GUID} Name bookingKey`, `Integer 0x8213`, … */
const ID = /^([A-Za-z]+) (?:(\{[0-9a-fA-F-]{36}\}) (?:(Name) (\S.*)|(Id) (0x[0-9a-fA-F]+))|(0x[0-9a-fA-F]+))$/;

/**
 * An id in the one form under which it is kept: the type and the set's GUID without regard to case, the name
 * exactly as written (API_FACTS §3).
 */
export function propertyId(text: unknown): string {
  const match = typeof text === "string" ? ID.exec(text.trim()) : null;
  if (match === null) return badRequest(`'${String(text)}' is no id of an extended property.`, "ErrorInvalidParameter");
  const [, type = "", set, named, name, byId, id, tag] = match;
  const head = `${type.slice(0, 1).toUpperCase()}${type.slice(1).toLowerCase()}`;
  if (set === undefined) return `${head} ${tag?.toLowerCase()}`;
  return `${head} ${set.toLowerCase()} ${named ?? byId} ${name ?? id?.toLowerCase()}`;
}

/** `singleValueExtendedProperties` as sent. What is not named stays. */
export function readProperties(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!Array.isArray(value)) return badRequest("singleValueExtendedProperties is a list.", "RequestBodyRead");
  return Object.fromEntries(
    value.map((each) => {
      if (!isRecord(each) || typeof each.value !== "string") {
        return badRequest("An extended property has an id and a value, both strings.", "RequestBodyRead");
      }
      return [propertyId(each.id), each.value];
    }),
  );
}

/** Reads `singleValueExtendedProperties($filter=id eq '…' or id eq '…')`: the ids to show. */
export function readExpand(text: string | null): string[] {
  if (text === null) return [];
  const filter = /^singleValueExtendedProperties\(\$filter=(.+)\)$/i.exec(text.trim())?.[1];
  if (filter === undefined) {
    return badRequest(
      "Only singleValueExtendedProperties($filter=id eq '…') can be expanded here.",
      "ErrorInvalidUrlQueryFilter",
    );
  }
  return filter.split(/\s+or\s+(?=id\s+eq)/i).map((part) => {
    const id = /^\(?id\s+eq\s+'((?:[^']|'')*)'\)?$/i.exec(part.trim())?.[1];
    return id === undefined
      ? badRequest(`'${part}' is no filter on id.`, "ErrorInvalidUrlQueryFilter")
      : propertyId(id.replaceAll("''", "'"));
  });
}
