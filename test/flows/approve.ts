import { approveHold } from "../../shared/flows/holds.ts";
import { tend } from "../../shared/flows/tend.ts";
import { type Studio, WS } from "./studio.ts";

/** Somebody approves a hold, and the time in which undoing is free goes by; what follows is published, not yet worked on. */
export async function approveForGood(
  { world, clock }: Pick<Studio, "world" | "clock">,
  id: string,
  actor: string,
): Promise<void> {
  await approveHold(world, WS, id, actor);
  clock.advance((world.config.workspaces[WS]?.undoSeconds ?? 0) * 1000);
  await tend(world);
}
