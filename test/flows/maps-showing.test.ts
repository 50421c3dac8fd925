import { expect, test } from "vitest";
import { type EventMap, mapRef } from "../../shared/flows/documents.ts";
import { mapsShowing } from "../../shared/flows/list-calendar.ts";
import type { Write } from "../../shared/ports/store.ts";
import { BAY_1, openStudio, WS } from "./studio.ts";

const NOW = "2027-01-11T08:00:00.000Z";

function activeMap(number: number, endsAt: string): Write {
  const key = `uschedule:${number}`;
  const map: EventMap = {
    ...{ key, source: "uschedule", bookingId: String(number), resource: "bay-1", calendarId: BAY_1 },
    ...{ eventId: `lockstep${number}`, incarnation: 0, status: "active", dirty: false, nextAttempt: "", attempts: 0 },
    ...{ endsAt, since: NOW, restored: 0, journal: [] },
  };
  return { kind: "put", ref: mapRef(key, "bay-1"), data: map };
}

test("more maps than one page holds are all found, also where several end at the same time", async () => {
  const { world, store } = await openStudio();
  const ends = (number: number) => `2027-01-${12 + Math.floor(number / 100)}T10:00:00.000Z`;
  const maps = Array.from({ length: 1_250 }, (_, number) => activeMap(number, ends(number)));
  for (let from = 0; from < maps.length; from += 500) await store.commit(maps.slice(from, from + 500));

  const shown = await mapsShowing(world, WS, BAY_1, NOW);

  expect(new Set(shown.map(({ bookingId }) => bookingId)).size).toBe(1_250);
  expect(shown).toHaveLength(1_250);
});
