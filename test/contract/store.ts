import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isError } from "../../shared/errors.ts";
import { ABSENT, type DocumentStore, type Query, type StoreFactory, type Write } from "../../shared/ports/store.ts";

/** What one backing brings to the suite. */
export interface StoreBacking {
  readonly name: string;
  open(): Promise<StoreFactory>;
  /** Closes and opens the same data again; left out where the data does not outlive its factory. */
  reopen?(factory: StoreFactory): Promise<StoreFactory>;
}

let workspaces = 0;

/** The contract of `shared/ports/store.ts`; every backing passes all of it. */
export function testStoreContract(backing: StoreBacking): void {
  describe(`document store on ${backing.name}`, () => {
    let factory: StoreFactory;
    beforeAll(async () => {
      factory = await backing.open();
    });
    afterAll(() => factory.close());
    const fresh = () => factory.workspace(`t-${process.pid}-${Date.now()}-${++workspaces}`);

    testReading(fresh);
    testCommitting(fresh);
    testQuerying(fresh);
    testCounting(fresh);
    testIsolation(() => factory);
    const { reopen } = backing;
    if (reopen === undefined) return;
    test("survives being closed and opened again", async () => {
      const name = `kept-${process.pid}-${Date.now()}`;
      const [version] = await factory.workspace(name).commit([put("notes", "a", { text: "stays" })]);

      factory = await reopen(factory);

      const kept = await factory.workspace(name).get({ collection: "notes", id: "a" });
      expect(kept).toEqual({ ref: { collection: "notes", id: "a" }, data: { text: "stays" }, version });
      const [next] = await factory.workspace(name).commit([put("notes", "a", { text: "new" }, version)]);
      expect(next).not.toBe(version);
    });
  });
}

function testReading(fresh: () => DocumentStore): void {
  test("gives back exactly what was put, without its undefined properties", async () => {
    const store = fresh();
    const data = {
      text: "Zoë 🏌️ \u0000 'quoted'",
      number: 1.5,
      big: 2 ** 53,
      yes: true,
      no: null,
      list: [1, "a", { x: [2] }],
      empty: {},
      "dotted.name": { "with space": [] },
      gone: undefined,
    };

    await store.commit([put("bookings", "b-1", data)]);

    const { gone: _, ...expected } = data;
    const stored = await store.get({ collection: "bookings", id: "b-1" });
    expect(stored?.data).toEqual(expected);
    expect(Object.keys(stored?.data ?? {})).not.toContain("gone");
  });

  test("a missing document is undefined, in a known and in an unknown collection", async () => {
    const store = fresh();
    await store.commit([put("bookings", "b-1", {})]);

    expect(await store.get({ collection: "bookings", id: "b-2" })).toBeUndefined();
    expect(await store.get({ collection: "unheardOf", id: "b-1" })).toBeUndefined();
  });

  test("getMany answers in the order asked for, holes and repetitions included", async () => {
    const store = fresh();
    await store.commit([put("a", "1", { n: 1 }), put("a", "2", { n: 2 }), put("b", "1", { n: 3 })]);

    const found = await store.getMany([ref("b", "1"), ref("a", "nope"), ref("a", "2"), ref("a", "1"), ref("b", "1")]);

    expect(found.map((each) => each?.data)).toEqual([{ n: 3 }, undefined, { n: 2 }, { n: 1 }, { n: 3 }]);
    expect(await store.getMany([])).toEqual([]);
  });
}

function testCommitting(fresh: () => DocumentStore): void {
  test("a put replaces the whole document and answers its new version", async () => {
    const store = fresh();
    const [first] = await store.commit([put("a", "1", { old: 1, both: 1 })]);

    const [second] = await store.commit([put("a", "1", { both: 2 }, first)]);

    const stored = await store.get(ref("a", "1"));
    expect(stored).toEqual({ ref: ref("a", "1"), data: { both: 2 }, version: second });
    expect(second).not.toBe(first);
  });

  test("answers versions in the order of the writes, 'absent' for a deleted document", async () => {
    const store = fresh();
    await store.commit([put("a", "old", {})]);

    const versions = await store.commit([
      put("a", "1", {}),
      { kind: "delete", ref: ref("a", "old") },
      put("b", "1", {}),
    ]);

    const [one, two] = await store.getMany([ref("a", "1"), ref("b", "1")]);
    expect(versions).toEqual([one?.version, ABSENT, two?.version]);
    expect(await store.commit([])).toEqual([]);
  });

  test("an answered version serves as the next precondition without a read between", async () => {
    const store = fresh();
    let [version] = await store.commit([put("a", "1", { n: 0 }, ABSENT)]);
    for (let n = 1; n <= 3; n++) [version] = await store.commit([put("a", "1", { n }, version)]);

    expect((await store.get(ref("a", "1")))?.data).toEqual({ n: 3 });
  });

  test("STORE_CONFLICT when the version is old, the document absent, or there although it must not be", async () => {
    const store = fresh();
    const [old] = await store.commit([put("a", "1", { n: 1 })]);
    await store.commit([put("a", "1", { n: 2 })]);

    await expectConflict(store.commit([put("a", "1", { n: 3 }, old)]));
    await expectConflict(store.commit([{ kind: "delete", ref: ref("a", "1"), ifVersion: old ?? "" }]));
    await expectConflict(store.commit([put("a", "gone", { n: 3 }, old)]));
    await expectConflict(store.commit([{ kind: "delete", ref: ref("a", "gone"), ifVersion: old ?? "" }]));
    await expectConflict(store.commit([put("a", "1", { n: 3 }, ABSENT)]));
    expect((await store.get(ref("a", "1")))?.data).toEqual({ n: 2 });
    expect(await store.get(ref("a", "gone"))).toBeUndefined();
  });

  test("a document deleted and created anew does not have its former version", async () => {
    const store = fresh();
    const [former] = await store.commit([put("a", "1", { n: 1 })]);
    await store.commit([{ kind: "delete", ref: ref("a", "1"), ifVersion: former ?? "" }]);
    await store.commit([put("a", "1", { n: 1 }, ABSENT)]);

    await expectConflict(store.commit([put("a", "1", { n: 2 }, former)]));
  });

  test("deleting what is not there is fine without a precondition", async () => {
    expect(await fresh().commit([{ kind: "delete", ref: ref("a", "1") }])).toEqual([ABSENT]);
  });

  test("one failing precondition undoes all writes of the commit, wherever it stands", async () => {
    const store = fresh();
    await store.commit([put("a", "taken", { n: 0 }), put("a", "victim", { n: 0 })]);
    const writes: Write[] = [
      put("a", "new", { n: 1 }),
      put("a", "taken", { n: 1 }, ABSENT),
      { kind: "delete", ref: ref("a", "victim") },
    ];

    await expectConflict(store.commit(writes));
    await expectConflict(store.commit(writes.toReversed()));

    const found = await store.query({ collection: "a" });
    expect(found.map((each) => [each.ref.id, each.data])).toEqual([
      ["taken", { n: 0 }],
      ["victim", { n: 0 }],
    ]);
  });

  test("takes 500 writes in one commit and refuses 501", async () => {
    const store = fresh();
    const writes = Array.from({ length: 501 }, (_, n) => put("many", `d-${n}`, { n }));

    await store.commit(writes.slice(0, 500));

    expect(await store.count({ collection: "many" })).toBe(500);
    await expectInvalid(store.commit(writes));
  });

  test("of 50 concurrent conditional increments none is lost", { timeout: 30_000 }, async () => {
    const store = fresh();
    await store.commit([put("counters", "c", { n: 0 })]);

    await Promise.all(Array.from({ length: 50 }, () => increment(store)));

    expect((await store.get(ref("counters", "c")))?.data).toEqual({ n: 50 });
  });

  test("of 20 concurrent creations exactly one succeeds", async () => {
    const store = fresh();

    const tries = Array.from({ length: 20 }, (_, n) => store.commit([put("a", "1", { n }, ABSENT)]));
    const results = await Promise.allSettled(tries);

    expect(results.filter((each) => each.status === "fulfilled")).toHaveLength(1);
    expect(results.every((each) => each.status === "fulfilled" || isError(each.reason, "STORE_CONFLICT"))).toBe(true);
  });

  test("refuses what one backing would keep and another not", async () => {
    const store = fresh();
    const put1 = (data: object) => store.commit([put("a", "1", data)]);

    await expectInvalid(put1({ matrix: [[1]] }));
    await expectInvalid(put1({ at: new Date() }));
    await expectInvalid(put1({ n: Number.NaN }));
    await expectInvalid(put1({ inner: { __secret__: 1 } }));
    await expectInvalid(store.commit([put("a", "1", {}), put("a", "1", {})]));
  });

  test("a document over 1 MB is PAYLOAD_TOO_LARGE and undoes its commit", async () => {
    const store = fresh();
    const large = store.commit([put("a", "1", {}), put("a", "2", { text: "x".repeat(1_000_001) })]);

    await expect(large).rejects.toMatchObject({ code: "PAYLOAD_TOO_LARGE" });
    expect(await store.count({ collection: "a" })).toBe(0);
  });

  test("a document may carry an expiry and lose it again", async () => {
    const store = fresh();
    const expiresAt = "2999-01-10T09:00:00.000Z";
    const [version] = await store.commit([{ ...put("journal", "j", { n: 1 }), expiresAt }]);

    await store.commit([put("journal", "j", { n: 2 }, version)]);

    expect((await store.get(ref("journal", "j")))?.data).toEqual({ n: 2 });
  });
}

function testQuerying(fresh: () => DocumentStore): void {
  const seed = async () => {
    const store = fresh();
    await store.commit([
      put("maps", "m-3", { eventId: "e1", status: "active", tries: 2, dirty: true, at: "2027-01-10T09:00:00.000Z" }),
      put("maps", "m-1", { eventId: "e2", status: "active", tries: 10, dirty: false, at: "2027-01-10T08:00:00.000Z" }),
      put("maps", "m-2", { eventId: "e1", status: "held", tries: "2", dirty: true, at: "2027-01-10T10:00:00.000Z" }),
      put("maps", "m-4", { eventId: "e4", dirty: 1 }),
      put("other", "m-5", { eventId: "e1" }),
    ]);
    return store;
  };
  const ids = (found: readonly { ref: { id: string } }[]) => found.map((each) => each.ref.id);

  test("lists a collection by document id, and only that collection", async () => {
    const store = await seed();

    expect(ids(await store.query({ collection: "maps" }))).toEqual(["m-1", "m-2", "m-3", "m-4"]);
    expect(await store.query({ collection: "none" })).toEqual([]);
  });

  test("equality on one field and on several at once", async () => {
    const store = await seed();
    const where = (...pairs: [string, string | number | boolean][]) =>
      store.query({ collection: "maps", where: pairs.map(([field, value]) => ({ field, op: "==", value })) });

    expect(ids(await where(["eventId", "e1"]))).toEqual(["m-2", "m-3"]);
    expect(ids(await where(["eventId", "e1"], ["status", "held"]))).toEqual(["m-2"]);
    expect(ids(await where(["eventId", "nobody"]))).toEqual([]);
  });

  test("values of another type never match: 2 is not '2', true is not 1", async () => {
    const store = await seed();
    const find = (field: string, op: "==" | "<" | ">=", value: string | number | boolean) =>
      store.query({ collection: "maps", where: [{ field, op, value }] });

    expect(ids(await find("tries", "==", 2))).toEqual(["m-3"]);
    expect(ids(await find("tries", "==", "2"))).toEqual(["m-2"]);
    expect(ids(await find("dirty", "==", true))).toEqual(["m-2", "m-3"]);
    expect(ids(await find("dirty", "==", 1))).toEqual(["m-4"]);
    expect(ids(await find("tries", "<", 100))).toEqual(["m-3", "m-1"]);
    expect(ids(await find("tries", ">=", "0"))).toEqual(["m-2"]);
  });

  test("ranges beside equality, as the sweep asks for parked items that are due", async () => {
    const store = await seed();
    const due = (op: "<" | "<=" | ">" | ">=") =>
      store.query({
        collection: "maps",
        where: [
          { field: "dirty", op: "==", value: true },
          { field: "at", op, value: "2027-01-10T09:00:00.000Z" },
        ],
        orderBy: { field: "at" },
      });

    expect(ids(await due("<"))).toEqual([]);
    expect(ids(await due("<="))).toEqual(["m-3"]);
    expect(ids(await due(">"))).toEqual(["m-2"]);
    expect(ids(await due(">="))).toEqual(["m-3", "m-2"]);
  });

  test("a range without an order is answered by the range's field", async () => {
    const store = await seed();
    const where = [{ field: "at", op: ">=", value: "2027-01-10T09:00:00.000Z" } as const];

    expect(ids(await store.query({ collection: "maps", where }))).toEqual(["m-3", "m-2"]);
    expect(ids(await store.query({ collection: "maps", where, limit: 1 }))).toEqual(["m-3"]);
    await expectInvalid(store.query({ collection: "maps", where, after: "m-1" }));
    await expectInvalid(store.query({ collection: "maps", where, orderBy: { field: "eventId" } }));
    const two = [...where, { field: "tries", op: ">", value: 1 } as const];
    await expectInvalid(store.query({ collection: "maps", where: two }));
  });

  test("orders by a field both ways, leaves out documents without it, breaks ties by id", async () => {
    const store = await seed();
    const by = (field: string, descending: boolean) =>
      store.query({ collection: "maps", orderBy: { field, descending } });

    expect(ids(await by("at", false))).toEqual(["m-1", "m-3", "m-2"]);
    expect(ids(await by("at", true))).toEqual(["m-2", "m-3", "m-1"]);
    expect(ids(await by("eventId", false))).toEqual(["m-2", "m-3", "m-1", "m-4"]);
    expect(ids(await by("eventId", true))).toEqual(["m-4", "m-1", "m-3", "m-2"]);
  });

  test("pages through a collection by limit and the last id, each document once", async () => {
    const store = fresh();
    const all = Array.from({ length: 25 }, (_, n) => `d-${String(n).padStart(2, "0")}`);
    await store.commit(all.map((id) => put("pages", id, { odd: Number(id.slice(2)) % 2 })));

    const walked: string[] = [];
    for (let page = ids(await store.query({ collection: "pages", limit: 10 })); page.length > 0; ) {
      walked.push(...page);
      page = ids(await store.query({ collection: "pages", limit: 10, after: page.at(-1) ?? "" }));
    }

    expect(walked).toEqual(all);
    const where = [{ field: "odd", op: "==", value: 1 } as const];
    expect(ids(await store.query({ collection: "pages", where, limit: 2, after: "d-03" }))).toEqual(["d-05", "d-07"]);
  });

  test("orders ids and text by code point, also beyond the basic plane", async () => {
    const store = fresh();
    const names = ["Z", "a", "ß", "\uff5e", "🏌"];
    await store.commit(names.toReversed().map((name) => put("names", name, { name })));

    expect(ids(await store.query({ collection: "names" }))).toEqual(names);
    expect(ids(await store.query({ collection: "names", orderBy: { field: "name" } }))).toEqual(names);
    const where = [{ field: "name", op: ">", value: "\uff5e" } as const];
    expect(ids(await store.query({ collection: "names", where }))).toEqual(["🏌"]);
  });

  test("refuses what Firestore has no index for, in the collections Lockstep keeps", async () => {
    const store = fresh();
    const eventMaps = (where: Query["where"], orderBy?: Query["orderBy"]) =>
      store.query({ collection: "eventMaps", ...(where && { where }), ...(orderBy && { orderBy }) });
    const status = { field: "status", op: "==", value: "active" } as const;
    const ends = { field: "endsAt", op: ">", value: "2027" } as const;

    expect(await eventMaps([status, { field: "resource", op: "==", value: "bay-1" }])).toEqual([]);
    expect(await eventMaps([status, { field: "calendarId", op: "==", value: "c" }, ends])).toEqual([]);
    await expectInvalid(eventMaps([{ field: "error", op: "==", value: "x" }]));
    await expectInvalid(eventMaps([ends]));
    await expectInvalid(eventMaps([status, ends]));
    await expectInvalid(eventMaps([], { field: "lastSyncedAt" }));
    await expectInvalid(store.query({ collection: "holds", orderBy: { field: "openedAt" } }));
    await expectInvalid(store.commit([{ ...put("bookings", "b", {}), expiresAt: "2999-01-01T00:00:00.000Z" }]));
  });

  test("refuses limits, fields and pages it does not know", async () => {
    const store = fresh();

    await expectInvalid(store.query({ collection: "a", limit: 0 }));
    await expectInvalid(store.query({ collection: "a", limit: 1001 }));
    await expectInvalid(store.query({ collection: "a", limit: 1.5 }));
    await expectInvalid(store.query({ collection: "a", orderBy: { field: "n" }, after: "x" }));
    await expectInvalid(store.query({ collection: "a", where: [{ field: "a') OR 1 --", op: "==", value: 1 }] }));
  });
}

function testCounting(fresh: () => DocumentStore): void {
  test("counts what a query would answer, also beyond a page", async () => {
    const store = fresh();
    for (const start of [0, 500, 1000]) {
      await store.commit(Array.from({ length: 350 }, (_, n) => put("many", `d-${start + n}`, { half: n % 2 === 0 })));
    }

    expect(await store.count({ collection: "many" })).toBe(1050);
    expect(await store.count({ collection: "many", where: [{ field: "half", op: "==", value: true }] })).toBe(525);
    expect(await store.count({ collection: "none" })).toBe(0);
  });
}

function testIsolation(factory: () => StoreFactory): void {
  test("workspaces share nothing, not even with equal collections and ids", async () => {
    const [one, two] = [factory().workspace(`iso-${Date.now()}-a`), factory().workspace(`iso-${Date.now()}-b`)];
    const [version] = await one.commit([put("bookings", "b-1", { of: "one" })]);

    expect(await two.get(ref("bookings", "b-1"))).toBeUndefined();
    expect(await two.query({ collection: "bookings" })).toEqual([]);
    expect(await two.count({ collection: "bookings" })).toBe(0);
    await expectConflict(two.commit([put("bookings", "b-1", { of: "two" }, version)]));
    await two.commit([{ kind: "delete", ref: ref("bookings", "b-1") }]);
    expect((await one.get(ref("bookings", "b-1")))?.data).toEqual({ of: "one" });
  });

  test("no workspace, collection or id can name its way out", async () => {
    const store = factory().workspace("walls");
    const ids = ["", "a/b", "../x", ".", "..", "/", "__x__", "x".repeat(401), "a\u0000b", "\ud800"];
    const collections = ["", "a/b", "..", "Bookings", "a b", "a'", 'a"', "a-b", "x".repeat(61), "__a__"];

    for (const id of ids) await expectInvalid(store.get(ref("bookings", id)));
    for (const id of ids) await expectInvalid(store.commit([put("bookings", id, {})]));
    for (const collection of collections) await expectInvalid(store.query({ collection }));
    for (const collection of collections) await expectInvalid(store.getMany([ref(collection, "a")]));
    for (const workspace of ["", "a/b", "..", "A", "a_b", "x".repeat(61)]) {
      expect(() => factory().workspace(workspace)).toThrow(/does not take workspace/);
    }
  });

  test("takes ids that merely look odd", async () => {
    const store = factory().workspace(`odd-${Date.now()}`);
    const odd = ["a b", "%2F", "x".repeat(400), "é🏌", "'; DROP TABLE documents; --", "a\\b", "_", "...", "__x", "-1"];
    await store.commit(odd.map((id) => put("odd", id, { id })));

    const found = await store.getMany(odd.map((id) => ref("odd", id)));

    expect(found.map((each) => each?.data)).toEqual(odd.map((id) => ({ id })));
  });
}

function ref(collection: string, id: string) {
  return { collection, id };
}

function put(collection: string, id: string, data: object, ifVersion?: string): Extract<Write, { kind: "put" }> {
  return { kind: "put", ref: ref(collection, id), data, ...(ifVersion === undefined ? {} : { ifVersion }) };
}

async function increment(store: DocumentStore): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const stored = await store.get<{ n: number }>(ref("counters", "c"));
    try {
      await store.commit([put("counters", "c", { n: (stored?.data.n ?? 0) + 1 }, stored?.version ?? ABSENT)]);
      return;
    } catch (error) {
      if (!isError(error, "STORE_CONFLICT")) throw error;
    }
  }
  throw new Error("no turn in 500 tries");
}

async function expectConflict(work: Promise<unknown>): Promise<void> {
  await expect(work).rejects.toMatchObject({ name: "LockstepError", code: "STORE_CONFLICT" });
}

async function expectInvalid(work: Promise<unknown>): Promise<void> {
  await expect(work).rejects.toMatchObject({ name: "LockstepError", code: "INVALID_REQUEST" });
}
