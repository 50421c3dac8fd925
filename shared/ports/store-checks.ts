import { LockstepError } from "../errors.ts";
import { COLLECTIONS, isIndexed } from "./indexes.ts";
import type { DocumentRef, Query, Write } from "./store.ts";

/**
 * What every backing refuses in the same words, before it touches anything: names that could leave
 * their workspace or collection, and values one backing keeps and the other does not. The limits
 * are Firestore's where it has one (API_FACTS §6). All of them throw INVALID_REQUEST.
 */
const MAX_WRITES = 500;
const MAX_REFS = 1000;
export const MAX_ROWS = 1000;
const MAX_DOCUMENT_BYTES = 1_000_000;
const MAX_DEPTH = 18;

const WORKSPACE = /^[a-z0-9-]{1,60}$/;
const COLLECTION = /^[a-z][A-Za-z0-9]{0,59}$/;
const FIELD = /^[A-Za-z][A-Za-z0-9_]{0,59}$/;
/** Firestore keeps `.`, `..` and `__x__` for itself; control characters serve nobody. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused here
const BAD_ID = /[/\u0000-\u001f\u007f]|^\.{1,2}$|^__.*__$/;
const RESERVED_KEY = /^__.*__$/;

/** The workspace's name, where it is one. */
export function checkWorkspace(workspace: string): string {
  return WORKSPACE.test(workspace) ? workspace : refuse(`workspace ${show(workspace)}`);
}

/** The reference, where its collection and id are names and nothing else. */
export function checkRef(ref: DocumentRef): DocumentRef {
  checkCollection(ref.collection);
  return isDocumentId(ref.id) ? ref : refuse(`document id ${show(ref.id)} in ${ref.collection}`);
}

/** True where every backing takes `id` for a document. */
export function isDocumentId(id: string): boolean {
  return id.length >= 1 && id.length <= 400 && id.isWellFormed() && !BAD_ID.test(id);
}

/** At most MAX_REFS references. */
export function checkRefs(refs: readonly DocumentRef[]): void {
  if (refs.length > MAX_REFS) refuse(`${refs.length} documents in one read`);
  refs.forEach(checkRef);
}

/** At most MAX_WRITES writes, none of them twice to one document, and only what can be stored. */
export function checkWrites(writes: readonly Write[]): void {
  if (writes.length > MAX_WRITES) refuse(`${writes.length} writes in one commit`);
  const seen = new Set<string>();
  for (const write of writes) {
    const { collection, id } = checkRef(write.ref);
    const path = `${collection}/${id}`;
    if (seen.has(path)) refuse(`two writes to ${path} in one commit`);
    seen.add(path);
    if (write.kind === "delete") continue;
    checkValue(write.data, path, 1);
    if (write.expiresAt !== undefined) checkExpiry(collection, write.expiresAt);
  }
}

function checkExpiry(collection: string, expiresAt: string): void {
  if (Number.isNaN(Date.parse(expiresAt))) refuse(`expiry ${show(expiresAt)}`);
  const listed = COLLECTIONS[collection];
  if (listed && !listed.expires) refuse(`an expiry in ${collection}, which shared/ports/indexes.ts does not list`);
}

/** The document as JSON text. Throws PAYLOAD_TOO_LARGE. */
export function encodeDocument({ collection, id }: DocumentRef, data: object): string {
  const text = JSON.stringify(data);
  const size = Buffer.byteLength(text);
  if (size <= MAX_DOCUMENT_BYTES) return text;
  throw new LockstepError("PAYLOAD_TOO_LARGE", {
    detail: `${collection}/${id} has ${size} bytes; a document holds ${MAX_DOCUMENT_BYTES}.`,
  });
}

/** Collection, fields, limit, and what Firestore cannot answer: two ranges, a range by another order. */
export function checkQuery(query: Query): void {
  checkCollection(query.collection);
  for (const { field, value } of query.where ?? []) {
    checkField(field);
    if (typeof value === "number" && !Number.isFinite(value)) refuse(`value of ${field}`);
  }
  const ranges = new Set((query.where ?? []).filter(({ op }) => op !== "==").map(({ field }) => field));
  if (ranges.size > 1) refuse("ranges on two fields");
  const order = orderOf(query);
  if (order !== undefined) checkField(order.field);
  if (order !== undefined && ranges.size === 1 && !ranges.has(order.field)) refuse("a range and another order");
  if (!isIndexed(query, order)) refuse(`a query of ${query.collection} that shared/ports/indexes.ts does not list`);
  if (order !== undefined && query.after !== undefined) refuse("a query with both an order and after");
  const limit = query.limit ?? MAX_ROWS;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_ROWS) refuse(`limit ${limit}`);
  if (query.after !== undefined) checkRef({ collection: query.collection, id: query.after });
}

/** The field a query is answered by: the one asked for, else that of a range; undefined: by document id. */
export function orderOf({ where = [], orderBy }: Query): Query["orderBy"] {
  const range = where.find(({ op }) => op !== "==");
  return orderBy ?? (range && { field: range.field });
}

function checkCollection(collection: string): void {
  if (!COLLECTION.test(collection)) refuse(`collection ${show(collection)}`);
}

function checkField(field: string): void {
  if (!FIELD.test(field)) refuse(`field ${show(field)}`);
}

/** `undefined` properties are left out by every backing; everything else must be JSON. */
function checkValue(value: unknown, path: string, depth: number): void {
  if (depth > MAX_DEPTH) refuse(`more than ${MAX_DEPTH} levels in ${path}`);
  if (Array.isArray(value)) {
    for (const item of value) {
      if (Array.isArray(item) || item === undefined) refuse(`array of arrays or of undefined in ${path}`);
      checkValue(item, path, depth + 1);
    }
    return;
  }
  if (typeof value === "object" && value !== null) {
    checkObject(value, path, depth);
    return;
  }
  const plain = value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
  if (!plain) refuse(`a ${typeof value} that is no JSON in ${path}`);
}

function checkObject(value: object, path: string, depth: number): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) refuse(`an object with a class in ${path}`);
  for (const [key, inner] of Object.entries(value)) {
    if (key === "" || RESERVED_KEY.test(key)) refuse(`field name ${show(key)} in ${path}`);
    if (inner !== undefined) checkValue(inner, path, depth + 1);
  }
}

function show(name: string): string {
  return JSON.stringify(name.slice(0, 80));
}

function refuse(what: string): never {
  throw new LockstepError("INVALID_REQUEST", { detail: `The document store does not take ${what}.` });
}
