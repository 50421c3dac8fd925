import { LockstepError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import {
  ABSENT,
  type DocumentRef,
  type DocumentStore,
  type Query,
  type Stored,
  type StoreFactory,
  type Write,
} from "../ports/store.ts";
import { checkQuery, checkRef, checkRefs, checkWorkspace, checkWrites, encodeDocument } from "../ports/store-checks.ts";
import { type Instant, later } from "../sync/time.ts";
import { type Database, openDatabase, type Row } from "./database.ts";
import { countSql, selectSql } from "./document-query.ts";
import { DOCUMENT_SCHEMA } from "./document-schema.ts";

export interface SqliteStores extends StoreFactory {
  /** Drops what has expired; also done on opening and with commits, at most once an hour. Answers how many. */
  purge(): number;
}

const PURGE_EVERY_MS = 3_600_000;

const GET = "SELECT id, data, version FROM documents WHERE workspace = ? AND collection = ? AND id = ?";
const PRESENT = "SELECT version, data, expires_at FROM documents WHERE workspace = ? AND collection = ? AND id = ?";
const PUT = "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?)";
const DELETE = "DELETE FROM documents WHERE workspace = ? AND collection = ? AND id = ?";
const NEXT = "UPDATE commits SET last = last + 1";
const LAST = "SELECT last FROM commits";
const PURGE = "DELETE FROM documents WHERE expires_at <= ?";

/** The document store in one SQLite file (":memory:" for none): one machine, one process. */
export function openSqliteStores(file: string, clock: Clock): SqliteStores {
  const db = openDatabase(file, DOCUMENT_SCHEMA);
  let nextPurge: Instant = "";
  const purge = (): number => {
    nextPurge = later(clock.now(), PURGE_EVERY_MS);
    return db.run(PURGE, clock.now());
  };
  const purgeWhenDue = () => clock.now() >= nextPurge && purge();
  purge();
  return {
    workspace: (workspace) => openWorkspace(db, checkWorkspace(workspace), purgeWhenDue),
    purge,
    close: async () => db.close(),
  };
}

function openWorkspace(db: Database, workspace: string, beforeCommit: () => void): DocumentStore {
  const load = <T extends object>(ref: DocumentRef) => {
    const row = db.one(GET, workspace, ref.collection, ref.id);
    return row && stored<T>(ref.collection, row);
  };
  return {
    async get<T extends object>(ref: DocumentRef) {
      checkRef(ref);
      return guarded(() => load<T>(ref));
    },
    async getMany(refs) {
      checkRefs(refs);
      return guarded(() => refs.map((ref) => load<object>(ref)));
    },
    async commit(writes) {
      checkWrites(writes);
      if (writes.length === 0) return [];
      return guarded(() => {
        beforeCommit();
        return db.atomically(() => commit(db, workspace, writes));
      });
    },
    async query<T extends object>(query: Query) {
      checkQuery(query);
      const { text, values } = selectSql(workspace, query);
      return guarded(() => db.all(text, ...values).map((row) => stored<T>(query.collection, row)));
    },
    async count(query) {
      checkQuery(query);
      const { text, values } = countSql(workspace, query);
      return guarded(() => Number(db.one(text, ...values)?.["n"]));
    },
  };
}

/** Within one transaction; a conflict thrown from here rolls all of it back. */
function commit(db: Database, workspace: string, writes: readonly Write[]): string[] {
  db.run(NEXT);
  const version = String(db.one(LAST)?.["last"]);
  return writes.map((write) => {
    const { collection, id } = write.ref;
    const present = db.one(PRESENT, workspace, collection, id);
    const stands = present === undefined ? ABSENT : String(present["version"]);
    if (write.ifVersion !== undefined && write.ifVersion !== stands) throw conflict(write.ref);
    if (write.kind === "delete") {
      db.run(DELETE, workspace, collection, id);
      return ABSENT;
    }
    const text = encodeDocument(write.ref, write.data);
    const expiresAt = write.expiresAt === undefined ? null : new Date(write.expiresAt).toISOString();
    // As in Firestore, a write that changes nothing leaves the version as it is.
    if (present?.["data"] === text && present["expires_at"] === expiresAt) return stands;
    db.run(PUT, workspace, collection, id, text, version, expiresAt);
    return version;
  });
}

function stored<T extends object>(collection: string, row: Row): Stored<T> {
  // What was put under this reference comes back; its type is the caller's claim, as the port says.
  const data = JSON.parse(String(row["data"])) as T;
  return { ref: { collection, id: String(row["id"]) }, data, version: String(row["version"]) };
}

function conflict({ collection, id }: DocumentRef): LockstepError {
  return new LockstepError("STORE_CONFLICT", { detail: `${collection}/${id} changed since it was read.` });
}

/** SQLite's own failures (disk full, file gone, closed) as the port names them. */
function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof LockstepError) throw cause;
    throw new LockstepError("STORE_UNAVAILABLE", { detail: "The local database failed.", cause });
  }
}
