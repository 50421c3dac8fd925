import { Refusal, type Reply, type SandboxRequest } from "../wire.ts";
import type { Call } from "../world.ts";
import { answerBatch } from "./batch.ts";
import { stampError, throttled } from "./errors.ts";
import { answerRoute, operationOf } from "./routes.ts";
import { callerOf, grantToken, TOKEN_PATH } from "./token.ts";

const BATCH_PATH = /^\/graph\/v1\.0\/\$batch$/i;

/** What a request asks for, e.g. `events.patch`; undefined where it is nothing. */
export function graphOperation({ method, path }: SandboxRequest): string | undefined {
  if (TOKEN_PATH.test(path)) return "token";
  return BATCH_PATH.test(path) ? "batch" : operationOf(method, path);
}

/** Microsoft Graph v1.0 and its token endpoint as a function of a request; throws `Refusal` for errors of the API. */
export function answerGraph(call: Call): Reply {
  if (TOKEN_PATH.test(call.request.path)) return grantToken(call);
  try {
    callerOf(call);
    if (call.faults.has("throttle")) return throttled(call.faults.value("throttle") ?? "1");
    return isBatch(call) ? answerBatch(call) : answerRoute(call);
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(stampError(call, error.reply)) : error;
  }
}

function isBatch({ request }: Call): boolean {
  return BATCH_PATH.test(request.path) && request.method === "POST";
}
