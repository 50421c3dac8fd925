import type { Reply } from "./wire.ts";
import type { Call } from "./world.ts";

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  /** The API's own name of the method, as it stands in the call log. */
  readonly operation: string;
  readonly handle: (call: Call, params: readonly string[]) => Reply;
}

/** The first route whose pattern matches the path below the API's root, with what its groups caught. */
export function matchRoute(
  routes: readonly Route[],
  method: string,
  rest: string,
): { readonly route: Route; readonly params: readonly string[] } | undefined {
  for (const candidate of routes) {
    const match = candidate.method === method ? candidate.pattern.exec(rest) : null;
    if (match !== null) return { route: candidate, params: match.slice(1) };
  }
  return undefined;
}
