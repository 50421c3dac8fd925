import { expect, test } from "vitest";
import { BAY_1, BAY_2, openRunningStudio } from "./studio.ts";

/** A booking whose event was made, and carried to bay 2 by a person, without our hearing of either. */
async function carriedBeforeItWasKnown() {
  const studio = await openRunningStudio();
  const path = `/google/calendar/v3/calendars/${encodeURIComponent(BAY_1)}/events`;
  await studio.call("POST", "/sandbox/faults", {
    rules: [
      { api: "google", method: "POST", path: "/events", kinds: ["timeout-after", "notify-lost"], times: 9 },
      { api: "google", method: "GET", path: "/events", kinds: ["status=503"], times: 30 },
    ],
  });
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await studio.settle();
  await studio.call("DELETE", "/sandbox/faults");
  const event = await studio.eventOf(BAY_1, id);
  const move = `${path}/${event.id}/move?destination=${encodeURIComponent(BAY_2)}`;
  await studio.call("POST", move, undefined, { "x-sandbox-fault": "notify-lost" });
  return { studio, id };
}

type Studio = Awaited<ReturnType<typeof carriedBeforeItWasKnown>>["studio"];

async function turnForMinutes(studio: Studio) {
  studio.clock.advance(61_000);
  await studio.sweep();
  for (let turn = 0; turn < 6; turn++) {
    studio.clock.advance(61_000);
    await studio.turnSchedulers();
  }
}

test("S59: an event moved to the other calendar before we knew that our insert had worked cancels nothing", async () => {
  const { studio } = await carriedBeforeItWasKnown();

  await turnForMinutes(studio);

  const [moved, ...others] = [...(await studio.events(BAY_1)), ...(await studio.events(BAY_2))];
  const newId = moved?.extendedProperties?.private?.["uscheduleAppointmentId"] ?? "";
  expect(others).toEqual([]);
  expect(await studio.appointment(newId)).toMatchObject({ StatusID: 1 });
});

test("S59: what the source says since then reaches the event that was moved before we knew of it", async () => {
  const { studio, id } = await carriedBeforeItWasKnown();
  await studio.staff("edit", { id, CustomerName: "Sam Okafor" });

  await turnForMinutes(studio);

  const [moved] = await studio.events(BAY_2);
  expect(moved?.summary).toContain("Sam Okafor");
});
