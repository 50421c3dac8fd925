import type { Outcome, Reply, SandboxRequest } from "./wire.ts";

type Handle = (request: SandboxRequest) => Promise<Outcome>;

/** `fetch` without sockets: what a closed or cut connection does to a real fetch happens here too. */
export function fetchEntry(handle: Handle, wait: (ms: number) => Promise<void>): typeof fetch {
  return async (input, init) => {
    // The caller's own signal: nothing holds a copy's once the request was read.
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    return toResponse(await orAborted(signal, answer(handle, wait, await readRequest(input, init))));
  };
}

/** What is sent, as the state machines see it. A request of text alone is read without building another. */
export async function readRequest(
  input: Parameters<typeof fetch>[0],
  init?: Parameters<typeof fetch>[1],
): Promise<SandboxRequest> {
  const body = init?.body ?? "";
  const request = input instanceof Request || typeof body !== "string" ? new Request(input, init) : undefined;
  const { pathname, searchParams } = new URL(request?.url ?? String(input));
  return {
    method: request?.method ?? init?.method?.toUpperCase() ?? "GET",
    path: pathname,
    query: searchParams,
    headers: Object.fromEntries(request?.headers ?? new Headers(init?.headers)),
    body: request === undefined ? String(body) : await request.text(),
  };
}

/** The outcome as `fetch` answers it. Throws where the connection was closed without an answer. */
export function toResponse(outcome: Outcome): Response {
  if (outcome.end === "closed") throw broken();
  return respond(outcome.reply, outcome.end === "whole" ? outcome.reply.body : cutBody(outcome.reply));
}

async function answer(handle: Handle, wait: (ms: number) => Promise<void>, request: SandboxRequest): Promise<Outcome> {
  const outcome = await handle(request);
  if (outcome.delayMs > 0) await wait(outcome.delayMs);
  return outcome;
}

function orAborted<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) return work;
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  return Promise.race([work, aborted]);
}

function respond(reply: Reply, body: string | ReadableStream): Response {
  const empty = reply.status === 204 || reply.status === 304;
  return new Response(empty ? null : body, { status: reply.status, headers: reply.headers });
}

function cutBody(reply: Reply): ReadableStream {
  const half = new TextEncoder().encode(reply.body.slice(0, reply.body.length / 2));
  return new ReadableStream({
    start: (stream) => stream.enqueue(half),
    pull: (stream) => stream.error(broken()),
  });
}

function broken(): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }) });
}
