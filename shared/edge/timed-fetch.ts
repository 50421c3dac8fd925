/** One call of a provider, its answer's body included, may take this long. */
const CALL_MS = 10_000;
/** A month of a busy calendar is a tenth of it; what is longer is cut off as if nothing had come (law 12). */
const MAX_BYTES = 32_000_000;

/**
 * The transport that providers are given: it reads answers whole, and gives up after ten seconds with a TimeoutError, or
 * with the caller's own reason. Every other failure is a TypeError whose cause has the network's code and no address,
 * since addresses hold keys. Providers and their client libraries keep no timers of their own, so that in a simulation
 * the virtual clock alone rules.
 */
export function timedFetch(transport: typeof fetch): typeof fetch {
  return async (input, init) => {
    const limit = AbortSignal.timeout(CALL_MS);
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
    try {
      return await whole(await transport(input, { ...init, signal }));
    } catch (error) {
      // node-fetch, which stands here in the cloud, only says that it was aborted.
      if (signal.aborted) throw signal.reason;
      throw new TypeError("fetch failed", { cause: withoutAddress(error) });
    }
  };
}

async function whole(answer: Response): Promise<Response> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error("the answer is too long");
    chunks.push(chunk);
  }
  const { status, statusText, headers } = answer;
  return new Response(size === 0 ? null : Buffer.concat(chunks), { status, statusText, headers });
}

/** The network's own code, which may sit one cause deep. */
function withoutAddress(error: unknown): Error {
  const codes = [error, error instanceof Error ? error.cause : undefined].flatMap((each) =>
    each instanceof Error && "code" in each && typeof each.code === "string" ? [each.code] : [],
  );
  return Object.assign(new Error("no answer"), codes.length > 0 && { code: codes[0] });
}
