import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { http } from "@google-cloud/functions-framework";
import { getTestServer } from "@google-cloud/functions-framework/testing";
import { logCredentialRefused } from "../edge/edge-log.ts";
import { isError, LockstepError } from "../errors.ts";
import type { Log, LogFields } from "../ports/log.ts";
import { currentEdge, type Edge } from "./edge.ts";
import { type EdgeAnswer, type EdgeRequest, header, NO_CONTENT, pathBelow } from "./edge-request.ts";
import { createLog, stackOf } from "./log.ts";
import { PROBLEM_TYPE, problemOf } from "./problem.ts";
import { INTERNAL_BODY_BYTES, PUBLIC_BODY_BYTES, readBody } from "./request-body.ts";
import { traceIdOf, withTrace } from "./trace.ts";

/**
 * The frame round every function: reading, limits, authentication, errors and answers happen here once.
 *
 *     request ─▶ read body ≤ limit ─▶ functions framework ─▶ method ─▶ token (internal) ─▶ handle ─▶ answer
 *                   413 400                                    405         401 502            │
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
  /** Environment variables without which it must not start, each with what it is for. */
  readonly requires?: Readonly<Record<string, string>>;
  handle(request: EdgeRequest, edge: Edge): Promise<EdgeAnswer>;
}

const TEXT_TYPE = "text/plain; charset=utf-8";

const defined = new Map<string, EdgeFunction>();

/** Registers the function with the functions framework, under its name. */
export function defineFunction(fn: EdgeFunction): void {
  defined.set(fn.name, fn);
  http(fn.name, (req, res) =>
    respond(req, res, async (trace) => answerTo(fn, { ...arrivedAs(req), trace }, currentEdge())),
  );
}

/** What was defined under a name. Throws CONFIG_INVALID where nothing was. */
export function definitionOf(name: string): EdgeFunction {
  const fn = defined.get(name);
  if (fn === undefined) {
    throw new LockstepError("CONFIG_INVALID", { detail: `No function is defined as ${name}.` });
  }
  return fn;
}

/**
 * What answers a defined function's requests, the same for the cloud's server, the local gateway and tests: our reader
 * before the functions framework's own server (decision 010). Throws CONFIG_INVALID where no function has this name.
 */
export function listenerOf(name: string): RequestListener {
  const fn = definitionOf(name);
  const [framework] = getTestServer(name).listeners("request");
  if (framework === undefined) {
    throw new LockstepError("CONFIG_INVALID", { detail: `The functions framework does not serve ${name}.` });
  }
  return (req, res) => {
    arrivalOf(fn, req).then(
      (arrival) => {
        arrivals.set(req, arrival);
        // All there is to read has been read: the framework routes nothing, and has no address to stumble over.
        req.url = "/";
        framework(req, res);
      },
      (error: unknown) => respond(req, res, () => Promise.reject(error)),
    );
  };
}

/** A request as it was read, before it has a trace. */
type Arrival = Omit<EdgeRequest, "trace">;

const arrivals = new WeakMap<IncomingMessage, Arrival>();

function arrivedAs(req: IncomingMessage): Arrival {
  const arrival = arrivals.get(req);
  if (arrival === undefined) {
    throw new LockstepError("INTERNAL", { detail: "A request came past the reader: serve functions by listenerOf." });
  }
  return arrival;
}

function limitOf(fn: EdgeFunction): number {
  return fn.auth === "internal" ? INTERNAL_BODY_BYTES : PUBLIC_BODY_BYTES;
}

/**
 * What the function answers to a request that was read already, on the instance that has this edge; errors are
 * answers too. Simulations bring requests here, past the framework's own server.
 */
export async function answerTo(fn: EdgeFunction, request: EdgeRequest, edge: Edge): Promise<EdgeAnswer> {
  return admitted(fn, request, edge).catch((error: unknown) => refusal(error, edge.world.log, request.trace));
}

/** An error as an answer; a defect is logged. */
export function refusal(error: unknown, log: Log, trace: string): EdgeAnswer {
  logDefect(error, log);
  return problemAnswer(error, trace);
}

async function admitted(fn: EdgeFunction, request: EdgeRequest, edge: Edge): Promise<EdgeAnswer> {
  if (!(fn.methods ?? ["POST"]).includes(request.method)) {
    return notAllowed(fn.methods ?? ["POST"], request.trace);
  }
  if (fn.auth === "public") {
    return fn.handle(request, edge);
  }
  await checkToken(request, edge);
  return fn.handle(request, edge).catch((error: unknown) => afterFailure(error, edge.world.log, request.trace));
}

async function checkToken(request: EdgeRequest, { verifyToken, world }: Edge): Promise<void> {
  try {
    await verifyToken(header(request, "authorization"));
  } catch (error) {
    if (isError(error, "UNAUTHENTICATED")) logCredentialRefused(world.log, error.code, error.message);
    throw error;
  }
}

/** Throws where the address or the body cannot be read; what is left of the body is then let go by. */
async function arrivalOf(fn: EdgeFunction, req: IncomingMessage): Promise<Arrival> {
  try {
    const [pathname, query] = splitUrl(req.url ?? "/");
    const path = pathBelow(fn.name, pathname);
    const body = await readBody(req, limitOf(fn));
    return { method: req.method ?? "GET", path, query: new URLSearchParams(query), headers: req.headers, body };
  } catch (error) {
    req.resume();
    throw error;
  }
}

function splitUrl(url: string): [pathname: string, query: string] {
  const mark = url.indexOf("?");
  return mark < 0 ? [url, ""] : [url.slice(0, mark), url.slice(mark + 1)];
}

/**
 * What may pass is delivered again; a permanent refusal is acknowledged, since another delivery would end the
 * same. A defect goes on, is delivered again and so ends among the dead letters. INVALID_REQUEST speaks of a
 * request that no bus of ours sends: its sender is told.
 */
function afterFailure(error: unknown, log: Log, trace: string): EdgeAnswer {
  if (!(error instanceof LockstepError) || isError(error, "INTERNAL", "INVALID_REQUEST")) {
    throw error;
  }
  const again = error.disposition === "retry";
  log.write("WARNING", again ? "message to be delivered again" : "message refused for good", fieldsOf(error));
  return again ? problemAnswer(error, trace, 503) : NO_CONTENT;
}

function fieldsOf({ code, message, provider }: LockstepError): LogFields {
  return { code, reason: message, provider };
}

/** The answer to a method that an address does not take. */
export function notAllowed(methods: readonly string[], trace: string): EdgeAnswer {
  const error = new LockstepError("METHOD_NOT_ALLOWED", { detail: `Takes ${methods.join(", ")} only.` });
  return { ...problemAnswer(error, trace), headers: { "content-type": PROBLEM_TYPE, allow: methods.join(", ") } };
}

function problemAnswer(error: unknown, trace: string, status?: number): EdgeAnswer {
  const problem = problemOf(error, trace, status);
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
    const sent = await work(trace).catch((error: unknown) => {
      logDefect(error, currentLog());
      return problemAnswer(error, trace);
    });
    send(res, sent);
  });
}

/** Refusals below 500 are the caller's matter; the rest is ours. */
function logDefect(error: unknown, log: Log): void {
  if (error instanceof LockstepError && error.status < 500) {
    return;
  }
  const fields = error instanceof LockstepError ? fieldsOf(error) : { code: "INTERNAL" };
  log.write("ERROR", "request failed", { ...fields, stack_trace: stackOf(error) });
}

function currentLog(): Log {
  try {
    return currentEdge().world.log;
  } catch {
    return createLog();
  }
}

function send(res: ServerResponse, answer: EdgeAnswer): void {
  if (res.headersSent || res.destroyed) {
    return;
  }
  if (answer.stream !== undefined) {
    void sendStream(res, answer, answer.stream);
    return;
  }
  const body = answer.text ?? (answer.json === undefined ? "" : JSON.stringify(answer.json));
  res.writeHead(answer.status, {
    ...(body === "" ? {} : { "content-type": answer.text === undefined ? "application/json" : TEXT_TYPE }),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...answer.headers,
  });
  res.end(body);
}

const streams = new Set<ServerResponse>();

/** Ends what is still being streamed: nobody waits for it, and a server that stops would. Clients come back by themselves. */
export function endStreams(): void {
  for (const res of streams) res.end();
}

async function sendStream(
  res: ServerResponse,
  { status, headers }: EdgeAnswer,
  stream: NonNullable<EdgeAnswer["stream"]>,
): Promise<void> {
  const closed = new AbortController();
  streams.add(res);
  res.once("close", () => {
    streams.delete(res);
    closed.abort();
  });
  res.writeHead(status, { "cache-control": "no-store", "x-content-type-options": "nosniff", ...headers });
  res.flushHeaders();
  await stream((text) => res.write(text), closed.signal).catch((error: unknown) => logDefect(error, currentLog()));
  res.end();
}
