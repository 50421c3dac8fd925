import type { World } from "../../shared/flows/world.ts";
import type { RunningSandbox } from "../sandbox/sandbox.ts";

/** Something a new user can do at once, and what to look for. */
export interface Try {
  readonly says: string;
  readonly command: string;
}

export interface TryParts {
  readonly gatewayUrl: string;
  readonly sandbox: Pick<RunningSandbox, "world" | "port">;
  readonly world: World;
}
