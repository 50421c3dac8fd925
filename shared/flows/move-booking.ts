import { LockstepError } from "../errors.ts";
import type { Decided } from "../sync/decide.ts";
import type { Effect } from "../sync/decision.ts";
import type { Carried } from "./carried.ts";
import type { Desk } from "./desk.ts";
import { moveInPlace } from "./move-in-place.ts";
import { canRebook, rebook } from "./rebook.ts";

/** Moves a booking to another time or resource, as its source can. */
export function moveBooking(
  desk: Desk,
  decided: Decided,
  effect: Extract<Effect, { kind: "move-booking" }>,
): Promise<Carried> {
  const { source } = desk;
  if (canRebook(desk)) return rebook(desk, decided, effect);
  if (source.moves === "update") return moveInPlace(desk, source, decided, effect);
  throw new LockstepError("INTERNAL", { detail: "A move was decided that its source cannot carry out." });
}
