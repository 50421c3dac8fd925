import type { PeopleSignIn } from "../edge/people.ts";
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
  /** How people sign in; undefined where the configuration does not say. */
  readonly people?: PeopleSignIn;
  /** Set on one machine only: requests without any credential act as operator and admin of this workspace. */
  readonly demoOperator?: { readonly ws: string };
}

let current: Edge | undefined;

/** From now on every function of this process uses this world: `serve.ts`, local runs, tests, simulations. */
export function useWorld(world: World, options: EdgeOptions): void {
  current = edgeOf(world, options);
}

/** The edge of one instance: its world, and a memory of its own. */
export function edgeOf(world: World, options: EdgeOptions): Edge {
  return { world, replays: new ReplayWindow(), ...options };
}

export type EdgeOptions = Pick<Edge, "verifyToken" | "demoOperator" | "people">;

/** The edge of this process. Throws CONFIG_INVALID where none was given. */
export function currentEdge(): Edge {
  if (current === undefined) {
    throw new LockstepError("CONFIG_INVALID", { detail: "No world: call useWorld, or start the function by serve." });
  }
  return current;
}
