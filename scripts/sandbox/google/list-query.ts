import { emptyTimeRange, invalid, refuse } from "./errors.ts";
import { isZone, readBound } from "./event-time.ts";

const DEFAULT_RESULTS = 250;
const MAX_RESULTS = 2500;
/** Not to be combined with `syncToken` (API_FACTS §1). */
const FORBIDDEN_WITH_TOKEN = [
  "iCalUID",
  "orderBy",
  "privateExtendedProperty",
  "sharedExtendedProperty",
  "q",
  "timeMin",
  "timeMax",
  "updatedMin",
];
/** May differ between the pages of one listing. */
const PAGE_PARAMETERS = new Set(["pageToken", "maxResults", "syncToken", "key", "alt", "prettyPrint", "quotaUser"]);

export interface ListQuery {
  readonly maxResults: number;
  readonly pageToken?: string;
  readonly syncToken?: string;
  readonly showDeleted: boolean;
  readonly singleEvents: boolean;
  readonly orderBy?: "startTime" | "updated";
  readonly timeMin?: number;
  readonly timeMax?: number;
  readonly updatedMin?: number;
  readonly iCalUID?: string;
  readonly q?: string;
  readonly properties: readonly PropertyFilter[];
  readonly eventTypes: readonly string[];
  readonly timeZone?: string;
  /** The parameters that must stay the same from page to page, and from sync to sync. */
  readonly pageShape: string;
  readonly syncShape: string;
}

export interface PropertyFilter {
  readonly section: "private" | "shared";
  readonly key: string;
  readonly value: string;
}

/** Reads the parameters of `events.list`; refuses with 400 what Google refuses. */
export function readListQuery(params: URLSearchParams): ListQuery {
  const syncToken = params.get("syncToken") ?? undefined;
  if (syncToken !== undefined) refuseRestrictions(params);
  const query = {
    maxResults: readMaxResults(params.get("maxResults")),
    showDeleted: params.get("showDeleted") === "true",
    singleEvents: params.get("singleEvents") === "true",
    properties: [...filters(params, "private"), ...filters(params, "shared")],
    eventTypes: params.getAll("eventTypes"),
    pageShape: shapeOf(params, PAGE_PARAMETERS),
    syncShape: JSON.stringify([params.get("singleEvents") === "true", params.getAll("eventTypes").sort()]),
    ...optional("pageToken", params.get("pageToken") ?? undefined),
    ...optional("syncToken", syncToken),
    ...optional("orderBy", readOrder(params)),
    ...optional("timeMin", readBound(params.get("timeMin"), "timeMin")),
    ...optional("timeMax", readBound(params.get("timeMax"), "timeMax")),
    ...optional("updatedMin", readBound(params.get("updatedMin"), "updatedMin")),
    ...optional("iCalUID", params.get("iCalUID") ?? undefined),
    ...optional("q", params.get("q")?.toLowerCase()),
    ...optional("timeZone", readZone(params.get("timeZone"))),
  };
  if (query.timeMin !== undefined && query.timeMax !== undefined && query.timeMax <= query.timeMin) emptyTimeRange();
  return query;
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  // The key is given literally; `exactOptionalPropertyTypes` wants it left out where there is no value.
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };
}

function refuseRestrictions(params: URLSearchParams): void {
  const forbidden = FORBIDDEN_WITH_TOKEN.find((name) => params.has(name));
  const hidesDeleted = params.get("showDeleted") === "false";
  if (forbidden === undefined && !hidesDeleted) return;
  refuse(400, {
    reason: "syncTokenWithRequestRestrictions",
    message: `Sync token cannot be used with ${forbidden ?? "showDeleted=false"}.`,
    domain: "calendar",
    locationType: "parameter",
    location: "syncToken",
  });
}

function readMaxResults(text: string | null): number {
  if (text === null) return DEFAULT_RESULTS;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) return invalid(`Invalid value for maxResults: ${text}`, "maxResults");
  return Math.min(count, MAX_RESULTS);
}

function readOrder(params: URLSearchParams): "startTime" | "updated" | undefined {
  const order = params.get("orderBy");
  if (order === null) return undefined;
  if (order !== "startTime" && order !== "updated") return invalid(`Invalid value for orderBy: ${order}`, "orderBy");
  if (order === "startTime" && params.get("singleEvents") !== "true") {
    return invalid("The requested ordering is not available for the particular query.", "orderBy");
  }
  return order;
}

function readZone(zone: string | null): string | undefined {
  if (zone === null || isZone(zone)) return zone ?? undefined;
  return invalid("Invalid time zone definition.", "timeZone");
}

function filters(params: URLSearchParams, section: "private" | "shared"): PropertyFilter[] {
  return params.getAll(`${section}ExtendedProperty`).map((text) => {
    const at = text.indexOf("=");
    if (at < 1) return invalid(`Invalid value: ${text}`, `${section}ExtendedProperty`);
    return { section, key: text.slice(0, at), value: text.slice(at + 1) };
  });
}

function shapeOf(params: URLSearchParams, without: ReadonlySet<string>): string {
  return JSON.stringify([...params].filter(([name]) => !without.has(name)).sort());
}
