import type { Outcome, Reply, SandboxRequest } from "./wire.ts";

type Handle = (request: SandboxRequest) => Promise<Outcome>;

/** `fetch` without sockets: what a closed or cut connection does to a real fetch happens here too. */
export function fetchEntry(handle: Handle, wait: (ms: number) => Promise<void>): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    // Not the copy's own signal: nothing holds it once the request was read.
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    const outcome = await orAborted(signal, answer(handle, wait, request));
    if (outcome.end === "closed") throw broken();
    return outcome.end === "whole"
      ? respond(outcome.reply, outcome.reply.body)
      : respond(outcome.reply, cutBody(outcome.reply));
  };
}

async function answer(handle: Handle, wait: (ms: number) => Promise<void>, request: Request): Promise<Outcome> {
  const { pathname, searchParams } = new URL(request.url);
  const outcome = await handle({
    method: request.method,
    path: pathname,
    query: searchParams,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  });
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
