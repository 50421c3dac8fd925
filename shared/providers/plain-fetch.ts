/** Google's client libraries add members of their own; a transport gets what `fetch` knows. */
export function plainFetch(transport: typeof fetch): typeof fetch {
  return (input, init) => {
    const { method, headers, body, signal } = init ?? {};
    return transport(input instanceof Request ? input : String(input), {
      ...(method !== undefined && { method }),
      ...(headers !== undefined && { headers }),
      ...(body !== undefined && { body }),
      ...(signal !== undefined && { signal }),
    });
  };
}
