import { z } from "zod";
import type { DocumentStore, Stored, Where } from "../../shared/ports/store.ts";
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

/** So many documents of a list share a millisecond at most: each is a request or a commit of its own. */
const TIES = 100;

/** The same, the newest first by the instant in `field`; the index table must serve that order. */
export async function newestOf<Item extends object>(
  store: DocumentStore,
  collection: string,
  field: keyof Item & string,
  where: readonly Where[],
  { limit, after = "" }: Paging,
): Promise<Page<Item>> {
  const [instant = "", ...id] = after.split("~");
  const from: Where[] = after === "" ? [] : [{ field, op: "<=", value: instant }];
  const rows = await store.query<Item>({
    ...{ collection, where: [...where, ...from], orderBy: { field, descending: true } },
    limit: after === "" ? limit : limit + TIES,
  });
  const place = (row: Stored<Item>) => `${String(row.data[field])}~${row.ref.id}`;
  const fresh = rows.filter((row) => after === "" || String(row.data[field]) < instant || row.ref.id < id.join("~"));
  const page = fresh.slice(0, limit);
  const last = page.length === limit ? page.at(-1) : undefined;
  return { items: page.map(({ data }) => data), next: last === undefined ? null : place(last) };
}

/** For a list by `listQuery`. */
export function ofStatus(status: string): Where[] {
  return status === "all" ? [] : [{ field: "status", op: "==", value: status }];
}
