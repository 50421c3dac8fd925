import { expect, test } from "vitest";
import { BAY_1, BAY_2, openRunningStudio } from "./studio.ts";

test("S59: a booking that was moved and renamed shows its new name on the event that people carried after it", async () => {
  const studio = await openRunningStudio();
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await studio.settle();
  const event = await studio.eventOf(BAY_1, id);
  const path = `/google/calendar/v3/calendars/${encodeURIComponent(BAY_1)}/events/${event.id}`;
  await studio.call("POST", `${path}/move?destination=${encodeURIComponent(BAY_2)}`);
  await studio.staff("edit", { id, ResourceName: "Bay 2", CustomerName: "Sam Okafor" });
  await studio.settle();

  for (let turn = 0; turn < 3; turn++) {
    studio.clock.advance(61_000);
    await studio.turnSchedulers();
  }

  expect(await studio.events(BAY_1)).toEqual([]);
  expect((await studio.eventOf(BAY_2, id)).summary).toContain("Sam Okafor");
});
