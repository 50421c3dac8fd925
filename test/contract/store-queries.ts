import { expect, test } from "vitest";
import type { DocumentStore, Query } from "../../shared/ports/store.ts";
import { expectInvalid, put } from "./store-steps.ts";

/** Queries of the store's contract: what they find, in which order, and what no backing answers. */
export function testQuerying(fresh: () => DocumentStore): void {
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
    await expectInvalid(eventMaps([{ field: "since", op: ">", value: "2027" }]));
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

export function testCounting(fresh: () => DocumentStore): void {
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
