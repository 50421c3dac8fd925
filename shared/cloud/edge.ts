import { ReplayWindow } from "../edge/replay-window.ts";
import { LockstepError } from "../errors.ts";
import type { World } from "../flows/world.ts";
import type { VerifyToken } from "./oidc.ts";

/** What one running instance has: the world of the flows, and what only edges need. */
export interface Edge {
  readonly world: World;
  /** Says who calls an internal edge; throws UNAUTHENTICATED. */
  readonly verifyToken: VerifyToken;
  /** Webhook deliveries this instance took lately. */
  readonly replays: ReplayWindow;
  /** Set on one machine only: requests without any credential act as operator and admin of this workspace. */
  readonly demoOperator?: { readonly ws: string };
}

let given: Promise<Edge> | undefined;
let wiring: (() => Promise<Edge>) | undefined;

/** Local runs, tests and simulations: every function of this process uses this world from now on. */
export function useWorld(world: World, options: EdgeOptions): void {
  given = Promise.resolve(edgeOf(world, options));
}

export type EdgeOptions = Pick<Edge, "verifyToken" | "demoOperator">;

/** A fresh instance's edge. */
export function edgeOf(world: World, options: EdgeOptions): Edge {
  return { world, replays: new ReplayWindow(), ...options };
}

/** How the cloud wires an edge, once, at the first need. `serve.ts` sets it. */
export function wireWith(wire: () => Promise<Edge>): void {
  wiring = wire;
}

/** The edge of this process. Throws CONFIG_INVALID where it was neither given nor can be wired. */
export function currentEdge(): Promise<Edge> {
  given ??= wiring?.();
  if (given === undefined) {
    throw new LockstepError("CONFIG_INVALID", {
      detail: "No world: call useWorld, or start the function through serve.",
    });
  }
  return given;
}
