import { describe, expect, test } from "vitest";
import { work } from "./clockwork.ts";
import { shownIn } from "./room-calendars.ts";
import { expectCalm, openReviews } from "./sides.ts";
import { atDesk, CALENDARS, openTown, ROOM_1, reservationOf, reserve, type Town } from "./town.ts";

async function shown({ studio }: Town): Promise<string[]> {
  return (await shownIn(studio, ROOM_1)).map(reservationOf).filter((id) => id !== undefined);
}

describe.each(CALENDARS)("S07: a reservation that is cancelled and made again under a new id, on %s", (calendar) => {
  test("ends with the one event of the new one", async () => {
    const town = await openTown({ calendar });

    await atDesk(town.studio, "cancel", { id: town.id });
    const next = await reserve(town.studio);
    await work(town.studio, town.wire);

    expect(await shown(town)).toEqual([next]);
    expect(await openReviews(town.studio)).toEqual([]);
    await expectCalm(town.studio, town.wire);
  });

  test("leaves no moment in which the room looks free where the new one is there first", async () => {
    const town = await openTown({ calendar });

    const next = await reserve(town.studio, { force: true });
    await work(town.studio, town.wire);
    expect(await shown(town)).toHaveLength(1);
    await atDesk(town.studio, "cancel", { id: town.id });
    await work(town.studio, town.wire);

    expect(await shown(town)).toEqual([next]);
    expect(await openReviews(town.studio)).toEqual([]);
    await expectCalm(town.studio, town.wire);
  });

  test("stays one event, though the worker dies over the cancellation and every message comes twice", async () => {
    const town = await openTown({ calendar });
    town.wire.atStep(4, () => town.wire.die());

    await atDesk(town.studio, "cancel", { id: town.id }, "notify-double");
    const next = await reserve(town.studio, {}, "notify-double");
    await work(town.studio, town.wire);

    expect(await shown(town)).toEqual([next]);
    await expectCalm(town.studio, town.wire);
  });
});
