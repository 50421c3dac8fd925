import { expect, test } from "vitest";
import { LockstepError } from "../../shared/errors.ts";
import { approveHold, rejectHold, undoHold } from "../../shared/flows/holds.ts";
import { tend } from "../../shared/flows/tend.ts";
import type { World } from "../../shared/flows/world.ts";
import { BAY_1, type Studio, WS } from "../flows/studio.ts";
import { ACTOR, cancelAll, onlyHold, openScene, shownOn } from "./mass-scene.ts";
import { expectStill, letPass } from "./scene.ts";

test("S04: a hold is decided once, and only an approved one is undone", async () => {
  const scene = await openScene();
  const { studio } = scene;
  await cancelAll(scene);
  const { id } = await onlyHold(studio);
  const refused = { code: "INVALID_STATE" };

  await expect(undoHold(studio.world, WS, id, ACTOR)).rejects.toMatchObject(refused);
  await approveHold(studio.world, WS, id, ACTOR);
  await expect(approveHold(studio.world, WS, id, ACTOR)).rejects.toMatchObject(refused);
  await expect(rejectHold(studio.world, WS, id, ACTOR)).rejects.toMatchObject(refused);
  await undoHold(studio.world, WS, id, ACTOR);
  await expect(undoHold(studio.world, WS, id, ACTOR)).rejects.toMatchObject(refused);
});

test.each([
  ["approved", approveHold],
  ["rejected", rejectHold],
])("S13: whoever dies right after a hold is %s leaves it to the next job", async (_, decide) => {
  const scene = await openScene();
  const { studio, many } = scene;
  await cancelAll(scene);
  const { id } = await onlyHold(studio);

  await expect(decide(withoutBus(studio.world), WS, id, ACTOR)).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
  await taken(studio);

  expect(await shownOn(studio, BAY_1)).toEqual(decide === rejectHold ? many.toSorted() : []);
  expect(await onlyHold(studio)).not.toHaveProperty("takeUpAt");
});

test("S13: whoever dies in an undo leaves the rest of it to the next job, and nothing is made twice", async () => {
  const scene = await openScene();
  const { studio, many } = scene;
  await cancelAll(scene);
  const { id } = await onlyHold(studio);
  await approveHold(studio.world, WS, id, ACTOR);
  await studio.settle();

  await expect(undoHold(withoutBus(studio.world), WS, id, ACTOR)).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
  await taken(studio);

  expect(await shownOn(studio, BAY_1)).toEqual(many.toSorted());
  await expectStill(studio);
});

/** The job comes round, and what it asks for is done. */
async function taken(studio: Studio): Promise<void> {
  studio.clock.advance(180_000);
  await tend(studio.world);
  await studio.settle();
  await letPass(studio, 10, 3);
}

/** The same world on an instance that cannot reach the bus any more. */
function withoutBus(world: World): World {
  const gone = async () => {
    throw new LockstepError("BUS_UNAVAILABLE", { detail: "The instance died." });
  };
  return { ...world, publisher: { ...world.publisher, publish: gone } };
}
