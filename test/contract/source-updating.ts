import { expect, test } from "vitest";
import { bookPriya, HALF_PAST, NINE, type Opened, read, readKnown, TEN, updating } from "./source-bench.ts";
import { codeOf } from "./trouble.ts";

/** Where a move is an update in place, resting on the booking as it was read. */
export function testUpdating(opened: Opened): void {
  test("moves in place: the same id and words, the new time and room, another hash, and a newer version where it tells one", async () => {
    const { rooms } = opened();
    const source = updating(opened());
    const as = await readKnown(source, await bookPriya(opened()));
    const { id, fields } = as;

    const moved = await source.update({ id, as, span: HALF_PAST, resource: rooms[1] });

    expect(moved).toMatchObject({ id, status: "live", span: HALF_PAST, resources: [rooms[1]], fields });
    expect(moved.hash).not.toBe(as.hash);
    expect(moved.version ?? 1).toBeGreaterThan(as.version ?? 0);
    expect(await readKnown(source, id)).toEqual(moved);
  });

  test("a move into its own old slot is no clash with itself", async () => {
    const source = updating(opened());
    const as = await readKnown(source, await bookPriya(opened()));
    const { id } = as;

    expect(await source.update({ id, as, span: HALF_PAST })).toMatchObject({ span: HALF_PAST });
  });

  test("writes words by their names, and leaves the time alone", async () => {
    const source = updating(opened());
    const as = await readKnown(source, await bookPriya(opened()));
    const { id } = as;

    const edited = await source.update({ id, as, fields: { notes: "Left-handed" } });

    expect(edited).toMatchObject({ span: NINE, fields: { customer: "Priya Raman", notes: "Left-handed" } });
    expect(await codeOf(source.update({ id, as: edited, fields: { shoeSize: "42" } }))).toBe("PROVIDER_REFUSED");
  });

  test("what rests on an older state is BOOKING_CHANGED, and changes nothing", async () => {
    const { outside } = opened();
    const source = updating(opened());
    const as = await readKnown(source, await bookPriya(opened()));
    const { id } = as;
    await outside.change(id, { notes: "Left-handed" });

    expect(await codeOf(source.update({ id, as, span: TEN }))).toBe("BOOKING_CHANGED");
    expect(await readKnown(source, id)).toMatchObject({ span: NINE, fields: { notes: "Left-handed" } });
  });

  test("a booking that was cancelled or erased meanwhile is BOOKING_CHANGED", async () => {
    const { outside } = opened();
    const source = updating(opened());
    const cancelled = await readKnown(source, await bookPriya(opened()));
    const erased = await readKnown(source, await bookPriya(opened(), TEN));
    await outside.cancel(cancelled.id);
    await outside.erase(erased.id);
    const now = await readKnown(source, cancelled.id);

    for (const as of [cancelled, now, erased]) {
      expect(await codeOf(source.update({ id: as.id, as, span: HALF_PAST }))).toBe("BOOKING_CHANGED");
    }
    expect((await read(source, cancelled.id))?.status).toBe("cancelled");
  });

  test("a slot somebody has is SLOT_TAKEN, and nothing is changed", async () => {
    const source = updating(opened());
    const as = await readKnown(source, await bookPriya(opened()));
    const { id } = as;
    await bookPriya(opened(), TEN);

    expect(await codeOf(source.update({ id, as, span: HALF_PAST }))).toBe("SLOT_TAKEN");
    expect(await readKnown(source, id)).toEqual(as);
  });

  test("a room the source does not have is UNKNOWN_RESOURCE", async () => {
    const source = updating(opened());
    const as = await readKnown(source, await bookPriya(opened()));
    const { id } = as;

    expect(await codeOf(source.update({ id, as, resource: "Bay 9" }))).toBe("UNKNOWN_RESOURCE");
  });

  test("a change whose answer is lost shows as BOOKING_CHANGED, and a read tells that it took effect", async () => {
    const { outside } = opened();
    const source = updating(opened());
    const as = await readKnown(source, await bookPriya(opened()));
    const { id } = as;

    await outside.loseAnswer();

    expect(await codeOf(source.update({ id, as, span: TEN }))).toBe("BOOKING_CHANGED");
    expect(await readKnown(source, id)).toMatchObject({ span: TEN });
  });

  test("S06: a cancelled booking is enabled under its own id, unless somebody has its slot now", async () => {
    const { outside } = opened();
    const source = updating(opened());
    const id = await bookPriya(opened());
    await outside.cancel(id);

    expect(await source.enable(id)).toMatchObject({ id, status: "live", span: NINE });
    await outside.cancel(id);
    await bookPriya(opened());
    expect(await codeOf(source.enable(id))).toBe("SLOT_TAKEN");
    expect(await codeOf(source.enable("999998"))).toBe("BOOKING_CHANGED");
  });
}
