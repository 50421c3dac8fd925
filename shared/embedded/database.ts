import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from "node:sqlite";

export type Row = Record<string, SQLOutputValue>;

/** One SQLite file, with its statements prepared once. */
export interface Database {
  one(sql: string, ...values: SQLInputValue[]): Row | undefined;
  all(sql: string, ...values: SQLInputValue[]): Row[];
  /** Answers the number of rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number;
  /** Answers the new row's number; cheaper than RETURNING. */
  insert(sql: string, ...values: SQLInputValue[]): number;
  /** All of `work` or nothing; `work` must not await, so transactions of one process never meet. */
  atomically<T>(work: () => T): T;
  close(): void;
}

/**
 * Opens or creates `file` (":memory:" for none). WAL with synchronous=NORMAL: a commit is with the
 * operating system when it returns, so `kill -9` loses nothing; a power cut may lose the last
 * commits, never the file's integrity. Throws on a file written by a newer Lockstep.
 */
export function openDatabase(file: string, schema: { readonly version: number; readonly sql: string }): Database {
  const db = new DatabaseSync(file, { timeout: 5000 });
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
  const found = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (found > schema.version) {
    db.close();
    throw new Error(`${file} was written by a newer Lockstep (schema ${found}, this one knows ${schema.version}).`);
  }
  db.exec(`BEGIN; ${schema.sql}; PRAGMA user_version = ${schema.version}; COMMIT;`);
  return wrap(db);
}

function wrap(db: DatabaseSync): Database {
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const statement = prepared.get(sql) ?? db.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  return {
    one: (sql, ...values) => prepare(sql).get(...values),
    all: (sql, ...values) => prepare(sql).all(...values),
    run: (sql, ...values) => Number(prepare(sql).run(...values).changes),
    insert: (sql, ...values) => Number(prepare(sql).run(...values).lastInsertRowid),
    atomically(work) {
      begin.run();
      try {
        const result = work();
        commit.run();
        return result;
      } catch (error) {
        if (db.isTransaction) db.exec("ROLLBACK");
        throw error;
      }
    },
    close: () => db.close(),
  };
}
