import { COLLECTIONS } from "../ports/indexes.ts";
import { extract } from "./document-query.ts";

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
    ...Object.keys(COLLECTIONS).flatMap(indexesSql),
  ].join(";\n"),
};

function indexesSql(collection: string): string[] {
  const { filters = [], ordered = [] } = COLLECTIONS[collection] ?? {};
  const columns = [...filters.map((field) => [field]), ...ordered.map(({ equal, by }) => [...equal, by])];
  return columns.map((fields) => indexSql(collection, fields));
}

/** Named up to the id, an index also answers in order; the planner prefers the primary key otherwise. */
function indexSql(collection: string, fields: readonly string[]): string {
  const name = ["documents", collection, ...fields].join("_");
  const columns = ["workspace", "collection", ...fields.map(extract), "id"].join(", ");
  return `CREATE INDEX IF NOT EXISTS ${name} ON documents (${columns}) WHERE collection = '${collection}'`;
}
