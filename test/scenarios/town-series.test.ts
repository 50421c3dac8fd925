import { describe, expect, test } from "vitest";
import { pass, work } from "./clockwork.ts";
import { drag, shownIn } from "./room-calendars.ts";
import { expectCalm, openReviews } from "./sides.ts";
import { atDesk, CALENDARS, openTown, ROOM_1, reserve, type Town } from "./town.ts";

// A recurring reservation is on the calendar occurrence by occurrence; series that people make: `imported-series.test.ts`.
const WEEKLY = { start: "2027-01-13T18:00:00", end: "2027-01-13T20:00:00", recurrence: "FREQ=WEEKLY;COUNT=3" };

async function chess({ studio }: Town) {
  const events = (await shownIn(studio, ROOM_1)).filter(({ title }) => title.startsWith("Chess"));
  return events.toSorted((one, other) => one.start.localeCompare(other.start));
}

async function starts(town: Town): Promise<string[]> {
  return (await chess(town)).map(({ start }) => start.slice(0, 16));
}

describe.each(CALENDARS)("on %s", (calendar) => {
  async function open(times: object): Promise<Town & { readonly series: string }> {
    const town = await openTown({ calendar });
    const series = await reserve(town.studio, { ...times, title: "Chess" });
    await pass(town.studio, 5, town.wire);
    return { ...town, series };
  }

  test("S42: one occurrence dragged is put back and asked about; then the series moves, and none stays at its old time", async () => {
    const town = await open(WEEKLY);
    const { studio, wire, series } = town;
    const [, second] = await chess(town);

    await drag(studio, second?.id ?? "", "2027-01-21T08:00:00", "2027-01-21T10:00:00");
    await work(studio, wire);
    expect(await starts(town)).toEqual(["2027-01-13T17:00", "2027-01-20T17:00", "2027-01-27T17:00"]);
    expect((await openReviews(studio)).join()).toContain(`booking:${series}@`);

    await atDesk(studio, "move", { id: series, start: "2027-01-14T09:00:00", end: "2027-01-14T11:00:00" });
    await pass(studio, 30, wire);
    expect(await starts(town)).toEqual(["2027-01-14T08:00", "2027-01-21T08:00", "2027-01-28T08:00"]);
    await expectCalm(studio, wire);
  });

  test("S42: a series renamed at the desk renames each occurrence, in place", async () => {
    const town = await open(WEEKLY);
    const { studio, wire, series } = town;
    const before = await chess(town);

    await atDesk(studio, "edit", { id: series, title: "Chess club" });
    await pass(studio, 10, wire);

    expect(await chess(town)).toMatchObject(before.map(({ id, start }) => ({ id, start, title: "Chess club" })));
    await expectCalm(studio, wire);
  });

  test.each([
    ["on the 31st", "2027-01-31", "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=2", ["2027-01-31T17:00", "2027-03-31T16:00"]],
    [
      "on the last Friday",
      "2027-01-29",
      "FREQ=MONTHLY;BYDAY=-1FR;COUNT=3",
      ["2027-01-29T17:00", "2027-02-26T17:00", "2027-03-26T17:00"],
    ],
  ])("S43: monthly %s is shown on just those days", async (_, day, recurrence, days) => {
    const town = await open({ start: `${day}T18:00:00`, end: `${day}T20:00:00`, recurrence });

    expect(await starts(town)).toEqual(days);
    await expectCalm(town.studio, town.wire);
  });
});
