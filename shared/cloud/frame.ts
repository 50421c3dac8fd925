import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { http } from "@google-cloud/functions-framework";
import { getTestServer } from "@google-cloud/functions-framework/testing";
import { ERRORS, LockstepError } from "../errors.ts";
import { currentEdge, type Edge } from "./edge.ts";
import { type EdgeAnswer, type EdgeRequest, header, NO_CONTENT, pathBelow } from "./edge-request.ts";
import { createLog, stackOf } from "./log.ts";
import { PROBLEM_TYPE, problemOf } from "./problem.ts";
import { INTERNAL_BODY_BYTES, PUBLIC_BODY_BYTES, readBody, readingBody, type WithRawBody } from "./request-body.ts";
import { traceIdOf, withTrace } from "./trace.ts";

/**
 * The frame round every function: reading, limits, authentication, errors and answers happen here once.
 *
 *     request ─▶ read body ≤ limit ─▶ method ─▶ token (internal) ─▶ handle ─▶ answer
 *                   413 400            405         401 502            │
 *                                     internal: retry → 503, drop and ask → 204 + log, defect → 500
 *                                     public:   every error → its own status, RFC 9457
 */
export interface EdgeFunction {
  /** The folder's name, the deployed function's and the first part of its local address. */
  readonly name: string;
  /** `internal`: Pub/Sub and Scheduler alone, by OIDC, everywhere. `public`: the handler checks who calls. */
  readonly auth: "internal" | "public";
  /** Methods it takes; POST alone when left out. */
  readonly methods?: readonly string[];
  handle(request: EdgeRequest, edge: Edge): Promise<EdgeAnswer>;
}

const limits = new Map<string, number>();

/** Registers the function with the functions framework, under its name. */
export function defineFunction(fn: EdgeFunction): void {
  const limit = fn.auth === "internal" ? INTERNAL_BODY_BYTES : PUBLIC_BODY_BYTES;
  limits.set(fn.name, limit);
  http(fn.name, (req, res) => respond(req, res, (trace) => answer(fn, req, trace, limit)));
}

/**
 * What answers a defined function's requests, the same for the cloud's server, the local gateway and tests:
 * our reader in front of the functions framework's own server. Throws where no function has this name.
 */
export function listenerOf(name: string): RequestListener {
  const [framework] = getTestServer(name).listeners("request");
  const limit = limits.get(name);
  if (framework === undefined || limit === undefined) {
    throw new LockstepError("CONFIG_INVALID", { detail: `No function is defined as ${name}.` });
  }
  // Proof: a listener of "request" on an http.Server is a RequestListener.
  return readingBody(limit, framework as RequestListener, (req, res, error) => {
    req.resume();
    respond(req, res, () => Promise.reject(error));
  });
}

async function answer(fn: EdgeFunction, req: IncomingMessage, trace: string, limit: number): Promise<EdgeAnswer> {
  const request = await requestOf(fn, req, trace, limit);
  if (!(fn.methods ?? ["POST"]).includes(request.method)) {
    return notAllowed(fn.methods ?? ["POST"], trace);
  }
  const edge = await currentEdge();
  if (fn.auth === "public") {
    return fn.handle(request, edge);
  }
  await edge.verifyToken(header(request, "authorization"));
  return fn.handle(request, edge).catch((error: unknown) => acknowledged(error, edge));
}

async function requestOf(
  fn: EdgeFunction,
  req: IncomingMessage & WithRawBody,
  trace: string,
  limit: number,
): Promise<EdgeRequest> {
  const [pathname = "/", query = ""] = (req.url ?? "/").split("?", 2);
  return {
    method: req.method ?? "GET",
    path: pathBelow(fn.name, pathname),
    query: new URLSearchParams(query),
    headers: req.headers,
    body: await readBody(req, limit),
    trace,
  };
}

/**
 * A permanent refusal is acknowledged, since another delivery would end the same; the rest is delivered again.
 * INVALID_REQUEST speaks of a request that no bus of ours sends: its sender is told.
 */
function acknowledged(error: unknown, edge: Edge): EdgeAnswer {
  if (!(error instanceof LockstepError) || error.disposition === "retry" || error.code === "INVALID_REQUEST") {
    throw error;
  }
  edge.world.log.write("WARNING", "message refused for good", { code: error.code, reason: error.message });
  return NO_CONTENT;
}

/** The answer to a method that an address does not take. */
export function notAllowed(methods: readonly string[], trace: string): EdgeAnswer {
  const error = new LockstepError("METHOD_NOT_ALLOWED", { detail: `Takes ${methods.join(", ")} only.` });
  return { ...problemAnswer(error, trace), headers: { "content-type": PROBLEM_TYPE, allow: methods.join(", ") } };
}

function problemAnswer(error: unknown, trace: string): EdgeAnswer {
  const problem = problemOf(error, trace);
  const wait = error instanceof LockstepError && error.retryAfterMs !== undefined ? error.retryAfterMs : undefined;
  const headers = wait === undefined ? {} : { "retry-after": String(Math.ceil(wait / 1000)) };
  return { status: problem.status, json: problem, headers: { "content-type": PROBLEM_TYPE, ...headers } };
}

/** Sends what `work` answers; whatever it throws becomes a problem, and a defect is logged with its stack. */
export async function respond(
  req: IncomingMessage,
  res: ServerResponse,
  work: (trace: string) => Promise<EdgeAnswer>,
): Promise<void> {
  const trace = traceIdOf(req.headers) ?? crypto.randomUUID().replaceAll("-", "");
  await withTrace(trace, async () => {
    const sent = await work(trace).catch(async (error: unknown) => {
      await logDefect(error);
      return problemAnswer(error, trace);
    });
    send(res, sent);
  });
}

async function logDefect(error: unknown): Promise<void> {
  if (error instanceof LockstepError && ERRORS[error.code].status < 500) {
    return;
  }
  const log = await currentEdge().then(
    (edge) => edge.world.log,
    () => createLog(),
  );
  const code = error instanceof LockstepError ? error.code : "INTERNAL";
  log.write("ERROR", "request failed", {
    code,
    reason: error instanceof LockstepError ? error.message : undefined,
    stack_trace: stackOf(error),
  });
}

function send(res: ServerResponse, answer: EdgeAnswer): void {
  if (res.headersSent || res.destroyed) {
    return;
  }
  const body = answer.json === undefined ? "" : JSON.stringify(answer.json);
  res.writeHead(answer.status, {
    ...(body === "" ? {} : { "content-type": "application/json" }),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...answer.headers,
  });
  res.end(body);
}
