import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { badRequest } from "./errors.ts";
import { applied, readPrefer } from "./prefer.ts";

const KNOWN = new Set(["$select", "$top", "$skip", "$filter", "$orderby", "$expand", "$count"]);

export interface Paging {
  readonly size: number;
  readonly skip: number;
}

/** How much of a list is asked for. `$top` and `odata.maxpagesize` both limit the page, the smaller wins. */
export function readPaging(call: Call, defaultSize: number, most: number): Paging {
  const { query } = call.request;
  const unknown = [...query.keys()].find((name) => name.startsWith("$") && !KNOWN.has(name));
  if (unknown !== undefined) badRequest(`The query parameter '${unknown}' is not supported.`, "ErrorInvalidUrlQuery");
  const top = readNumber(query, "$top", 1);
  const wished = Math.min(top ?? most, readPrefer(call.request).maxPageSize ?? most);
  const size = wished === most && top === undefined ? defaultSize : wished;
  return { size: Math.min(size, most, call.world.options().graphPageSize), skip: readNumber(query, "$skip", 0) ?? 0 };
}

function readNumber(query: URLSearchParams, name: string, least: number): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) badRequest(`Invalid value '${text}' for ${name}.`, "BadRequest");
  return value;
}

/** One page of a list, with a link to the next where there is one; lists that lie included (S02, S03, S41). */
export function answerPage(
  call: Call,
  context: string,
  all: readonly Record<string, unknown>[],
  paging: Paging,
): Reply {
  const { faults } = call;
  const shown = faults.has("empty-page") ? [] : all.slice(paging.skip, paging.skip + paging.size);
  const next = paging.skip + shown.length;
  const more = next < all.length && !faults.has("truncate") && !faults.has("empty");
  const value = distort(call, shown).map((item) => select(call, item));
  const link = more ? { "@odata.nextLink": linkTo(call, { ...queryOf(call), $skip: String(next) }) } : {};
  const count = call.request.query.get("$count") === "true" ? { "@odata.count": all.length } : {};
  return json(200, { "@odata.context": contextOf(call, context), ...count, value, ...link }, applied(call.request));
}

/** Lists that lie, for S02, S03 and S41. */
export function distort(call: Call, items: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  const { faults } = call;
  if (faults.has("empty")) return [];
  const omitted = faults.value("omit");
  const half = faults.has("truncate") ? items.slice(0, Math.ceil(items.length / 2)) : items;
  const left = half.filter(({ id }) => id !== omitted);
  const unreadable = { id: "AAMkADunreadable=", type: "singleInstance", start: { dateTime: "soon" } };
  return faults.has("bad-row") ? [...left, unreadable] : left;
}

/** The fields of `$select`; `id` and `@odata.etag` always come along. */
export function select(call: Call, item: Record<string, unknown>): Record<string, unknown> {
  const wanted = call.request.query.get("$select");
  if (wanted === null || wanted === "") return item;
  const names = new Set([
    "@odata.etag",
    "id",
    "singleValueExtendedProperties",
    ...wanted.split(",").map((n) => n.trim()),
  ]);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}

/** `https://graph.microsoft.com/v1.0`, or wherever the option says. */
export function serviceRoot({ world, origin }: Call): string {
  const root = world.options().graphLinkRoot ?? `${origin}/graph`;
  return `${root.replace(/\/$/, "")}/v1.0`;
}

export function contextOf(call: Call, rest: string): string {
  return `${serviceRoot(call)}/$metadata#${rest}`;
}

/** This very path with another query. */
export function linkTo(call: Call, query: Readonly<Record<string, string>>): string {
  const path = call.request.path.replace(/^\/graph\/v1\.0/i, "");
  const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${serviceRoot(call)}${path}?${text.join("&")}`;
}

function queryOf({ request }: Call): Record<string, string> {
  return Object.fromEntries(request.query);
}
