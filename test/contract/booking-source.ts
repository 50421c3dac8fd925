import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BookingSource, SourceBooking, SourceListing } from "../../shared/ports/booking-source.ts";
import {
  bookPriya,
  type Checkouts,
  cancelling,
  NINE,
  type Opened,
  read,
  readKnown,
  type SourceBacking,
  type SourceBench,
  TEN,
  timed,
  WINDOW,
} from "./source-bench.ts";
import { testCreating } from "./source-creating.ts";
import { testRebooking } from "./source-rebooking.ts";
import { testUpdating } from "./source-updating.ts";
import { codeOf, TROUBLES } from "./trouble.ts";

/** The contract of `shared/ports/booking-source.ts`: every source passes whatever its tags promise. */
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
    testTrouble(opened);
    const { source, checkouts, close } = backing.open();
    close();
    if (checkouts !== undefined) testCheckouts(opened);
    if (source.moves === "rebook") testRebooking(opened);
    if (source.moves === "update") testUpdating(opened);
    if (source.creates) testCreating(opened);
    if (source.cancels) testCancelling(opened);
  });
}

function testListing(opened: Opened): void {
  test("a listing tells room, time, guest and notes of a live booking, and is complete", async () => {
    const { source, rooms, lacksNotes } = opened();
    const id = await bookPriya(opened());

    const listing = await source.list(WINDOW);

    expect(listing).toMatchObject({ complete: true, bad: [] });
    expect(listing.bookings).toHaveLength(1);
    expect(listing.bookings[0]).toMatchObject({
      id,
      resources: [rooms[0]],
      span: NINE,
      fields: { customer: "Priya Raman", ...(lacksNotes === true ? {} : { notes: "Putting lesson" }) },
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
    const { source, outside, rooms, changesRooms } = opened();
    const id = await bookPriya(opened());
    const hashes = [await hashOf(source, id), await hashOf(source, id)];

    await outside.change(id, { span: TEN });
    hashes.push(await hashOf(source, id));
    await outside.change(id, { notes: "Left-handed" });
    hashes.push(await hashOf(source, id));
    if (changesRooms) await outside.change(id, { room: rooms[1] });
    hashes.push(await hashOf(source, id));
    await outside.cancel(id);
    hashes.push(await hashOf(source, id));

    expect(hashes[0]).toBe(hashes[1]);
    expect(new Set(hashes).size).toBe(changesRooms ? 5 : 4);
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
    const { source, rooms } = opened();
    const { checkOut, pay } = checkouts(opened());
    const { id } = await checkOut({ room: rooms[0], span: NINE, customer: "Tom Eccles" });

    const held = await read(source, id);
    await pay(id);
    const paid = await read(source, id);

    expect([held?.status, paid?.status]).toEqual(["pending", "live"]);
    expect(held?.hash).not.toBe(paid?.hash);
  });

  test("S12: an abandoned checkout is cancelled once its slot is free again, by listing and by id", async () => {
    const { source, rooms, advance } = opened();
    const { id, holdMs } = await checkouts(opened()).checkOut({ room: rooms[0], span: NINE, customer: "Tom Eccles" });
    const before = find(await source.list(WINDOW), id);

    advance(holdMs + 1000);

    const after = find(await source.list(WINDOW), id);
    expect(after?.hash).not.toBe(before?.hash);
    expect(after?.status).toBe("cancelled");
    expect((await read(source, id))?.status).toBe("cancelled");
  });
}

function checkouts(bench: SourceBench): Checkouts {
  if (bench.checkouts === undefined) throw new Error("nothing is checked out here");
  return bench.checkouts;
}

function testCancelling(opened: Opened): void {
  test("cancels once; who cancelled before can be told", async () => {
    const { outside } = opened();
    const source = cancelling(opened());
    const ours = await bookPriya(opened());
    const theirs = await bookPriya(opened(), TEN);
    await outside.cancel(theirs);

    expect(await source.cancel(ours)).toBe("cancelled");
    expect(await source.cancel(ours)).toBe("already-cancelled");
    expect(await source.cancel(theirs)).toBe("already-cancelled");
    expect((await read(source, ours))?.status).toBe("cancelled");
  });

  test("a cancellation whose answer is lost is not told as the guest's", async () => {
    const { outside } = opened();
    const source = cancelling(opened());
    const id = await bookPriya(opened());
    await read(source, id);

    await outside.loseAnswer();

    expect(await source.cancel(id)).toBe(outside.knowsItsCallers === true ? "cancelled" : "unsure");
    expect((await read(source, id))?.status).toBe("cancelled");
  });
}

function testTrouble(opened: Opened): void {
  test.each(TROUBLES)("S01: %s on any call is %s, never an absence", async (trouble, code) => {
    const bench = opened();
    const { source, outside } = bench;
    const id = await bookPriya(bench);
    const calls: readonly (() => Promise<unknown>)[] = [
      () => source.list(WINDOW),
      () => source.read([{ id, around: NINE }]),
      () =>
        source.read([
          { id, around: NINE },
          { id: "999998", around: NINE },
        ]),
      ...writesOf(bench, await readKnown(source, id)),
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
      if (!source.cancels) return;
      await outside.fail(trouble, 2);
      expect(await source.cancel(id)).toBe("cancelled");
    },
  );
}

/** Every call that changes or prepares a change, as far as the source has it. */
function writesOf({ source, rooms, kind }: SourceBench, like: SourceBooking): (() => Promise<unknown>)[] {
  const [first, second] = rooms;
  const { id } = like;
  const order = { key: "key-1", kind, resource: second, span: TEN, fields: {} } as const;
  const calls: (() => Promise<unknown>)[] = [];
  if (source.moves === "rebook") {
    calls.push(
      () => source.available({ resource: first, span: NINE }),
      () => source.book({ resource: second, span: NINE, marker: "s", like }),
      () => source.findByMarker("s", NINE),
    );
  }
  if (source.moves === "update") {
    calls.push(
      () => source.update({ id, as: like, span: TEN }),
      () => source.enable(id),
    );
  }
  if (source.creates) calls.push(() => source.create(order));
  if (source.cancels) calls.push(() => source.cancel(id));
  return calls;
}

async function hashOf(source: BookingSource, id: string): Promise<string | undefined> {
  return find(await source.list(WINDOW), id)?.hash;
}

function find({ bookings }: SourceListing, id: string): SourceBooking | undefined {
  return bookings.find((booking) => booking.id === id);
}
