import { z } from "zod";
import { type EdgeAnswer, parsed } from "../../shared/cloud/edge-request.ts";
import type { DocumentStore, Where } from "../../shared/ports/store.ts";
import { isDocumentId } from "../../shared/ports/store-checks.ts";

/** How much of a list is asked for: at most 500 items, continuing behind the last page's `next`. */
const Paging = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z
    .string()
    .refine(isDocumentId, "is no place in the list: take it from the last page's `next`")
    .exactOptional(),
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

/** `?status=` is one of these, or `all`. Throws INVALID_REQUEST: a word misspelt must not look like an empty list. */
export function statusFilter(query: URLSearchParams, statuses: readonly [string, ...string[]]): Where[] {
  const [first] = statuses;
  const Status = z.object({ status: z.enum(["all", ...statuses]).default(first) });
  const { status } = parsed(Status, Object.fromEntries(query), "query");
  return status === "all" ? [] : [{ field: "status", op: "==", value: status }];
}
