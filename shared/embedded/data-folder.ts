import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { LockstepError } from "../errors.ts";

/** The folder of one local installation, held by this process until released. */
export interface DataFolder {
  readonly path: string;
  file(name: string): string;
  release(): void;
}

/**
 * Creates the folder where needed and takes it for this process alone (DESIGN R9). The lock is an
 * open write transaction on `lock.sqlite`: the operating system drops it when its holder dies,
 * however it dies, and whoever comes second can still read who holds it. Throws INVALID_STATE with
 * the folder and the holder's process id.
 */
export function openDataFolder(folder: string): DataFolder {
  const path = resolve(folder);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(join(path, "lock.sqlite"), { timeout: 250 });
  try {
    db.exec("CREATE TABLE IF NOT EXISTS holder (one INTEGER PRIMARY KEY CHECK (one = 1), pid INTEGER NOT NULL)");
    db.exec("BEGIN IMMEDIATE");
    db.prepare("INSERT OR REPLACE INTO holder VALUES (1, ?)").run(process.pid);
    db.exec("COMMIT; BEGIN IMMEDIATE");
  } catch (cause) {
    const error = refusal(path, db, cause);
    db.close();
    throw error;
  }
  return { path, file: (name) => join(path, name), release: () => db.close() };
}

function refusal(path: string, db: DatabaseSync, cause: unknown): unknown {
  if (!isBusy(cause)) return cause;
  const pid = db.prepare("SELECT pid FROM holder").get()?.["pid"] ?? "unknown";
  const who = pid === process.pid ? `this process (${pid})` : `process ${pid}`;
  return new LockstepError("INVALID_STATE", {
    detail: `The data folder ${path} is in use by ${who}. Stop it first, or start with another folder (--data DIR).`,
  });
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && /locked|busy/i.test(error.message);
}
