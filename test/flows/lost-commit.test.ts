import { expect, test } from "vitest";
import { LockstepError } from "../../shared/errors.ts";
import type { StoreFactory } from "../../shared/ports/store.ts";
import { memoryStores } from "../fakes/memory-store.ts";
import { BAY_1, openRunningStudio } from "./studio.ts";

/** Stores whose commits fail while `failing.on`. */
function failingStores(failing: { on: boolean }): StoreFactory {
  const stores = memoryStores();
  return {
    close: () => stores.close(),
    workspace(name) {
      const store = stores.workspace(name);
      return {
        ...store,
        commit: (writes) => {
          if (failing.on) throw new LockstepError("STORE_UNAVAILABLE", { detail: "as the test wants it" });
          return store.commit(writes);
        },
      };
    },
  };
}

/** A booking that staff moved to 14:00: its event says so already, and the commit after that write was lost. */
async function openAfterLostCommit(options: Omit<Parameters<typeof openRunningStudio>[0], "stores"> = {}) {
  const failing = { on: false };
  const studio = await openRunningStudio({ ...options, stores: failingStores(failing) });
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await studio.settle();
  await studio.staff("edit", { id, StartTime: "2027-01-12T14:00:00" });
  failing.on = true;
  await expect(studio.settle()).rejects.toThrow("as the test wants it");
  failing.on = false;
  return { studio, id, event: await studio.eventOf(BAY_1, id) };
}

test("a person who deletes the event after our write counts, even where our commit was lost", async () => {
  const { studio, id, event } = await openAfterLostCommit();
  expect(event.start.dateTime).toContain("2027-01-12T14:00:00");

  await studio.deleteEvent(BAY_1, event.id);
  await studio.turnSchedulers();

  expect(await studio.appointment(id)).toMatchObject({ StatusID: 9 });
  expect(await studio.events(BAY_1)).toEqual([]);
});

test("a drag after our write counts, even where our commit was lost and the notes changed since", async () => {
  const { studio, id, event } = await openAfterLostCommit({ resource: { description: "{notes}" } });

  await studio.drag(BAY_1, event.id, "2027-01-12T16:00:00", "2027-01-12T17:00:00");
  await studio.staff("edit", { id, Notes: "left-handed" });
  await studio.turnSchedulers();
  await studio.turnSchedulers();

  const live = (await studio.appointments()).filter(({ StatusID }) => StatusID === 1);
  expect(live).toMatchObject([{ StartTime: "2027-01-12T16:00:00" }]);
  expect(await studio.events(BAY_1)).toMatchObject([{ id: event.id, description: "left-handed" }]);
});
