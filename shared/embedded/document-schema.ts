import { extract } from "./document-query.ts";

/**
 * The queries Lockstep makes, so that each has its index. `firestore.indexes.json` serves the same
 * list in the cloud. A query that is not listed works, by reading its whole collection.
 */
const INDEXED: readonly (readonly [collection: string, ...fields: string[]])[] = [
  ["eventMaps", "eventId"],
  ["eventMaps", "calendarId"],
  ["eventMaps", "resource"],
  ["eventMaps", "status"],
  ["eventMaps", "dirty", "nextAttempt"],
];

/** One table for all workspaces and collections; `version` counts commits of the whole file. */
export const DOCUMENT_SCHEMA = {
  version: 1,
  sql: [
    `CREATE TABLE IF NOT EXISTS documents (
      workspace TEXT NOT NULL, collection TEXT NOT NULL, id TEXT NOT NULL,
      data TEXT NOT NULL, version INTEGER NOT NULL, expires_at TEXT,
      PRIMARY KEY (workspace, collection, id))`,
    "CREATE INDEX IF NOT EXISTS documents_expiry ON documents (expires_at) WHERE expires_at IS NOT NULL",
    "CREATE TABLE IF NOT EXISTS commits (one INTEGER PRIMARY KEY CHECK (one = 1), last INTEGER NOT NULL)",
    "INSERT OR IGNORE INTO commits VALUES (1, 0)",
    ...INDEXED.map(indexSql),
  ].join(";\n"),
};

function indexSql([collection, ...fields]: readonly [string, ...string[]]): string {
  const name = ["documents", collection, ...fields].join("_");
  // Named up to the id, the index also answers in order; the planner prefers the primary key otherwise.
  const columns = ["workspace", "collection", ...fields.map(extract), "id"].join(", ");
  return `CREATE INDEX IF NOT EXISTS ${name} ON documents (${columns}) WHERE collection = '${collection}'`;
}
