import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NINE, openTown, TEN, type Told, type Town, WEEK, zoned } from "./booking-town.ts";

interface List {
  readonly items: readonly Told[];
  readonly complete: boolean;
  readonly total: number;
  readonly next?: string;
}

let town: Town;
beforeEach(() => {
  town = openTown();
});
afterEach(() => town.sandbox.close());

const book = (more: object = {}) => town.desk("book", { resources: "room-1", ...NINE, title: "Choir", ...more });
const list = async (query = WEEK, fault?: string) =>
  (await town.call<List>(`/reservations?${query}`, fault === undefined ? {} : { fault })).body;
const idsOf = ({ items }: List) => items.map(({ id }) => id);
const read = (id: string, fault?: string) => town.call<Told>(`/reservations/${id}`, fault ? { fault } : {});
const patch = (id: string, version: number, body: unknown) =>
  town.call<Told>(`/reservations/${id}`, { method: "PATCH", body, headers: { "if-match": `"${version}"` } });
const order = (more: object = {}) => ({
  ...{ kind: "booking", resources: ["room-1"], title: "Choir", description: "" },
  ...{ start: zoned(NINE.start), end: zoned(NINE.end), ...more },
});
const create = (body: unknown, key = "key-1") =>
  town.call<Told>("/reservations", { method: "POST", body, headers: { "idempotency-key": key } });

describe("the demo", () => {
  test("is a town of twelve rooms with a week of all three kinds, and one room closed", async () => {
    town.sandbox.close();
    town = openTown({ demo: true });

    const rooms = await town.call<List>("/resources");
    const week = await list();
    const closures = await town.call<List>(`/closures?${WEEK}`);

    expect(idsOf(rooms.body).sort()).toEqual(Array.from({ length: 12 }, (_, index) => `room-${index + 1}`).sort());
    expect(new Set(week.items.map(({ kind }) => kind))).toEqual(new Set(["allocation", "booking", "event"]));
    expect(week.items.some(({ allocationId }) => allocationId !== undefined)).toBe(true);
    expect(closures.body.items).toMatchObject([{ resource: "room-10", start: { date: "2027-01-18" } }]);
  });
});

describe("lists", () => {
  test("tell what touches the window, cancelled ones too, both edges exclusive", async () => {
    const { id } = await book();
    await town.desk("cancel", { id });

    expect(idsOf(await list("from=2027-01-11T08:59:00Z&to=2027-01-11T12:00:00Z"))).toEqual([id]);
    expect(idsOf(await list("from=2027-01-11T09:00:00Z&to=2027-01-11T12:00:00Z"))).toEqual([]);
    expect(idsOf(await list("from=2027-01-11T06:00:00Z&to=2027-01-11T08:00:00Z"))).toEqual([]);
    expect(idsOf(await list(`${WEEK}&active=true`))).toEqual([]);
    expect(idsOf(await list(`${WEEK}&resource=room-2`))).toEqual([]);
    expect(idsOf(await list(`${WEEK}&kind=booking`))).toEqual([id]);
    expect(idsOf(await list(`id=${id}&id=nobody`))).toEqual([id]);
  });

  test("come in pages whose cursor belongs to the query, and expires", async () => {
    for (const room of [1, 2, 3]) await book({ resources: `room-${room}` });

    const first = await list(`${WEEK}&limit=2`);
    const second = await list(`${WEEK}&limit=2&cursor=${first.next}`);
    const other = await town.call(`/reservations?${WEEK}&kind=event&cursor=${first.next}`);
    town.clock.advance(3_700_000);
    const late = await town.call(`/reservations?${WEEK}&limit=2&cursor=${first.next}`);

    expect([first, second].map(({ complete, total, items }) => [complete, total, items.length])).toEqual([
      [false, 3, 2],
      [true, 3, 1],
    ]);
    expect([other.status, late.status, late.body.code]).toEqual([400, 410, "CURSOR_EXPIRED"]);
  });

  test.each([
    ["truncate", [2, true, 2]],
    ["first-page", [2, true, 3]],
    ["empty", [0, true, 0]],
    ["bad-row", [4, true, 3]],
    ["omit=2001", [2, true, 2]],
  ])("S02, S03: %s: items, complete and total are %j", async (fault, told) => {
    for (const room of [1, 2, 3]) await book({ resources: `room-${room}` });
    const limit = fault === "first-page" ? "&limit=2" : "";

    const { items, complete, total } = await list(`${WEEK}${limit}`, fault);

    expect([items.length, complete, total]).toEqual(told);
  });

  test.each(["", "from=soon&to=later", "from=2027-01-11T00:00:00Z&to=2027-01-10T00:00:00Z", `${WEEK}&limit=0`])(
    "a query that means nothing (%j) is 400",
    async (query) => {
      expect((await town.call(`/reservations?${query}`)).body).toMatchObject({ code: "BAD_REQUEST" });
    },
  );
});

describe("reads", () => {
  test("tell version and entity tag, whole days as dates, and withhold what is private", async () => {
    const timed = await book();
    const day = await book({ start: "2027-01-12", end: "2027-01-13", isPrivate: true });

    const answer = await read(timed.id);
    const { body } = await read(day.id);

    expect([answer.body.version, answer.headers.get("etag")]).toEqual([1, '"1"']);
    expect(answer.body).toMatchObject({ start: zoned(NINE.start), title: "Choir" });
    expect(body).toMatchObject({ start: { date: "2027-01-12" }, end: { date: "2027-01-13" } });
    expect(body).not.toHaveProperty("title");
  });

  test("deleted is 410 with its last version; removed without a trace, or never there, 404", async () => {
    const [deleted, removed] = [await book(), await book({ resources: "room-2" })];
    await town.desk("delete", { id: deleted.id });
    await town.desk("remove", { id: removed.id });

    expect((await read(deleted.id)).body).toMatchObject({ code: "RESERVATION_DELETED", currentVersion: 2 });
    expect((await read(removed.id)).body).toMatchObject({ code: "RESERVATION_UNKNOWN" });
    expect((await read("2999")).status).toBe(404);
  });

  test("S58: a lagging copy shows what was true before the last change", async () => {
    const { id } = await book();
    await town.desk("move", { id, ...TEN });

    expect((await read(id, "stale")).body).toMatchObject({ version: 1, start: zoned(NINE.start) });
    expect((await read(id)).body).toMatchObject({ version: 2, start: zoned(TEN.start) });
  });

  test("S56: an error can hide in a 200, and nothing is done", async () => {
    const { id } = await book();
    const answer = await town.call(`/reservations/${id}/cancel`, { method: "POST", fault: "error-in-200" });

    expect([answer.status, answer.body]).toEqual([200, { error: expect.anything() }]);
    expect((await read(id)).body).toMatchObject({ active: true, version: 1 });
  });

  test("no token is 401", async () => {
    const answer = await town.call("/resources", { headers: { authorization: "" } });
    expect(answer.body).toMatchObject({ status: 401, code: "UNAUTHORIZED" });
  });
});

describe("orders", () => {
  test("make one reservation per key, whatever happened to it since", async () => {
    const first = await create(order());
    await town.desk("move", { id: first.body.id, ...TEN });

    const again = await create(order());
    const other = await create(order({ title: "Band" }));

    expect([first.status, first.headers.get("location")]).toEqual([201, expect.stringMatching(/reservations\/2001$/)]);
    expect(again.body).toMatchObject({ id: first.body.id, version: 2 });
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect([first.body.madeWith, again.body.madeWith]).toEqual(["key-1", "key-1"]);
    expect(other.body).toMatchObject({ status: 422, code: "KEY_REUSED" });
    expect((await list()).total).toBe(1);
  });

  test("S47: one room holds one of a kind at a time; events stand beside, by priority", async () => {
    const { id } = await book();

    expect((await create(order())).body).toMatchObject({ code: "SLOT_TAKEN", conflicts: [{ id, resource: "room-1" }] });
    expect((await create(order({ kind: "event" }))).status).toBe(201);
    expect((await create(order({ start: zoned(TEN.start), end: zoned(TEN.end) }), "key-2")).status).toBe(201);
    expect((await town.desk("book", { resources: "room-1", ...NINE, force: true })).version).toBe(1);
  });

  test("a booking may stand inside its own allocation, not outside it nor in another's", async () => {
    const evening = { start: "2027-01-11T17:00", end: "2027-01-11T21:00" };
    const { id: allocationId } = await book({ kind: "allocation", ...evening });
    const within = { start: "2027-01-11T18:00", end: "2027-01-11T19:00" };
    const outside = { start: "2027-01-11T20:00", end: "2027-01-11T22:00" };

    expect(await town.refusedAtDesk("book", { resources: "room-1", ...within })).toBe("409 SLOT_TAKEN");
    expect(await town.refusedAtDesk("book", { resources: "room-1", ...outside, allocationId })).toBe(
      "422 OUTSIDE_ALLOCATION",
    );
    expect(await book({ ...within, allocationId })).toMatchObject({ allocationId });
  });

  test.each([
    ["a closed room", { resources: ["room-2"] }, "CLOSED"],
    ["a room nobody has", { resources: ["room-13"] }, "UNKNOWN_RESOURCE"],
    ["an end before its start", { end: zoned("2027-01-11T08:00") }, "TIME_NOT_ALLOWED"],
    ["an allocation", { kind: "allocation" }, "KIND_NOT_ALLOWED"],
    ["a series", { recurrence: "FREQ=WEEKLY" }, "RECURRENCE_NOT_SUPPORTED"],
  ])("%s is refused with its reason", async (_, more, code) => {
    await town.desk("close", { resource: "room-2", start: "2027-01-11", end: "2027-01-12" });

    expect((await create(order(more))).body).toMatchObject({ status: 422, code });
    expect((await create(order(more))).body).toMatchObject({ status: 422, code });
  });

  test("an order without a key, or with a word too many, is 400", async () => {
    expect((await town.call("/reservations", { method: "POST", body: order() })).status).toBe(400);
    expect((await create(order({ colour: "red" }))).status).toBe(400);
  });
});

describe("changes in place", () => {
  test("rest on a version: an older one is 412, none is 428, and 412 goes before 409", async () => {
    const { id } = await book();
    await book({ ...TEN });
    const times = { start: zoned(TEN.start), end: zoned(TEN.end) };

    expect((await patch(id, 7, times)).body).toMatchObject({ code: "VERSION_CONFLICT", currentVersion: 1 });
    expect((await patch(id, 1, times)).body).toMatchObject({ code: "SLOT_TAKEN" });
    const bare = await town.call(`/reservations/${id}`, { method: "PATCH", body: times });
    expect(bare.body).toMatchObject({ status: 428, code: "VERSION_REQUIRED" });
  });

  test("raise the version once; what changes nothing raises none", async () => {
    const { id } = await book();

    const moved = await patch(id, 1, { resources: ["room-2"], title: "Band" });
    const same = await patch(id, 2, { title: "Band" });

    expect(moved.body).toMatchObject({ version: 2, resources: ["room-2"], title: "Band", start: zoned(NINE.start) });
    expect(same.body).toMatchObject({ version: 2 });
  });

  test("a cancelled one cannot be changed; cancelling and enabling say what was before", async () => {
    const { id } = await book();
    const say = async (word: string) =>
      (await town.call(`/reservations/${id}/${word}`, { method: "POST" })).body.outcome;

    expect([await say("cancel"), await say("cancel")]).toEqual(["cancelled", "already-cancelled"]);
    expect((await patch(id, 2, { title: "Band" })).body).toMatchObject({ code: "NOT_ACTIVE" });
    expect([await say("enable"), await say("enable")]).toEqual(["enabled", "already-active"]);
    await town.desk("cancel", { id });
    await book();
    expect((await town.call(`/reservations/${id}/enable`, { method: "POST" })).body).toMatchObject({ status: 409 });
  });
});

describe("availability", () => {
  test("free and busy stretches are the window; the allocation that is named is not in the way", async () => {
    const evening = { start: "2027-01-11T17:00", end: "2027-01-11T21:00" };
    const { id: allocationId } = await book({ kind: "allocation", ...evening });
    await town.desk("close", { resource: "room-1", start: "2027-01-12", end: "2027-01-13" });
    const ask = async (more: string) =>
      (await town.call(`/availability?resource=room-1&from=2027-01-11T00:00:00Z&to=2027-01-12T12:00:00Z${more}`)).body;

    expect(await ask("")).toMatchObject({
      free: [
        { start: "2027-01-11T00:00:00.000Z", end: "2027-01-11T16:00:00.000Z" },
        { start: "2027-01-11T20:00:00.000Z", end: "2027-01-11T23:00:00.000Z" },
      ],
      busy: [
        { by: "reservation", id: allocationId },
        { by: "closure", end: "2027-01-12T12:00:00.000Z" },
      ],
    });
    expect((await ask(`&allocationId=${allocationId}`)).busy).toHaveLength(1);
    expect((await ask("&kind=event")).busy).toHaveLength(1);
  });
});

test("S44: beyond the calls of a minute the answer is 429 with Retry-After", async () => {
  await town.set({ bookingCallsPerMinute: 2 });
  const statuses = [await list(), await list()].length;
  const refused = await town.call("/resources");

  expect([statuses, refused.status, refused.headers.get("retry-after")]).toEqual([2, 429, "30"]);
  town.clock.advance(60_000);
  expect((await town.call("/resources")).status).toBe(200);
});
