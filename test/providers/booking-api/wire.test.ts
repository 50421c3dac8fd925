import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SourceConnection } from "../../../shared/ports/provider.ts";
import { bookingApi } from "../../../shared/providers/booking-api/index.ts";
import type { Settings } from "../../../shared/providers/booking-api/schema.ts";
import { openBookingApiBench } from "../../contract/booking-api-bench.ts";
import { bookPriya, NINE, readKnown, TEN, WINDOW } from "../../contract/source-bench.ts";
import { codeOf } from "../../contract/trouble.ts";

let bench: ReturnType<typeof openBookingApiBench>;
beforeEach(() => {
  bench = openBookingApiBench({ pageSize: 2 });
});
afterEach(() => bench.close());

const LIST = { api: "booking", method: "GET", path: "/reservations" } as const;

const ORDER = {
  key: "loft-2f1c41d07ab3",
  kind: "event",
  resource: "room-1",
  span: TEN,
  fields: { title: "Budget meeting" },
} as const;

async function bookFive(): Promise<string[]> {
  const ids: string[] = [];
  for (const hour of [10, 11, 12, 13, 14]) {
    ids.push(
      await bench.outside.book({
        room: "room-1",
        span: { kind: "timed", start: `2027-01-10T${hour}:00:00.000Z`, end: `2027-01-10T${hour + 1}:00:00.000Z` },
        customer: "Kari Nordmann",
      }),
    );
  }
  bench.stage.calls();
  return ids;
}

describe("lists", () => {
  test("are walked page by page", async () => {
    const ids = await bookFive();

    const listing = await bench.source.list(WINDOW);

    expect(listing.complete).toBe(true);
    expect(listing.bookings.map(({ id }) => id)).toEqual(ids);
    expect(bench.stage.calls().sort()).toEqual(["booking listClosures", ...Array(3).fill("booking listReservations")]);
  });

  test.each(["first-page"])("S03: a list that ends too early (%s) is incomplete", async (fault) => {
    await bookFive();
    await bench.stage.fail({ ...LIST, kinds: [fault] });

    const listing = await bench.source.list(WINDOW);

    expect([listing.bookings.length, listing.complete]).toEqual([2, false]);
  });

  test.each([
    ["a page that fails", "status=500"],
    ["a cursor that expired on the way", "expire-cursor"],
    ["a page of HTML", "html"],
    ["an error inside 200", "error-in-200"],
  ])("S03: %s leaves the list incomplete, and what came stands", async (_, fault) => {
    await bookFive();
    await bench.stage.fail({ ...LIST, kinds: [fault], skip: 1, times: 5 });

    const listing = await bench.source.list(WINDOW);

    expect([listing.bookings.length, listing.complete]).toEqual([2, false]);
  });

  test("S38: whole days count from the midnights of the resource's zone", async () => {
    await bench.outside.book({
      room: "room-1",
      span: { kind: "all-day", start: "2027-01-10", end: "2027-01-11" },
      customer: "Kari Nordmann",
    });
    const at = async (from: string, to: string) => (await bench.source.list({ from, to })).bookings.length;

    expect(await at("2027-01-10T06:00:00.000Z", "2027-01-10T07:00:00.000Z")).toBe(1);
    expect(await at("2027-01-10T23:30:00.000Z", "2027-01-11T04:00:00.000Z")).toBe(0);
  });
});

describe("reads", () => {
  test("several cost one listing, and one call for each it does not tell", async () => {
    const ids = await bookFive();

    const read = await bench.source.read([...ids, "999998"].map((id) => ({ id })));

    expect([...read.values()].map((booking) => booking?.status ?? "none")).toEqual([...Array(5).fill("live"), "none"]);
    expect(bench.stage.calls()).toEqual([...Array(3).fill("booking listReservations"), "booking readReservation"]);
  });

  test("a deleted reservation reads as gone, like one that vanished without a trace", async () => {
    const [deleted = "", vanished = ""] = await bookFive();
    await bench.stage.arrange("booking/delete", { id: deleted });
    await bench.outside.erase(vanished);

    const read = await bench.source.read([{ id: deleted }, { id: vanished }]);

    expect([...read]).toEqual([
      [deleted, undefined],
      [vanished, undefined],
    ]);
  });

  test.each(["status=404;reason=NOT_FOUND", "status=410;reason=GONE", "error-in-200", "garbled"])(
    "S01: %s says nothing about the reservation",
    async (fault) => {
      const id = await bookPriya(bench);
      await bench.stage.fail({ ...LIST, kinds: [fault], times: 5 });

      expect(await codeOf(bench.source.read([{ id }]))).toBe("PROVIDER_UNAVAILABLE");
    },
  );

  test("S42: a reservation that began to repeat lives on as its occurrences", async () => {
    const { id } = await bench.stage.arrange("booking/book", {
      resources: "room-1",
      start: NINE.start,
      end: NINE.end,
      recurrence: "FREQ=WEEKLY;COUNT=4",
    });

    const seen = await bench.source.read([{ id: String(id), around: NINE }]);

    expect(seen.get(String(id))).toMatchObject({ status: "rescheduled", span: NINE });
    expect(await codeOf(bench.source.read([{ id: String(id) }]))).toBe("PROVIDER_REFUSED");
    expect((await bench.source.list(WINDOW)).bookings).toHaveLength(4);
  });

  test("S37: a recurring reservation is one for each occurrence, at the same time on the wall in winter and summer", async () => {
    const { id } = await bench.stage.arrange("booking/book", {
      ...{ resources: "room-1", start: "2027-03-21T18:00:00", end: "2027-03-21T20:00:00" },
      recurrence: "FREQ=WEEKLY;COUNT=3",
    });

    const { bookings } = await bench.source.list(WINDOW);
    const last = bookings.at(-1)?.id ?? "";
    const read = (await bench.source.read([{ id: last }, { id: `${id}@2027-03-22T17:00:00.000Z` }])).values();

    expect(bookings.map(({ id: one, span, fixed }) => [one, span.start, fixed])).toEqual(
      ["2027-03-21T17:00:00.000Z", "2027-03-28T16:00:00.000Z"].map((start) => [`${id}@${start}`, start, true]),
    );
    expect([...read].map((booking) => booking?.span.start)).toEqual(["2027-03-28T16:00:00.000Z", undefined]);
    await bench.outside.cancel(String(id));
    expect((await bench.source.list(WINDOW)).bookings.map(({ status }) => status)).toEqual(["cancelled", "cancelled"]);
  });

  test("a closure is listed and read as something that nobody can change, and gone once the room is open again", async () => {
    const { id } = await bench.stage.arrange("booking/close", {
      ...{ resource: "room-2", start: "2027-01-14", end: "2027-01-16", reason: "New floor" },
    });

    const [closure] = (await bench.source.list(WINDOW)).bookings;
    expect(closure).toMatchObject({
      ...{ id: `closure:${id}`, kind: "closure", fixed: true, status: "live", resources: ["room-2"] },
      fields: { title: "Closed: New floor" },
      span: { kind: "all-day", start: "2027-01-14", end: "2027-01-16" },
    });
    const wanted = { id: `closure:${id}`, around: closure?.span ?? NINE };
    expect([...(await bench.source.read([wanted])).values()]).toEqual([closure]);
    await bench.stage.fail({ api: "booking", path: "/closures", kinds: ["status=500"], times: 3 });
    expect(await codeOf(bench.source.read([wanted]))).toBe("PROVIDER_UNAVAILABLE");
    await bench.stage.arrange("booking/reopen", { id });
    expect([...(await bench.source.read([wanted])).values()]).toEqual([undefined]);
  });

  test("private words are withheld", async () => {
    const { id } = await bench.stage.arrange("booking/book", {
      ...{ resources: "room-1", start: NINE.start, end: NINE.end, title: "Family matter", isPrivate: true },
      organiser: { name: "Kari Nordmann" },
    });

    const { fields, span } = await readKnown(bench.source, String(id));

    expect(fields).toEqual({ id: String(id), kind: "booking" });
    expect(span).toMatchObject({ start: NINE.start });
  });
});

describe("writes", () => {
  test("are one call each", async () => {
    const as = await readKnown(bench.source, await bookPriya(bench));
    const { id } = as;
    bench.stage.calls();

    await bench.source.update({ id, as, span: TEN });
    await bench.source.cancel(id);
    await bench.source.enable(id);

    expect(bench.stage.calls()).toEqual([
      "booking changeReservation",
      "booking cancelReservation",
      "booking enableReservation",
    ]);
  });

  test.each([
    ["a closed room", { resource: "room-3" }],
    ["a time outside its allocation", { span: TEN }],
  ])("%s is PROVIDER_REFUSED", async (_, change) => {
    await bench.stage.arrange("booking/close", { resource: "room-3", start: NINE.start, end: NINE.end });
    const given = { resources: ["room-1", "room-3"], start: NINE.start, end: NINE.end };
    const allocation = await bench.stage.arrange("booking/book", { ...given, kind: "allocation", force: true });
    const booked = await bench.stage.arrange("booking/book", {
      ...{ resources: "room-1", start: NINE.start, end: NINE.end, allocationId: allocation.id },
    });

    const as = await readKnown(bench.source, String(booked.id));

    expect(await codeOf(bench.source.update({ id: as.id, as, ...change }))).toBe("PROVIDER_REFUSED");
  });

  test("S13: a reservation tells the key it was made with, to whoever reads or lists it; one made at the desk has none", async () => {
    const { source } = bench;
    const priya = await bookPriya(bench);
    const { id } = await source.create(ORDER);

    const listed = new Map((await source.list(WINDOW)).bookings.map((booking) => [booking.id, booking.madeWith]));

    expect((await readKnown(source, id)).madeWith).toBe(ORDER.key);
    expect([listed.get(id), listed.get(priya)]).toEqual([ORDER.key, undefined]);
  });

  test("an order whose reservation was deleted since is BOOKING_CHANGED, and none is made again", async () => {
    const { source, stage } = bench;
    const { id } = await source.create(ORDER);
    await stage.arrange("booking/delete", { id });

    expect(await codeOf(source.create(ORDER))).toBe("BOOKING_CHANGED");
    expect((await source.list(WINDOW)).bookings).toEqual([]);
  });

  test("text longer than the contract takes is cut", async () => {
    const { fields } = await bench.source.create({
      ...ORDER,
      fields: { title: "x".repeat(600), customer: "y".repeat(201) },
    });

    expect([fields.title?.length, fields.customer?.length]).toEqual([500, 200]);
  });

  test("a booking that is gone was cancelled before", async () => {
    const id = await bookPriya(bench);
    await bench.stage.arrange("booking/delete", { id });

    expect(await bench.source.cancel(id)).toBe("already-cancelled");
  });

  test("S44: after Retry-After no call is made before its time", async () => {
    const id = await bookPriya(bench);
    await bench.stage.fail({ api: "booking", kinds: ["status=429;retry-after=60"] });
    expect(await codeOf(bench.source.cancel(id))).toBe("PROVIDER_RATE_LIMITED");
    bench.stage.calls();

    expect(await codeOf(bench.source.cancel(id))).toBe("PROVIDER_RATE_LIMITED");
    expect(bench.stage.calls()).toEqual([]);
    bench.advance(60_000);
    expect(await bench.source.cancel(id)).toBe("cancelled");
  });
});

describe("connecting", () => {
  function connect(root: string, settings: object): () => unknown {
    const connection: SourceConnection<Settings> = bench.stage.connection(
      "booking",
      bookingApi.settings.parse(settings),
    );
    return () => bookingApi.connect({ ...connection, root });
  }

  test("without an address, or at a real one without a token, the start fails and says so", () => {
    expect(connect(bookingApi.root.url, {})).toThrow("address");
    expect(connect(bookingApi.root.url, { address: "https://booking.bergen.example" })).toThrow("token");
    expect(
      connect(bookingApi.root.url, { address: "https://booking.bergen.example", token: "booking-token" }),
    ).not.toThrow();
    expect(connect("http://localhost:8090/booking", {})).not.toThrow();
  });

  test("address, base path and token are what is called", async () => {
    const asked: { url: string; authorization: string | null }[] = [];
    const settings = {
      address: "https://booking.bergen.example/",
      basePath: "/api/lockstep/v1",
      token: "booking-token",
    };
    const source = bookingApi.connect({
      ...bench.stage.connection("booking", bookingApi.settings.parse(settings)),
      root: bookingApi.root.url,
      fetch: async (input, init) => {
        const { url, headers } = new Request(input, init);
        asked.push({ url, authorization: headers.get("authorization") });
        return Response.json({ items: [], complete: true, total: 0 });
      },
    });

    await source.list(WINDOW);

    const [call] = asked;
    expect(call?.url).toMatch(/^https:\/\/booking\.bergen\.example\/api\/lockstep\/v1\/reservations\?from=/);
    expect(call?.authorization).toBe("Bearer value of booking-token");
  });
});
