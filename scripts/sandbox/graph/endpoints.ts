import type { World } from "../world.ts";
import type { EndpointRow } from "./rows.ts";
import { endpointsOf } from "./shelves.ts";

const WINDOW_MS = 600_000;
/** Fewer answers than this say nothing of an address. */
const LEAST = 10;
const SLOW_SHARE = 0.1;
const DROP_SHARE = 0.15;

/** Keeps how long an address took to answer. */
export function observeAnswer(world: World, url: string, tookMs: number): void {
  const slow = tookMs > world.options().slowReplyMs;
  const answers = [...recent(world, url), { atMs: world.now(), slow }];
  endpointsOf(world).put("endpoints", url, { answers: answers.slice(-1000) });
}

/**
 * More than a tenth of slow answers in ten minutes: notifications are delayed; beyond 15 % they are dropped for
 * good (API_FACTS §3).
 */
export function deliveryTo(world: World, url: string): "normal" | "slow" | "dropping" {
  const answers = recent(world, url);
  if (answers.length < LEAST) return "normal";
  const share = answers.filter(({ slow }) => slow).length / answers.length;
  if (share > DROP_SHARE) return "dropping";
  return share > SLOW_SHARE ? "slow" : "normal";
}

function recent(world: World, url: string): EndpointRow["answers"] {
  const answers = endpointsOf(world).get("endpoints", url)?.answers ?? [];
  return answers.filter(({ atMs }) => atMs > world.now() - WINDOW_MS);
}
