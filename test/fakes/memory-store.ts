import { LockstepError } from "../../shared/errors.ts";
import {
  ABSENT,
  type DocumentRef,
  type DocumentStore,
  type Query,
  type Stored,
  type StoreFactory,
  type Where,
  type Write,
} from "../../shared/ports/store.ts";
import {
  checkQuery,
  checkRef,
  checkRefs,
  checkWorkspace,
  checkWrites,
  encodeDocument,
  orderOf,
} from "../../shared/ports/store-checks.ts";

interface Row {
  readonly text: string;
  readonly version: string;
}

/** Collections of one workspace: name → id → document. */
type Tables = Map<string, Map<string, Row>>;

/** A store in memory for flow tests: a Map, with the contract of the real ones. */
export function memoryStores(): StoreFactory {
  const workspaces = new Map<string, Tables>();
  let writes = 0;
  return {
    workspace(workspace) {
      const tables = workspaces.get(checkWorkspace(workspace)) ?? new Map();
      workspaces.set(workspace, tables);
      return openTables(tables, () => String(++writes));
    },
    close: async () => {},
  };
}

/** One workspace of a fresh memory store. */
export function memoryStore(): DocumentStore {
  return memoryStores().workspace("test");
}

function openTables(tables: Tables, nextVersion: () => string): DocumentStore {
  const row = (ref: DocumentRef) => tables.get(ref.collection)?.get(ref.id);
  return {
    async get<T extends object>(ref: DocumentRef) {
      checkRef(ref);
      return read<T>(ref, row(ref));
    },
    async getMany(refs) {
      checkRefs(refs);
      return refs.map((ref) => read<object>(ref, row(ref)));
    },
    async commit(writes) {
      checkWrites(writes);
      for (const write of writes) {
        expectVersion(write, row(write.ref)?.version ?? ABSENT);
        if (write.kind === "put") encodeDocument(write.ref, write.data);
      }
      return writes.map((write) => apply(tables, write, nextVersion));
    },
    async query<T extends object>(query: Query) {
      return select<T>(tables, query);
    },
    async count(query) {
      return select(tables, { ...query, limit: 1000 }, Number.POSITIVE_INFINITY).length;
    },
  };
}

function read<T extends object>(ref: DocumentRef, row: Row | undefined): Stored<T> | undefined {
  // JSON.parse gives back what the caller put under this reference; its type is the caller's claim.
  return row && { ref: { ...ref }, data: JSON.parse(row.text) as T, version: row.version };
}

function expectVersion(write: Write, stands: string): void {
  if (write.ifVersion === undefined || write.ifVersion === stands) return;
  const { collection, id } = write.ref;
  throw new LockstepError("STORE_CONFLICT", { detail: `${collection}/${id} changed since it was read.` });
}

function apply(tables: Tables, write: Write, nextVersion: () => string): string {
  const { collection, id } = write.ref;
  const table = tables.get(collection) ?? new Map<string, Row>();
  tables.set(collection, table);
  if (write.kind === "delete") {
    table.delete(id);
    return ABSENT;
  }
  const text = encodeDocument(write.ref, write.data);
  const present = table.get(id);
  if (present?.text === text) return present.version;
  const version = nextVersion();
  table.set(id, { text, version });
  return version;
}

function select<T extends object>(tables: Tables, query: Query, most = query.limit ?? 1000): Stored<T>[] {
  checkQuery(query);
  const { collection, where = [], after } = query;
  const orderBy = orderOf(query);
  const found: Stored<T>[] = [];
  for (const [id, row] of tables.get(collection) ?? []) {
    const stored = read<T>({ collection, id }, row);
    if (stored && where.every((each) => holds(field(stored, each.field), each))) found.push(stored);
  }
  const rows = orderBy ? found.filter((each) => field(each, orderBy.field) !== undefined) : found;
  rows.sort((a, b) => {
    const byId = compare(a.ref.id, b.ref.id);
    const order = orderBy ? compare(field(a, orderBy.field), field(b, orderBy.field)) || byId : byId;
    return orderBy?.descending ? -order : order;
  });
  return rows.filter((each) => after === undefined || compare(each.ref.id, after) > 0).slice(0, most);
}

function field(stored: Stored<object>, name: string): unknown {
  return Object.entries(stored.data).find(([key]) => key === name)?.[1];
}

/** Values of different types never match, as in Firestore. */
function holds(value: unknown, { op, value: wanted }: Where): boolean {
  if (typeof value !== typeof wanted) return false;
  const order = compare(value, wanted);
  if (op === "==") return order === 0;
  if (op === "<") return order < 0;
  if (op === "<=") return order <= 0;
  return op === ">" ? order > 0 : order >= 0;
}

/** Text by its UTF-8 bytes, as both backings do; JavaScript's own order differs beyond the BMP. */
function compare(a: unknown, b: unknown): number {
  if (typeof a === "string" && typeof b === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return Number(a) - Number(b);
}
