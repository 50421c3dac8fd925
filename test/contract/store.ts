import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isError } from "../../shared/errors.ts";
import { ABSENT, type DocumentStore, type StoreFactory, type Write } from "../../shared/ports/store.ts";
import { testCounting, testQuerying } from "./store-queries.ts";
import { expectConflict, expectInvalid, put, ref } from "./store-steps.ts";

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

  test("a put that changes nothing keeps the version, so the precondition of another still holds", async () => {
    const store = fresh();
    const [first] = await store.commit([put("a", "1", { n: 1 })]);

    expect(await store.commit([put("a", "1", { n: 1 }, first)])).toEqual([first]);
    const [second] = await store.commit([put("a", "1", { n: 2 }, first)]);

    expect(second).not.toBe(first);
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
