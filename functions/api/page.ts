import { z } from "zod";
import type { DocumentStore, Where } from "../../shared/ports/store.ts";
import { isDocumentId } from "../../shared/ports/store-checks.ts";

/** How much of a list is asked for: at most 500 items, continuing behind the last page's `next`. */
export const Paging = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100).describe("Items of one page."),
  after: z
    .string()
    .refine(isDocumentId, "is no place in the list: take it from the last page's `next`")
    .exactOptional()
    .describe("The last page's `next`."),
});
export type Paging = z.infer<typeof Paging>;

/** `?status=` is one of these, or `all`; the first where it is left out. A word misspelt must not look like an empty list. */
export function listQuery(statuses: readonly [string, ...string[]]) {
  const [first] = statuses;
  return Paging.extend({ status: z.enum(["all", ...statuses]).default(first) });
}

/** A page of these, as every list answers. */
export function pageAnswer<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable().describe("For `after`; null: that was all.") });
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** One page of a collection. */
export async function pageOf<Item extends object>(
  store: DocumentStore,
  collection: string,
  where: readonly Where[],
  { limit, after }: Paging,
): Promise<Page<Item>> {
  const rows = await store.query<Item>({ collection, where, limit, ...(after !== undefined && { after }) });
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return { items: rows.map((row) => row.data), next: last?.ref.id ?? null };
}

/** For a list by `listQuery`. */
export function ofStatus(status: string): Where[] {
  return status === "all" ? [] : [{ field: "status", op: "==", value: status }];
}
