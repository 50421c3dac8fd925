import { isRecord, json, parseJson, Refusal, type Reply, type SandboxRequest } from "../wire.ts";
import type { Call } from "../world.ts";
import { badRequest, graphError, stampError, throttled } from "./errors.ts";
import { answerRoute, operationOf } from "./routes.ts";

const MAX_PARTS = 20;

interface Part {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly request: SandboxRequest;
}

/**
 * `POST /$batch`: up to twenty requests in one. The whole is 200 even where parts fail; a part whose dependency
 * failed is 424; the answers come in any order (API_FACTS §3).
 */
export function answerBatch(call: Call): Reply {
  const parts = readParts(call);
  const replies = new Map<string, Reply>();
  for (const part of inOrder(parts)) {
    const failed = part.dependsOn.some((id) => (replies.get(id)?.status ?? 424) >= 400);
    const reply = failed
      ? graphError(424, "FailedDependency", "A request it depends on failed.")
      : answerPart(call, part);
    replies.set(part.id, reply.status >= 400 ? stampError(call, reply) : reply);
  }
  const responses = [...replies].reverse().map(([id, reply]) => showPart(id, reply));
  return json(200, { responses });
}

function answerPart(call: Call, { id, request }: Part): Reply {
  if (call.faults.value("batch-throttle") === id) return throttled("1");
  // Its handshake would have to come before the batch is answered.
  if (operationOf(request.method, request.path) === "subscriptions.create") {
    return graphError(400, "BadRequest", "Subscriptions are not created in batches here.");
  }
  try {
    return answerRoute({ ...call, request });
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

function showPart(id: string, { status, headers, body }: Reply): Record<string, unknown> {
  return { id, status, headers, ...(body === "" ? {} : { body: JSON.parse(body) }) };
}

function readParts(call: Call): Part[] {
  const sent = parseJson(call.request.body);
  const requests = isRecord(sent) ? sent.requests : undefined;
  if (!Array.isArray(requests) || requests.length === 0) return badRequest("requests is required.", "BadRequest");
  if (requests.length > MAX_PARTS)
    badRequest(`Number of batch requests exceeds the maximum of ${MAX_PARTS}.`, "BadRequest");
  const parts = requests.map((each) => readPart(call, each));
  if (new Set(parts.map(({ id }) => id)).size < parts.length) badRequest("Ids must be unique.", "BadRequest");
  return parts;
}

function readPart(call: Call, sent: unknown): Part {
  if (!isRecord(sent) || typeof sent.id !== "string" || typeof sent.method !== "string") {
    return badRequest("Each request has an id and a method.", "BadRequest");
  }
  if (typeof sent.url !== "string" || /^https?:/i.test(sent.url)) return badRequest("url is relative.", "BadRequest");
  const own = isRecord(sent.headers) ? Object.entries(sent.headers) : [];
  const headers = Object.fromEntries(own.map(([name, value]) => [name.toLowerCase(), String(value)]));
  if (sent.body !== undefined && headers["content-type"] === undefined) {
    return badRequest("A request with a body needs the Content-Type header.", "BadRequest");
  }
  const url = new URL(`http://graph/graph/v1.0/${sent.url.replace(/^\//, "")}`);
  const { authorization = "" } = call.request.headers;
  const request = {
    method: sent.method.toUpperCase(),
    path: url.pathname,
    query: url.searchParams,
    headers: { authorization, ...headers },
    body: sent.body === undefined ? "" : JSON.stringify(sent.body),
  };
  const dependsOn = Array.isArray(sent.dependsOn) ? sent.dependsOn.map(String) : [];
  return { id: sent.id, dependsOn, request };
}

/** Each behind what it depends on; a circle is refused. */
function inOrder(parts: readonly Part[]): Part[] {
  const done: Part[] = [];
  let waiting = [...parts];
  while (waiting.length > 0) {
    const ready = waiting.filter(({ dependsOn }) => dependsOn.every((id) => done.some((part) => part.id === id)));
    if (ready.length === 0) return badRequest("dependsOn names no request, or goes round in a circle.", "BadRequest");
    done.push(...ready);
    waiting = waiting.filter((part) => !ready.includes(part));
  }
  return done;
}
