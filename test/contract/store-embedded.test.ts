import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { firestoreIndexes } from "../../scripts/firestore-indexes.ts";
import { openDataFolder } from "../../shared/embedded/data-folder.ts";
import { openDatabase } from "../../shared/embedded/database.ts";
import { selectSql } from "../../shared/embedded/document-query.ts";
import { DOCUMENT_SCHEMA } from "../../shared/embedded/document-schema.ts";
import { openSqliteStores } from "../../shared/embedded/sqlite-store.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { COLLECTIONS } from "../../shared/ports/indexes.ts";
import type { Query } from "../../shared/ports/store.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-embedded-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("every commit that was answered is there after kill -9", async () => {
  const file = join(folder, "store.sqlite");
  const writer = `
    const { openSqliteStores } = await import("./shared/embedded/sqlite-store.ts");
    const { systemClock } = await import("./shared/ports/clock.ts");
    const store = openSqliteStores(${JSON.stringify(file)}, systemClock).workspace("w");
    for (let n = 0; ; n++) {
      await store.commit([
        { kind: "put", ref: { collection: "a", id: "one" }, data: { n } },
        { kind: "put", ref: { collection: "a", id: "two" }, data: { n } },
      ]);
      process.stdout.write(n + "\\n");
      await new Promise((resolve) => setImmediate(resolve));
    }`;

  for (let round = 0; round < 3; round++) {
    const answered = await killAfterLines(writer, 30 + round * 17);

    const stores = openSqliteStores(file, systemClock);
    const [one, two] = await stores.workspace("w").getMany([
      { collection: "a", id: "one" },
      { collection: "a", id: "two" },
    ]);
    await stores.close();
    expect(one?.data).toEqual(two?.data);
    expect(one?.data).toHaveProperty("n", expect.any(Number));
    expect(Number(Object.values(one?.data ?? {})[0])).toBeGreaterThanOrEqual(answered);
  }
});

test("a second process on the same data folder is refused with the folder and the holder's pid", async () => {
  const held = openDataFolder(folder);
  const second = `
    const { openDataFolder } = await import("./shared/embedded/data-folder.ts");
    try { openDataFolder(${JSON.stringify(folder)}); process.stdout.write("taken\\n"); }
    catch (error) { process.stdout.write(error.code + " " + error.message + "\\n"); }`;

  const refused = await firstLine(second);
  held.release();
  const taken = await firstLine(second);

  expect(refused).toContain("INVALID_STATE");
  expect(refused).toContain(folder);
  expect(refused).toContain(`process ${process.pid}`);
  expect(taken).toBe("taken");
});

test("the data folder is free again the moment its holder is killed", async () => {
  const holder = spawnNode(`
    const { openDataFolder } = await import("./shared/embedded/data-folder.ts");
    openDataFolder(${JSON.stringify(folder)});
    process.stdout.write("held\\n");
    setInterval(() => {}, 1000);`);
  await lineOf(holder, 1);
  expect(() => openDataFolder(folder)).toThrow(`process ${holder.pid}`);

  const gone = new Promise((resolve) => holder.on("exit", resolve));
  holder.kill("SIGKILL");
  await gone;

  openDataFolder(folder).release();
});

test("opening a folder twice in one process is refused too", () => {
  const held = openDataFolder(folder);

  expect(() => openDataFolder(folder)).toThrow("this process");

  held.release();
});

test("drops what has expired, on opening and with later commits, and nothing else", async () => {
  let now = "2027-01-10T09:00:00.000Z";
  const clock = { now: () => now, sleep: async () => {} };
  const file = join(folder, "store.sqlite");
  const stores = openSqliteStores(file, clock);
  const store = stores.workspace("w");
  const put = (id: string, expiresAt?: string) =>
    store.commit([{ kind: "put", ref: { collection: "journal", id }, data: {}, ...(expiresAt ? { expiresAt } : {}) }]);
  await put("soon", "2027-01-10T10:00:00Z");
  await put("later", "2027-01-12T10:00:00.000Z");
  await put("kept");

  now = "2027-01-10T11:00:00.000Z";
  await put("other");
  expect(await store.count({ collection: "journal" })).toBe(3);
  await stores.close();

  now = "2027-01-13T00:00:00.000Z";
  const reopened = openSqliteStores(file, clock);
  const left = await reopened.workspace("w").query({ collection: "journal" });
  expect(left.map((each) => each.ref.id)).toEqual(["kept", "other"]);
  expect(reopened.purge()).toBe(0);
  await reopened.close();
});

test("every query that is listed uses its index", () => {
  const db = openDatabase(":memory:", DOCUMENT_SCHEMA);
  const plan = (query: Query) => {
    const { text, values } = selectSql("w", query);
    return db
      .all(`EXPLAIN QUERY PLAN ${text}`, ...values)
      .map((row) => String(row["detail"]))
      .join("; ");
  };
  const equals = (field: string) => ({ field, op: "==", value: "x" }) as const;

  for (const [collection, { filters = [], ordered = [] }] of Object.entries(COLLECTIONS)) {
    for (const field of filters) {
      expect(plan({ collection, where: [equals(field)] })).toContain(`USING INDEX documents_${collection}_${field} `);
    }
    for (const { equal, by, descending = false } of ordered) {
      const query = { collection, where: equal.map(equals), orderBy: { field: by, descending } };
      expect(plan(query)).toContain(`USING INDEX documents_${[collection, ...equal, by].join("_")} `);
      expect(plan(query)).not.toContain("TEMP B-TREE");
    }
  }
  db.close();
});

test("firestore.indexes.json is what the table of queries asks for", () => {
  expect(readFileSync("firestore.indexes.json", "utf8")).toBe(firestoreIndexes());
});

test("a failing database is STORE_UNAVAILABLE", async () => {
  const stores = openSqliteStores(join(folder, "store.sqlite"), systemClock);
  const store = stores.workspace("w");
  await stores.close();

  await expect(store.get({ collection: "a", id: "1" })).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  await expect(store.commit([{ kind: "put", ref: { collection: "a", id: "1" }, data: {} }])).rejects.toMatchObject({
    code: "STORE_UNAVAILABLE",
  });
});

test("refuses a file of a newer version instead of misreading it", () => {
  const file = join(folder, "store.sqlite");
  const db = new DatabaseSync(file);
  db.exec("PRAGMA user_version = 99");
  db.close();

  expect(() => openSqliteStores(file, systemClock)).toThrow("newer Lockstep");
});

function spawnNode(program: string) {
  return spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
}

function lineOf(child: ReturnType<typeof spawnNode>, count: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const lines = text.split("\n");
      if (lines.length > count) resolve(lines[count - 1] ?? "");
    });
    child.on("exit", () => reject(new Error(`the child ended after: ${text}`)));
  });
}

async function firstLine(program: string): Promise<string> {
  return lineOf(spawnNode(program), 1);
}

/** Runs the program, kills it after so many lines and answers the number on that line. */
async function killAfterLines(program: string, lines: number): Promise<number> {
  const child = spawnNode(program);
  const gone = new Promise((resolve) => child.on("exit", resolve));
  const answered = Number(await lineOf(child, lines));
  child.kill("SIGKILL");
  await gone;
  return answered;
}
