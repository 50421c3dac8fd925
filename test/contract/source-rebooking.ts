import { expect, test } from "vitest";
import { bookPriya, HALF_PAST, NINE, type Opened, readKnown, rebooking, TEN } from "./source-bench.ts";
import { codeOf } from "./trouble.ts";

/** As the saga makes them: a booking's id, a dot, random hex. */
const MARKER = "410001.9f2c41d07ab3";

/** Where a move is a new booking: what the saga of R4 rests on. */
export function testRebooking(opened: Opened): void {
  test("books the new time for the same guest, with the notes, and is found by its marker", async () => {
    const { rooms } = opened();
    const source = rebooking(opened());
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
    const { rooms, outside } = opened();
    const source = rebooking(opened());
    const walkIn = await outside.book({ room: rooms[0], span: NINE, customer: "Wanda of no account" });

    const like = await readKnown(source, walkIn);
    const { id } = await source.book({ resource: rooms[1], span: NINE, marker: MARKER, like });

    expect((await readKnown(source, id)).fields.customer).toBe("Wanda of no account");
  });

  test("a booking of ours that was cancelled is still found by its marker, as cancelled", async () => {
    const { rooms } = opened();
    const source = rebooking(opened());
    const like = await readKnown(source, await bookPriya(opened()));
    const { id } = await source.book({ resource: rooms[1], span: HALF_PAST, marker: MARKER, like });
    await source.cancel(id);

    expect(await source.findByMarker(MARKER, HALF_PAST)).toMatchObject([{ id, status: "cancelled" }]);
  });

  test("a second move carries the new marker, not both", async () => {
    const { rooms } = opened();
    const source = rebooking(opened());
    const like = await readKnown(source, await bookPriya(opened()));
    const first = await source.book({ resource: rooms[1], span: HALF_PAST, marker: "saga-1", like });

    const again = await readKnown(source, first.id);
    const second = await source.book({ resource: rooms[0], span: TEN, marker: "saga-2", like: again });

    const moved = await readKnown(source, second.id);
    expect(moved.fields).toMatchObject({ notes: "Putting lesson", marker: "saga-2" });
  });

  test("a slot somebody has is SLOT_TAKEN, and not available; a free one is", async () => {
    const { rooms } = opened();
    const source = rebooking(opened());
    const like = await readKnown(source, await bookPriya(opened()));

    expect(await codeOf(source.book({ resource: rooms[0], span: HALF_PAST, marker: "s", like }))).toBe("SLOT_TAKEN");
    expect(await source.available({ resource: rooms[0], span: HALF_PAST })).toBe("taken");
    expect(await source.available({ resource: rooms[0], span: TEN })).toBe("free");
    expect(await source.available({ resource: rooms[1], span: HALF_PAST })).toBe("free");
  });

  test("a booking whose answer is lost is thrown, never repeated, and found by its marker", async () => {
    const { outside, rooms } = opened();
    const source = rebooking(opened());
    const like = await readKnown(source, await bookPriya(opened()));
    await source.available({ resource: rooms[1], span: NINE });

    await outside.loseAnswer();
    const lost = await codeOf(source.book({ resource: rooms[1], span: NINE, marker: "saga-9", like }));

    expect(lost).toBe("PROVIDER_UNAVAILABLE");
    expect(await source.findByMarker("saga-9", NINE)).toHaveLength(1);
  });

  test("a room the source does not have is UNKNOWN_RESOURCE", async () => {
    const source = rebooking(opened());
    const like = await readKnown(source, await bookPriya(opened()));

    expect(await codeOf(source.book({ resource: "Bay 9", span: TEN, marker: "s", like }))).toBe("UNKNOWN_RESOURCE");
  });
}
