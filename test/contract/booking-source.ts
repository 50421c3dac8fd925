import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BookingSource, SourceBooking, SourceListing } from "../../shared/ports/booking-source.ts";
import type { Span } from "../../shared/sync/time.ts";
import { codeOf, TROUBLES, type Trouble } from "./trouble.ts";

/** One account of a source, and what guests, staff and trouble do to it behind our back. */
export interface SourceBench {
  readonly source: BookingSource;
  /** Two of its rooms. */
  readonly rooms: readonly [string, string];
  readonly outside: {
    book(booking: { room: string; span: Span; customer: string; notes?: string }): Promise<string>;
    /** In place, under the same id. */
    change(id: string, to: { room?: string; span?: Span; notes?: string }): Promise<void>;
    cancel(id: string): Promise<void>;
    /** The record vanishes. */
    erase(id: string): Promise<void>;
    /** A checkout that is not paid yet, and the time after which its slot is free again. */
    checkOut(booking: { room: string; span: Span; customer: string }): Promise<{ id: string; holdMs: number }>;
    pay(id: string): Promise<void>;
    fail(trouble: Trouble, times: number): Promise<void>;
    /** The next booking takes effect, and its answer is lost. */
    loseAnswer(): Promise<void>;
    /** Every listing carries one row more that cannot be read. */
    addBadRow(): Promise<void>;
  };
  advance(ms: number): void;
  close(): void;
}

export interface SourceBacking {
  readonly name: string;
  open(): SourceBench;
}

/** As the saga makes them: a booking's id, a dot, random hex. */
const MARKER = "410001.9f2c41d07ab3";
const WINDOW = { from: "2027-01-04T00:00:00.000Z", to: "2027-04-04T00:00:00.000Z" };
const NINE: Span = timed("2027-01-10T14:00:00.000Z", "2027-01-10T15:00:00.000Z");
const TEN: Span = timed("2027-01-10T15:00:00.000Z", "2027-01-10T16:00:00.000Z");
const HALF_PAST: Span = timed("2027-01-10T14:30:00.000Z", "2027-01-10T15:30:00.000Z");

function timed(start: string, end: string): Span {
  return { kind: "timed", start, end };
}

/** The contract of `shared/ports/booking-source.ts`; every source that can be written to passes all of it. */
export function testBookingSourceContract(backing: SourceBacking): void {
  describe(`booking source on ${backing.name}`, () => {
    let bench: SourceBench;
    beforeEach(() => {
      bench = backing.open();
    });
    afterEach(() => bench.close());
    const opened = () => bench;

    testListing(opened);
    testReading(opened);
    testCheckouts(opened);
    testBooking(opened);
    testCancelling(opened);
    testTrouble(opened);
  });
}

type Opened = () => SourceBench;

function bookPriya({ outside, rooms }: SourceBench, span = NINE): Promise<string> {
  return outside.book({ room: rooms[0], span, customer: "Priya Raman", notes: "Putting lesson" });
}

function testListing(opened: Opened): void {
  test("a listing tells room, time, guest and notes of a live booking, and is complete", async () => {
    const { source, rooms } = opened();
    const id = await bookPriya(opened());

    const listing = await source.list(WINDOW);

    expect(listing).toMatchObject({ complete: true, bad: [] });
    expect(listing.bookings).toHaveLength(1);
    expect(listing.bookings[0]).toMatchObject({
      id,
      resources: [rooms[0]],
      span: NINE,
      fields: { customer: "Priya Raman", notes: "Putting lesson" },
    });
  });

  test("only what touches the window is listed, both edges exclusive", async () => {
    const { source } = opened();
    await bookPriya(opened());

    const before = await source.list({ from: "2027-01-08T00:00:00.000Z", to: NINE.start });
    const across = await source.list({ from: "2027-01-10T14:59:59.000Z", to: "2027-01-12T00:00:00.000Z" });
    const behind = await source.list({ from: NINE.end, to: "2027-01-12T00:00:00.000Z" });

    expect([before, across, behind].map(({ bookings }) => bookings.length)).toEqual([0, 1, 0]);
  });

  test("the same state has the same hash, and a change, a cancellation included, another", async () => {
    const { source, outside, rooms } = opened();
    const id = await bookPriya(opened());
    const hashes = [await hashOf(source, id), await hashOf(source, id)];

    await outside.change(id, { span: TEN });
    hashes.push(await hashOf(source, id));
    await outside.change(id, { notes: "Left-handed" });
    hashes.push(await hashOf(source, id));
    await outside.change(id, { room: rooms[1] });
    hashes.push(await hashOf(source, id));
    await outside.cancel(id);
    hashes.push(await hashOf(source, id));

    expect(hashes[0]).toBe(hashes[1]);
    expect(new Set(hashes).size).toBe(5);
  });

  test("a row that cannot be read is told alone, with its id and the reason", async () => {
    const { source, outside } = opened();
    const id = await bookPriya(opened());
    await outside.addBadRow();

    const listing = await source.list(WINDOW);

    expect(listing.bookings.map((booking) => booking.id)).toEqual([id]);
    expect(listing.bad).toHaveLength(1);
    expect(listing.bad[0]).toEqual({ id: expect.stringMatching(/./), reason: expect.stringMatching(/./) });
    expect(listing.complete).toBe(true);
  });
}

function testReading(opened: Opened): void {
  test("reading by id agrees with the listing, hash included, one by one and together", async () => {
    const { source } = opened();
    const ids = [await bookPriya(opened()), await bookPriya(opened(), TEN)];
    const listed = await source.list(WINDOW);

    const alone = await source.read([{ id: ids[0] ?? "" }]);
    const together = await source.read(ids.map((id) => ({ id, around: NINE })));

    for (const read of [alone, together]) {
      for (const [id, booking] of read) {
        const row = find(listed, id);
        expect(booking).toMatchObject({ status: "live", span: row?.span, resources: row?.resources, hash: row?.hash });
      }
    }
    expect([...together.keys()].sort()).toEqual([...ids].sort());
  });

  test("a booking that was moved far away is found by its id", async () => {
    const { source, outside } = opened();
    const id = await bookPriya(opened());
    const far = timed("2027-03-20T14:00:00.000Z", "2027-03-20T15:00:00.000Z");
    await outside.change(id, { span: far });

    const read = await source.read([{ id, around: NINE }]);

    expect(read.get(id)).toMatchObject({ status: "live", span: far });
  });

  test("a cancelled booking reads cancelled; a record that is gone or never was reads undefined", async () => {
    const { source, outside } = opened();
    const cancelled = await bookPriya(opened());
    const erased = await bookPriya(opened(), TEN);
    await outside.cancel(cancelled);
    await outside.erase(erased);

    const read = await source.read([{ id: cancelled, around: NINE }, { id: erased, around: TEN }, { id: "999998" }]);

    expect(read.get(cancelled)?.status).toBe("cancelled");
    expect([read.has(erased), read.get(erased)]).toEqual([true, undefined]);
    expect([read.has("999998"), read.get("999998")]).toEqual([true, undefined]);
  });
}

function testCheckouts(opened: Opened): void {
  test("S12: an unpaid checkout is pending while its slot is held, live once paid", async () => {
    const { source, outside, rooms } = opened();
    const { id } = await outside.checkOut({ room: rooms[0], span: NINE, customer: "Tom Eccles" });

    const held = await read(source, id);
    await outside.pay(id);
    const paid = await read(source, id);

    expect([held?.status, paid?.status]).toEqual(["pending", "live"]);
    expect(held?.hash).not.toBe(paid?.hash);
  });

  test("S12: an abandoned checkout is cancelled once its slot is free again, by listing and by id", async () => {
    const { source, outside, rooms, advance } = opened();
    const { id, holdMs } = await outside.checkOut({ room: rooms[0], span: NINE, customer: "Tom Eccles" });
    const before = find(await source.list(WINDOW), id);

    advance(holdMs + 1000);

    const after = find(await source.list(WINDOW), id);
    expect(after?.hash).not.toBe(before?.hash);
    expect(after?.status).toBe("cancelled");
    expect((await read(source, id))?.status).toBe("cancelled");
  });
}

function testBooking(opened: Opened): void {
  test("books the new time for the same guest, with the notes, and is found by its marker", async () => {
    const { source, rooms } = opened();
    const like = await readKnown(source, await bookPriya(opened()));

    const { id } = await source.book({ resource: rooms[1], span: HALF_PAST, marker: MARKER, like });
    const found = await source.findByMarker(MARKER, HALF_PAST);

    expect(id).not.toBe(like.id);
    expect(found.map((booking) => booking.id)).toEqual([id]);
    expect(found[0]).toMatchObject({
      status: "live",
      resources: [rooms[1]],
      span: HALF_PAST,
      fields: { customer: "Priya Raman", notes: "Putting lesson", marker: MARKER },
    });
    expect(await source.findByMarker("saga-8", HALF_PAST)).toEqual([]);
  });

  test("books for a guest whom the source knows by name only", async () => {
    const { source, rooms, outside } = opened();
    const walkIn = await outside.book({ room: rooms[0], span: NINE, customer: "Wanda of no account" });

    const like = await readKnown(source, walkIn);
    const { id } = await source.book({ resource: rooms[1], span: NINE, marker: MARKER, like });

    expect((await readKnown(source, id)).fields.customer).toBe("Wanda of no account");
  });

  test("a booking of ours that was cancelled is still found by its marker, as cancelled", async () => {
    const { source, rooms } = opened();
    const like = await readKnown(source, await bookPriya(opened()));
    const { id } = await source.book({ resource: rooms[1], span: HALF_PAST, marker: MARKER, like });
    await source.cancel(id);

    expect(await source.findByMarker(MARKER, HALF_PAST)).toMatchObject([{ id, status: "cancelled" }]);
  });

  test("a second move carries the new marker, not both", async () => {
    const { source, rooms } = opened();
    const like = await readKnown(source, await bookPriya(opened()));
    const first = await source.book({ resource: rooms[1], span: HALF_PAST, marker: "saga-1", like });

    const again = await readKnown(source, first.id);
    const second = await source.book({ resource: rooms[0], span: TEN, marker: "saga-2", like: again });

    const moved = await readKnown(source, second.id);
    expect(moved.fields).toMatchObject({ notes: "Putting lesson", marker: "saga-2" });
  });

  test("a slot somebody has is SLOT_TAKEN, and not available; a free one is", async () => {
    const { source, rooms } = opened();
    const like = await readKnown(source, await bookPriya(opened()));

    expect(await codeOf(source.book({ resource: rooms[0], span: HALF_PAST, marker: "s", like }))).toBe("SLOT_TAKEN");
    expect(await source.available({ resource: rooms[0], span: HALF_PAST })).toBe("taken");
    expect(await source.available({ resource: rooms[0], span: TEN })).toBe("free");
    expect(await source.available({ resource: rooms[1], span: HALF_PAST })).toBe("free");
  });

  test("a booking whose answer is lost is thrown, never repeated, and found by its marker", async () => {
    const { source, outside, rooms } = opened();
    const like = await readKnown(source, await bookPriya(opened()));
    await source.available({ resource: rooms[1], span: NINE });

    await outside.loseAnswer();
    const lost = await codeOf(source.book({ resource: rooms[1], span: NINE, marker: "saga-9", like }));

    expect(lost).toBe("PROVIDER_UNAVAILABLE");
    expect(await source.findByMarker("saga-9", NINE)).toHaveLength(1);
  });

  test("a room the source does not have is UNKNOWN_RESOURCE", async () => {
    const { source } = opened();
    const like = await readKnown(source, await bookPriya(opened()));

    expect(await codeOf(source.book({ resource: "Bay 9", span: TEN, marker: "s", like }))).toBe("UNKNOWN_RESOURCE");
  });
}

function testCancelling(opened: Opened): void {
  test("cancels once; who cancelled before can be told", async () => {
    const { source, outside } = opened();
    const ours = await bookPriya(opened());
    const theirs = await bookPriya(opened(), TEN);
    await outside.cancel(theirs);

    expect(await source.cancel(ours)).toBe("cancelled");
    expect(await source.cancel(ours)).toBe("already-cancelled");
    expect(await source.cancel(theirs)).toBe("already-cancelled");
    expect((await read(source, ours))?.status).toBe("cancelled");
  });

  test("a cancellation whose answer is lost counts as ours, not as the guest's", async () => {
    const { source, outside } = opened();
    const id = await bookPriya(opened());
    await read(source, id);

    await outside.loseAnswer();

    expect(await source.cancel(id)).toBe("cancelled");
    expect((await read(source, id))?.status).toBe("cancelled");
  });
}

function testTrouble(opened: Opened): void {
  test.each(TROUBLES)("S01: %s on any call is %s, never an absence", async (trouble, code) => {
    const bench = opened();
    const { source, outside, rooms } = bench;
    const id = await bookPriya(bench);
    const like = await readKnown(source, id);
    const calls: readonly (() => Promise<unknown>)[] = [
      () => source.list(WINDOW),
      () => source.read([{ id, around: NINE }]),
      () =>
        source.read([
          { id, around: NINE },
          { id: "999998", around: NINE },
        ]),
      () => source.available({ resource: rooms[0], span: NINE }),
      () => source.book({ resource: rooms[1], span: NINE, marker: "s", like }),
      () => source.findByMarker("s", NINE),
      () => source.cancel(id),
    ];

    for (const call of calls) {
      await outside.fail(trouble, 20);
      expect(await codeOf(call()), call.toString()).toBe(code);
      await outside.fail(trouble, 0);
      bench.advance(120_000);
    }
    expect(await read(source, id)).toMatchObject({ status: "live" });
    expect((await source.list(WINDOW)).bookings).toHaveLength(1);
  });

  test.each(["rate-limited", "unavailable", "no-answer"] as const)(
    "S44: two answers of %s are ridden out",
    async (trouble) => {
      const { source, outside } = opened();
      const id = await bookPriya(opened());

      await outside.fail(trouble, 2);
      expect((await source.list(WINDOW)).bookings).toHaveLength(1);
      await outside.fail(trouble, 2);
      expect(await read(source, id)).toMatchObject({ status: "live" });
      await outside.fail(trouble, 2);
      expect(await source.cancel(id)).toBe("cancelled");
    },
  );
}

async function read(source: BookingSource, id: string): Promise<SourceBooking | undefined> {
  return (await source.read([{ id, around: NINE }])).get(id);
}

async function readKnown(source: BookingSource, id: string): Promise<SourceBooking> {
  const booking = await read(source, id);
  if (booking === undefined) throw new Error(`${id} cannot be read`);
  return booking;
}

async function hashOf(source: BookingSource, id: string): Promise<string | undefined> {
  return find(await source.list(WINDOW), id)?.hash;
}

function find({ bookings }: SourceListing, id: string): SourceBooking | undefined {
  return bookings.find((booking) => booking.id === id);
}
