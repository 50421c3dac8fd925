import { z } from "zod";
import { type EdgeAnswer, parsed } from "../../shared/cloud/edge-request.ts";
import type { DocumentStore, Where } from "../../shared/ports/store.ts";

/** How much of a list is asked for: at most 500 items, continuing behind the last page's `next`. */
const Paging = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.string().min(1).max(400).exactOptional(),
});
export type Paging = z.infer<typeof Paging>;

/** The paging of a request. Throws INVALID_REQUEST. */
export function pagingOf(query: URLSearchParams): Paging {
  const { limit, after } = Object.fromEntries(query);
  return parsed(Paging, { ...(limit !== undefined && { limit }), ...(after !== undefined && { after }) }, "query");
}

/** One page of a collection. */
export async function pageOf(
  store: DocumentStore,
  collection: string,
  where: readonly Where[],
  paging: Paging,
): Promise<EdgeAnswer> {
  const rows = await store.query<object>({ collection, where, ...paging });
  const last = rows.length === paging.limit ? rows.at(-1) : undefined;
  return { status: 200, json: { items: rows.map((row) => row.data), next: last?.ref.id ?? null } };
}

/** One filter by equality, where the query has it. */
export function filterOf(query: URLSearchParams, field: string, fallback?: string): Where[] {
  const value = query.get(field) ?? fallback;
  return value === undefined || value === "all" ? [] : [{ field, op: "==", value }];
}
