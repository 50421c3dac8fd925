import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { badRequest, refuse } from "./problems.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 500;
const CURSOR_MS = 3_600_000;
/** Parameters that may differ from page to page. */
const FREE = new Set(["cursor", "limit"]);

/** How many items were asked for. Refuses with 400 what is no number from 1 to 500. */
export function readLimit({ request, world }: Call): number {
  const text = request.query.get("limit");
  const limit = text === null ? DEFAULT_LIMIT : /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) badRequest(`limit must be 1 to ${MAX_LIMIT}.`);
  return Math.min(limit, world.options().bookingPageSize);
}

/**
 * One page of all that matches, by id. Lists that lie:
 *
 *   empty, truncate, omit   as if nothing more were there, `total` included
 *   first-page              the first page as if it were all; `total` tells the truth
 */
export function replyPage<Row extends { readonly id: string }>(
  call: Call,
  rows: readonly Row[],
  show: (row: Row) => unknown,
): Reply {
  const { faults } = call;
  const limit = readLimit(call);
  const matching = pretend(call, rows).sort((a, b) => (a.id < b.id ? -1 : 1));
  const after = readCursor(call);
  const left = after === undefined ? matching : matching.filter(({ id }) => id > after);
  const page = left.slice(0, limit);
  const last = left.length <= limit || faults.has("first-page");
  const items: unknown[] = page.map(show);
  if (faults.has("bad-row") && last) items.push({ id: "999999", version: 1, kind: "party", start: "soon" });
  const next = last ? {} : { next: writeCursor(call, page.at(-1)?.id ?? "") };
  return json(200, { items, complete: last, total: matching.length, ...next });
}

function pretend<Row extends { readonly id: string }>({ faults }: Call, rows: readonly Row[]): Row[] {
  if (faults.has("empty")) return [];
  const omitted = faults.value("omit");
  const told = rows.filter(({ id }) => id !== omitted);
  return faults.has("truncate") ? told.slice(0, Math.ceil(told.length / 2)) : told;
}

/** After which id to go on. Refuses with 410 an old cursor, with 400 one of another query. */
function readCursor(call: Call): string | undefined {
  const text = call.request.query.get("cursor");
  if (text === null) return undefined;
  const [after, query, at] = decode(text);
  if (query !== queryOf(call)) badRequest("cursor belongs to another query.");
  const isOld = call.world.now() - Number(at) > CURSOR_MS;
  if (isOld || call.faults.has("expire-cursor")) refuse(410, "CURSOR_EXPIRED");
  return String(after);
}

function writeCursor(call: Call, after: string): string {
  return Buffer.from(JSON.stringify([after, queryOf(call), call.world.now()])).toString("base64url");
}

function decode(cursor: string): readonly unknown[] {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(read) && read.length === 3) return read;
  } catch {
    // no cursor of ours
  }
  return badRequest("cursor is none of ours.");
}

function queryOf({ request }: Call): string {
  return [...request.query]
    .filter(([name]) => !FREE.has(name))
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join("&");
}
