import type { Call } from "../world.ts";
import { invalid } from "./errors.ts";

const DEFAULT_RESULTS = 100;
const MAX_RESULTS = 500;

/** One page of what was asked for, and the token of the next one. */
export function pageOf<Row>(
  call: Call,
  rows: readonly Row[],
): { readonly items: readonly Row[]; readonly next?: string } {
  const { query } = call.request;
  const asked = Number(query.get("maxResults") ?? DEFAULT_RESULTS);
  if (!Number.isInteger(asked) || asked < 1 || asked > MAX_RESULTS) invalid("Invalid value at 'max_results'.");
  const size = Math.min(asked, call.world.options().gmailPageSize);
  const from = placeOf(query.get("pageToken"));
  const items = rows.slice(from, from + size);
  return from + size < rows.length ? { items, next: `p${from + size}` } : { items };
}

function placeOf(token: string | null): number {
  if (token === null) return 0;
  const place = /^p(\d{1,9})$/.exec(token)?.[1];
  return place === undefined ? invalid("Invalid pageToken.") : Number(place);
}
