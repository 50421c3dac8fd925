import { expect, test } from "vitest";
import { BAY_1, BAY_2, openRunningStudio } from "./studio.ts";

const PATH = `/google/calendar/v3/calendars/${encodeURIComponent(BAY_1)}/events`;

/** A cancelled booking whose event was about to be struck out (policy `mark`) when the calendar failed. */
async function aboutToBeStruckOut() {
  const studio = await openRunningStudio({ policy: { cancellation: "mark" } });
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await studio.settle();
  const event = await studio.eventOf(BAY_1, id);
  await studio.call("POST", "/sandbox/faults", {
    rules: [{ api: "google", method: "PATCH", path: "/events", kinds: ["status=503"], times: 30 }],
  });
  await studio.staff("cancel", { id });
  await studio.settle();
  await studio.call("DELETE", "/sandbox/faults");
  return { studio, event };
}

type Studio = Awaited<ReturnType<typeof aboutToBeStruckOut>>["studio"];

async function turnForMinutes(studio: Studio) {
  for (let turn = 0; turn < 6; turn++) {
    studio.clock.advance(61_000);
    await studio.sweep();
    await studio.turnSchedulers();
  }
}

async function takeBackFromTheBin(studio: Studio, eventId: string) {
  await studio.call("PATCH", `${PATH}/${eventId}`, { status: "confirmed" });
  await turnForMinutes(studio);
}

test("an event deleted before it was struck out is struck out when it is taken back from the bin", async () => {
  const { studio, event } = await aboutToBeStruckOut();
  await studio.deleteEvent(BAY_1, event.id);
  await turnForMinutes(studio);

  await takeBackFromTheBin(studio, event.id);

  expect(await studio.events(BAY_1)).toMatchObject([{ id: event.id, summary: expect.stringMatching(/^Cancelled: /) }]);
});

test("an event carried away before it was struck out is struck out when it is taken back from the bin", async () => {
  const { studio, event } = await aboutToBeStruckOut();
  await studio.call("POST", `${PATH}/${event.id}/move?destination=${encodeURIComponent(BAY_2)}`);
  await turnForMinutes(studio);

  await takeBackFromTheBin(studio, event.id);

  expect(await studio.events(BAY_1)).toMatchObject([{ id: event.id, summary: expect.stringMatching(/^Cancelled: /) }]);
  expect(await studio.events(BAY_2)).toEqual([]);
});

test("a drag of an event that was revived counts, though the answer to its revival was lost", async () => {
  const studio = await openRunningStudio({ policy: { cancellation: "mark" } });
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await studio.settle();
  const event = await studio.eventOf(BAY_1, id);
  await studio.staff("cancel", { id });
  await studio.settle();
  const patches = { api: "google", method: "PATCH", path: "/events" };
  await studio.call("POST", "/sandbox/faults", {
    rules: [
      { ...patches, kinds: ["timeout-after"], times: 1 },
      { ...patches, kinds: ["status=503"], skip: 1, times: 30 },
    ],
  });
  await studio.staff("reenable", { id });
  await studio.settle();
  await studio.call("DELETE", "/sandbox/faults");

  await studio.drag(BAY_1, event.id, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
  await turnForMinutes(studio);

  const shown = await studio.events(BAY_1);
  expect(shown).toMatchObject([{ id: event.id, start: { dateTime: expect.stringContaining("2027-01-13T15:00:00") } }]);
  expect((await studio.maps()).find(({ status }) => status === "active")?.base?.booking.span).toMatchObject({
    start: "2027-01-13T15:00:00.000Z",
  });
});
