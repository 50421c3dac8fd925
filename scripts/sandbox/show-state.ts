import { APIS } from "./apis.ts";
import { showOptions } from "./options.ts";
import type { World } from "./world.ts";

/** Everything the sandbox knows but credentials, for tests and oracles: the truth behind all faults. */
export function showState(world: World): Record<string, unknown> {
  return {
    now: new Date(world.now()).toISOString(),
    options: showOptions(world.options()),
    ...Object.fromEntries(APIS.map((api) => [api.name, api.showState(world)])),
    pendingNotices: world.outbox.all("pending").length,
    rules: world.rules.all("rules"),
  };
}
