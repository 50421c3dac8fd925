import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BookingSource } from "../../../shared/ports/booking-source.ts";
import { osm } from "../../../shared/providers/osm/index.ts";
import { codeOf } from "../../contract/trouble.ts";
import { fakeMemory } from "../../fakes/source-memory.ts";
import { type Account, counted, openAccount, WINDOW } from "./instances.ts";

let account: Account;
let source: BookingSource;
beforeEach(() => {
  account = openAccount();
  source = account.instance();
});
afterEach(() => account.stage.close());

const statusesOf = async () => {
  const { bookings } = await source.list(WINDOW);
  return Object.fromEntries(bookings.map(({ id, status }) => [id, status]));
};

describe("a listing", () => {
  test("asks four modes once each, and reads the items of what is new, not of what it knows", async () => {
    await account.book({});
    await account.book({ status: "provisional", group: "3rd Riverside" });

    await source.list(WINDOW);
    const first = counted(account.calls());
    await source.list(WINDOW);

    expect(first).toEqual({ token: 1, list: 4, detail: 2 });
    expect(counted(account.calls())).toEqual({ list: 4 });
  });

  test("reads the items again where the row changed, or after the time that is set", async () => {
    const id = await account.book({});
    await source.list(WINDOW);
    account.calls();

    await account.stage.arrange("osm/edit", { id, participants: 31 });
    await source.list(WINDOW);
    const changed = counted(account.calls());
    account.stage.clock.advance(361 * 60_000);
    await source.list(WINDOW);

    expect(changed).toEqual({ list: 4, detail: 1 });
    expect(counted(account.calls())).toMatchObject({ list: 4, detail: 1 });
  });

  test("reads no more items at once than is set; what waits is on no calendar yet, and nothing is missing for it", async () => {
    const few = openAccount({ itemsPerListing: 2 });
    for (const group of ["A", "B", "C"]) await few.book({ group });
    const instance = few.instance();

    const first = await instance.list(WINDOW);
    const second = await instance.list(WINDOW);

    expect([first.bookings.length, first.complete, first.told?.rows.length]).toEqual([2, true, 3]);
    expect(second.bookings).toHaveLength(3);
    await few.stage.close();
  });

  test("a provisional booking is live and marked tentative; one without items is told to people alone", async () => {
    const tentative = await account.book({ status: "provisional" });
    const placeless = await account.book({ items: [] });

    const { bookings, told } = await source.list(WINDOW);

    expect(bookings).toHaveLength(1);
    expect(bookings[0]).toMatchObject({ id: tentative, status: "live", fields: { tentative: "Provisional: " } });
    expect(told?.rows.map(({ id }) => id).sort()).toEqual([tentative, placeless].sort());
  });

  test("whole days where the items begin and end at midnight, else their times on the campsite's wall", async () => {
    const days = [{ item: 301, start: "2027-02-05 00:00:00", end: "2027-02-08 00:00:00" }];
    await account.book({ items: days });
    await account.book({ items: [{ item: 302 }] });

    const { bookings } = await source.list(WINDOW);

    expect(bookings.map(({ span }) => span)).toEqual([
      { kind: "all-day", start: "2027-02-05", end: "2027-02-08" },
      {
        kind: "timed",
        start: "2027-02-05T21:00:00.000Z",
        end: "2027-02-07T19:00:00.000Z",
        zone: "America/New_York",
      },
    ]);
  });

  test("S03: a mode that fails leaves the others of use, the listing incomplete, and says so in words", async () => {
    const id = await account.book({});
    await account.book({ status: "provisional", group: "3rd Riverside" });
    await source.list(WINDOW);
    const scripted = osm.connect({
      ...account.stage.connection("osm", osm.settings.parse({ campsiteId: 1 })),
      memory: fakeMemory(account.stores),
      fetch: (input, init) =>
        String(input).endsWith("mode=provisional")
          ? Promise.resolve(new Response("", { status: 500 }))
          : account.stage.sandbox.fetch(input, init),
    });

    const listing = await scripted.list(WINDOW);

    expect(listing.complete).toBe(false);
    expect(listing.bookings.map((booking) => booking.id)).toEqual([id]);
    expect(listing.told?.lacks).toEqual(["OSM did not list the provisional bookings (500)."]);
  });

  test("S56: status false inside a 200 is an error, an empty object an empty list", async () => {
    expect(await source.list(WINDOW)).toMatchObject({ bookings: [], complete: true });

    await account.stage.fail({ api: "osm", path: "/v3/", kinds: ["status-false"], times: 12 });

    expect(await codeOf(source.list(WINDOW))).toBe("PROVIDER_UNAVAILABLE");
  });

  test("a pitch that is taken from a booking is left, and a booking that never had one is none", async () => {
    const id = await account.book({});
    await source.list(WINDOW);
    await account.stage.arrange("osm/edit", { id, items: [] });

    const { bookings } = await source.list(WINDOW);
    const read = await source.read([{ id }]);

    expect(bookings[0]?.resources).toEqual(["(no item)"]);
    expect(read.get(id)?.hash).toBe(bookings[0]?.hash);
  });
});

test("S07: cancelled and booked again by the same group for the same days is rescheduled, by listing and by id", async () => {
  const old = await account.book({});
  await source.list(WINDOW);
  const fresh = String((await account.stage.arrange("osm/rebook", { id: old }))["id"]);

  const byId = await source.read([{ id: old }]);
  const listed = await statusesOf();

  expect(byId.get(old)?.status).toBe("rescheduled");
  expect(listed).toEqual({ [old]: "rescheduled", [fresh]: "live" });
});

test("S07: a cancellation beside an older booking of the same group and days, or before two new ones, is one", async () => {
  const [old, other] = [await account.book({}), await account.book({ items: [{ item: 302 }] })];
  await source.list(WINDOW);
  account.stage.clock.advance(120_000);
  await account.stage.arrange("osm/cancel", { id: old });
  const beside = await statusesOf();
  account.stage.clock.advance(120_000);
  await account.stage.arrange("osm/rebook", { id: other });
  await account.book({ items: [{ item: 302 }] });

  expect(beside).toEqual({ [old]: "cancelled", [other]: "live" });
  expect(await statusesOf()).toMatchObject({ [other]: "cancelled" });
});

test("a detail that does not repeat its row is completed by the lists", async () => {
  const id = await account.book({});
  await account.stage.arrange("options", { osmDetailRows: false });

  const listed = await source.list(WINDOW);
  const read = await source.read([{ id }]);

  expect(read.get(id)?.hash).toBe(listed.bookings[0]?.hash);
  expect(read.get(id)).toMatchObject({ status: "live", resources: ["301"] });
});

test("a 404 that is not OSM's own word is an outage, never an absence", async () => {
  const id = await account.book({});
  const gateway = osm.connect({
    ...account.stage.connection("osm", osm.settings.parse({ campsiteId: 1 })),
    fetch: (input, init) =>
      String(input).includes("/bookings/")
        ? Promise.resolve(new Response("<h1>Not Found</h1>", { status: 404 }))
        : account.stage.sandbox.fetch(input, init),
  });

  expect(await codeOf(gateway.read([{ id }]))).toBe("PROVIDER_UNAVAILABLE");
});

describe("the directory", () => {
  test("lists with four calls alone, whatever the window, with addresses as far as they were read", async () => {
    await account.book({ email: "leader@example.org" });
    await account.book({ start: "2028-06-01", end: "2028-06-03", group: "Far Ahead" });
    await source.list(WINDOW);
    account.calls();

    const told = await source.directory?.rows();

    expect(counted(account.calls())).toEqual({ list: 4 });
    expect(told?.rows).toEqual([
      expect.objectContaining({
        customerName: "1st Anytown",
        customerEmail: "leader@example.org",
        status: "confirmed",
      }),
      expect.objectContaining({ customerName: "Far Ahead", startDate: "2028-06-01", endDate: "2028-06-03" }),
    ]);
  });

  test("opens one booking with its items and comments", async () => {
    const id = await account.book({});
    await account.stage.arrange("osm/comment", { id, comment: "Deposit received." });

    const opened = await source.directory?.open(id);

    expect(counted(account.calls())).toMatchObject({ detail: 1, comments: 1 });
    expect(opened).toMatchObject({
      row: { id, customerName: "1st Anytown" },
      items: [{ id: "301", start: "2027-02-05 16:00:00", end: "2027-02-07 14:00:00", people: 24 }],
      comments: [{ text: "Deposit received.", author: "Warden" }],
      lacks: [],
    });
    expect(await source.directory?.open("999999")).toBeUndefined();
  });

  test("a booking whose comments cannot be read is shown without them, and says so", async () => {
    const id = await account.book({});
    await account.stage.fail({ api: "osm", path: "/comments/", kinds: ["status=403"], times: 3 });

    const opened = await source.directory?.open(id);

    expect([opened?.comments, opened?.lacks]).toEqual([[], ["OSM did not tell the comments (403)."]]);
  });
});

test("the real OSM wants a client and its secret, a stand-in none", () => {
  const settings = osm.settings.parse({ campsiteId: 1 });
  const connection = account.stage.connection("osm", settings);

  expect(() => osm.connect({ ...connection, root: osm.root.url })).toThrow("clientId and clientSecret");
  expect(() => osm.connect(connection)).not.toThrow();
});
