import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { LockstepError } from "../../shared/errors.ts";

const LOCK_WAIT_MS = 250;

/** Rows by group and id, in the order in which they were first put. Rows are never changed in place. */
export interface Shelf<Row> {
  get(group: string, id: string): Row | undefined;
  put(group: string, id: string, row: Row): void;
  remove(group: string, id: string): void;
  all(group: string): Row[];
  ids(group: string): string[];
  groups(): string[];
}

/**
 * All state of the sandbox: kept in memory, and written to one SQLite file before an answer leaves,
 * so that killing the process loses nothing that anybody was told.
 */
export interface Cabinet {
  shelf<Row>(name: string): Shelf<Row>;
  /** Makes what changed since the last call durable. */
  commit(): void;
  /** Undoes what changed since the last commit. */
  rollback(): void;
  /** Removes every row of every shelf; durable at once. */
  clear(): void;
  close(): void;
}

interface Change {
  readonly name: string;
  readonly group: string;
  readonly id: string;
  readonly before: unknown;
}

type Rows = Map<string, Map<string, unknown>>;

/** Opens the state under `dataDir`; without one it lives in memory alone. */
export function openCabinet(dataDir?: string): Cabinet {
  const file = dataDir === undefined ? undefined : openFile(dataDir);
  const shelves = file === undefined ? new Map<string, Rows>() : load(file);
  let changes = new Map<string, Change>();

  function rowsOf(name: string): Rows {
    const rows = shelves.get(name) ?? new Map<string, Map<string, unknown>>();
    shelves.set(name, rows);
    return rows;
  }

  function write(name: string, group: string, id: string, row: unknown): void {
    const rows = rowsOf(name);
    const members = rows.get(group) ?? new Map<string, unknown>();
    const key = JSON.stringify([name, group, id]);
    if (!changes.has(key)) changes.set(key, { name, group, id, before: members.get(id) });
    place(rows, group, id, row);
  }

  function shelf<Row>(name: string): Shelf<Row> {
    // Rows of one shelf are put by its own type only; the file is written by nobody else.
    const members = (group: string) => rowsOf(name).get(group) as Map<string, Row> | undefined;
    return {
      get: (group, id) => members(group)?.get(id),
      put: (group, id, row) => write(name, group, id, row),
      remove: (group, id) => write(name, group, id, undefined),
      all: (group) => [...(members(group)?.values() ?? [])],
      ids: (group) => [...(members(group)?.keys() ?? [])],
      groups: () => [...rowsOf(name).keys()],
    };
  }

  return {
    shelf,
    commit() {
      if (changes.size === 0) return;
      if (file !== undefined) save(file, shelves, changes.values());
      changes = new Map();
    },
    rollback() {
      for (const change of changes.values()) place(rowsOf(change.name), change.group, change.id, change.before);
      changes = new Map();
    },
    clear() {
      shelves.clear();
      changes = new Map();
      file?.exec("DELETE FROM shelf");
    },
    close: () => file?.close(),
  };
}

function place(rows: Rows, group: string, id: string, row: unknown): void {
  const members = rows.get(group) ?? new Map<string, unknown>();
  if (row === undefined) members.delete(id);
  else members.set(id, row);
  if (members.size === 0) rows.delete(group);
  else rows.set(group, members);
}

/** Taken for this process alone: two copies in memory would not know of each other. Death lets go of it. */
function openFile(dataDir: string): DatabaseSync {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, "sandbox.sqlite");
  const file = new DatabaseSync(path, { timeout: LOCK_WAIT_MS });
  try {
    file.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    file.exec(`CREATE TABLE IF NOT EXISTS shelf (
      place INTEGER PRIMARY KEY, name TEXT NOT NULL, member_of TEXT NOT NULL, id TEXT NOT NULL, row TEXT NOT NULL,
      UNIQUE (name, member_of, id))`);
    file.exec("BEGIN EXCLUSIVE; COMMIT");
  } catch (cause) {
    file.close();
    const detail = `${path} cannot be opened. Stop the other sandbox, or start with another folder (--data DIR).`;
    throw new LockstepError("INVALID_STATE", { detail, cause });
  }
  return file;
}

function load(file: DatabaseSync): Map<string, Rows> {
  const shelves = new Map<string, Rows>();
  for (const line of file.prepare("SELECT name, member_of, id, row FROM shelf ORDER BY place").iterate()) {
    const rows = shelves.get(String(line.name)) ?? new Map<string, Map<string, unknown>>();
    shelves.set(String(line.name), rows);
    place(rows, String(line.member_of), String(line.id), JSON.parse(String(line.row)));
  }
  return shelves;
}

function save(file: DatabaseSync, shelves: Map<string, Rows>, changes: Iterable<Change>): void {
  const put = file.prepare(`INSERT INTO shelf (name, member_of, id, row) VALUES (?, ?, ?, ?)
    ON CONFLICT (name, member_of, id) DO UPDATE SET row = excluded.row`);
  const remove = file.prepare("DELETE FROM shelf WHERE name = ? AND member_of = ? AND id = ?");
  file.exec("BEGIN IMMEDIATE");
  for (const { name, group, id } of changes) {
    const row = shelves.get(name)?.get(group)?.get(id);
    if (row === undefined) remove.run(name, group, id);
    else put.run(name, group, id, JSON.stringify(row));
  }
  file.exec("COMMIT");
}
