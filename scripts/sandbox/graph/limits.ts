import { Refusal } from "../wire.ts";
import type { Call, World } from "../world.ts";
import { throttled } from "./errors.ts";
import { userInPath } from "./mailboxes.ts";
import { tokensOf } from "./shelves.ts";
import { bearerOf } from "./token.ts";

const WINDOW_MS = 600_000;

/** Calls that are under way, per world, app and mailbox: no part of the state, as it dies with the process. */
const underWay = new WeakMap<World, Map<string, number>>();

/** Counts the call as begun and answers how it ends. 429 where too many of the app and mailbox are under way. */
export function beginCall(call: Call): () => void {
  const key = limitKey(call);
  const limit = call.world.options().graphConcurrent;
  if (key === undefined || limit === null) return () => {};
  const counts = underWay.get(call.world) ?? new Map<string, number>();
  underWay.set(call.world, counts);
  const before = counts.get(key) ?? 0;
  if (before >= limit) throw new Refusal(throttled("1"));
  counts.set(key, before + 1);
  return () => counts.set(key, (counts.get(key) ?? 1) - 1);
}

/** Counts the call in its ten minutes. 429 with the rest of them where there were too many. */
export function spendQuota(call: Call): void {
  const key = limitKey(call);
  const limit = call.world.options().graphCallsPer10Minutes;
  if (key === undefined || limit === null) return;
  const { numbers } = call.world;
  const window = Math.floor(call.world.now() / WINDOW_MS);
  const used = numbers.get("graph-window", key) === window ? (numbers.get("graph-used", key) ?? 0) : 0;
  if (used >= limit) {
    const rest = Math.ceil(((window + 1) * WINDOW_MS - call.world.now()) / 1000);
    throw new Refusal(throttled(String(rest)));
  }
  numbers.put("graph-window", key, window);
  numbers.put("graph-used", key, used + 1);
}

/** App and mailbox of a call (API_FACTS §3); undefined where it is about no mailbox. */
function limitKey(call: Call): string | undefined {
  const user = /^\/graph\/v1\.0\/users\/([^/]+)/i.exec(call.request.path)?.[1];
  if (user === undefined) return undefined;
  const app = tokensOf(call.world).get("tokens", bearerOf(call))?.applicationId ?? "";
  return `${app} ${userInPath(user)}`;
}
