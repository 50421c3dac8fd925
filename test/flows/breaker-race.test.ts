import { expect, test } from "vitest";
import type { BreakerDoc } from "../../shared/flows/breaker-doc.ts";

import type { StoreFactory } from "../../shared/ports/store.ts";
import { memoryStores } from "../fakes/memory-store.ts";
import { BAY_1, openRunningStudio } from "./studio.ts";

const SCOPE = { collection: "breakers", id: "source:uschedule" };

/** Stores in which another room counts its own cancellation just before ours is written, once. */
function racingStores(theirs: BreakerDoc): StoreFactory {
  const stores = memoryStores();
  let raced = false;
  return {
    close: () => stores.close(),
    workspace(name) {
      const store = stores.workspace(name);
      return {
        ...store,
        async commit(writes) {
          if (!raced && writes.some(({ ref }) => ref.collection === SCOPE.collection)) {
            raced = true;
            await store.commit([{ kind: "put", ref: SCOPE, data: theirs }]);
          }
          return store.commit(writes);
        },
      };
    },
  };
}

test("held-by-breaker: a cancellation that races with another room's is counted all the same", async () => {
  const other = { at: "2027-01-11T08:00:00.000Z", key: "theirs", since: "2027-01-10T08:00:00.000Z" };
  const studio = await openRunningStudio({ stores: racingStores({ scope: SCOPE.id, counted: [other] }) });
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await studio.book(1, "2027-01-12T12:00:00");
  await studio.settle();

  await studio.deleteEvent(BAY_1, (await studio.eventOf(BAY_1, id)).id);
  await studio.settle();

  const breaker = await studio.store.get<BreakerDoc>(SCOPE);
  const [map] = (await studio.maps()).filter(({ bookingId }) => bookingId === id);
  expect(breaker?.data.counted.map(({ key }) => key)).toEqual(["theirs", `uschedule:${id}~bay-1`]);
  expect(map?.journal.at(-1)).toMatchObject({ rule: "event-deleted" });
  expect(await studio.appointment(id)).toMatchObject({ StatusID: 9 });
});
