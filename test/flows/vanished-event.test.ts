import { expect, test } from "vitest";
import { BAY_1, openRunningStudio } from "./studio.ts";

test("R10: two 404s and a list that lacks the event cancel nothing where deleted events can be read", async () => {
  const studio = await openRunningStudio();
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await studio.settle();
  const { id: eventId } = await studio.eventOf(BAY_1, id);
  await studio.call("POST", "/sandbox/faults", {
    rules: [
      { api: "google", method: "GET", path: `^/google/.*/events/${eventId}$`, kinds: ["no-access"], times: 2 },
      { api: "google", method: "GET", path: "^/google/.*/events$", kinds: [`omit=${eventId}`], times: 2 },
    ],
  });

  await studio.sweep();
  await studio.settle();
  await studio.call("DELETE", "/sandbox/faults");
  for (let turn = 0; turn < 5; turn++) {
    studio.clock.advance(180_000);
    await studio.turnSchedulers();
  }

  expect((await studio.appointment(id))?.["StatusID"]).toBe(1);
  expect((await studio.eventOf(BAY_1, id)).id).toBe(eventId);
});
