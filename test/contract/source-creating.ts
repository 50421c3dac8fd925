import { expect, test } from "vitest";
import type { BookingCreator } from "../../shared/ports/booking-source.ts";
import type { Span } from "../../shared/sync/time.ts";
import { bookPriya, creating, HALF_PAST, NINE, type Opened, readKnown, TEN, timed, WINDOW } from "./source-bench.ts";
import { codeOf } from "./trouble.ts";

/** Where what people put on a calendar can become a booking. */
export function testCreating(opened: Opened): void {
  const orderOf = (span: Span, key = "loft-2f1c41d07ab3"): Parameters<BookingCreator["create"]>[0] => ({
    ...{ key, kind: opened().kind, resource: opened().rooms[0], span },
    fields: { title: "Budget meeting", notes: "Bring the plan", customer: "Ola Nordmann" },
  });

  test("makes a booking of the kind, room, time and words that were asked for", async () => {
    const { rooms, kind } = opened();
    const source = creating(opened());

    const made = await source.create(orderOf(NINE));

    expect(made).toMatchObject({ status: "live", kind, resources: [rooms[0]], span: NINE });
    expect(made.fields).toMatchObject({ title: "Budget meeting", notes: "Bring the plan", customer: "Ola Nordmann" });
    expect(await readKnown(source, made.id)).toEqual(made);
  });

  test("S15: the same order under the same key is one booking, also where the first answer was lost", async () => {
    const { outside } = opened();
    const source = creating(opened());

    await outside.loseAnswer();
    const first = await source.create(orderOf(NINE));
    const second = await source.create(orderOf(NINE));

    expect(second.id).toBe(first.id);
    expect((await source.list(WINDOW)).bookings).toHaveLength(1);
  });

  test("a slot somebody has is SLOT_TAKEN, and its key can be used again", async () => {
    const source = creating(opened());
    await bookPriya(opened());

    expect(await codeOf(source.create(orderOf(HALF_PAST)))).toBe("SLOT_TAKEN");
    expect(await source.create(orderOf(TEN))).toMatchObject({ status: "live", span: TEN });
  });

  test("a room the source does not have is UNKNOWN_RESOURCE, an impossible time PROVIDER_REFUSED", async () => {
    const source = creating(opened());
    const backwards = timed("2027-01-10T15:00:00.000Z", "2027-01-10T14:00:00.000Z");

    expect(await codeOf(source.create({ ...orderOf(NINE), resource: "Bay 9" }))).toBe("UNKNOWN_RESOURCE");
    expect(await codeOf(source.create(orderOf(backwards)))).toBe("PROVIDER_REFUSED");
  });
}
