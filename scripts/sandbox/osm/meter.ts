import type { Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { errorReply } from "./answers.ts";
import type { MeterRow } from "./rows.ts";
import { metersOf } from "./shelves.ts";

const HOUR_MS = 3_600_000;
const USER = "1";

/** The hour that is under way; a new one begins with the first call after it. */
export function meterOf({ world }: Call): MeterRow {
  const row = metersOf(world).get("meters", USER);
  const now = world.now();
  if (row !== undefined && now < row.startedMs + HOUR_MS) return row;
  return { startedMs: now, calls: 0, blocked: row?.blocked ?? false };
}

/** Counts one call, whatever becomes of it. Blocks who goes on calling after the limit. */
export function countCall(call: Call): void {
  const { osmRateLimit, osmBlockAfter } = call.world.options();
  const meter = meterOf(call);
  const calls = meter.calls + 1;
  const blocked = meter.blocked || call.faults.has("blocked") || calls > osmRateLimit + osmBlockAfter;
  metersOf(call.world).put("meters", USER, { ...meter, calls, blocked });
}

export function setMeter(call: Call, change: Partial<MeterRow>): void {
  metersOf(call.world).put("meters", USER, { ...meterOf(call), ...change });
}

/** Why this call is refused; undefined where it is not. */
export function refusalOf(call: Call): Reply | undefined {
  const { calls, blocked } = meterOf(call);
  if (blocked) return errorReply(403, "This application has been blocked.", { "x-blocked": "Invalid requests" });
  if (calls <= call.world.options().osmRateLimit) return undefined;
  return errorReply(429, "Too many requests.", { "retry-after": String(secondsLeft(call)) });
}

/** What every answer tells of the hour: the reset in seconds left, no epoch. */
export function metered(call: Call, reply: Reply): Reply {
  const { osmRateLimit } = call.world.options();
  const headers = {
    "x-ratelimit-limit": String(osmRateLimit),
    "x-ratelimit-remaining": String(Math.max(0, osmRateLimit - meterOf(call).calls)),
    "x-ratelimit-reset": String(secondsLeft(call)),
  };
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

function secondsLeft(call: Call): number {
  return Math.max(1, Math.ceil((meterOf(call).startedMs + HOUR_MS - call.world.now()) / 1000));
}
