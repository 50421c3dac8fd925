/** One call of a provider, its answer's body included, may take this long. */
const CALL_MS = 10_000;

/**
 * The transport that providers are given: it gives up after ten seconds with a TimeoutError. Providers and their
 * client libraries keep no timers of their own, so that in a simulation the virtual clock alone rules.
 */
export function timedFetch(transport: typeof fetch): typeof fetch {
  return (input, init) => {
    const limit = AbortSignal.timeout(CALL_MS);
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
    return transport(input, { ...init, signal });
  };
}
