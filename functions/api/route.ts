import type { EdgeAnswer } from "../../shared/cloud/edge-request.ts";
import type { Scope } from "../../shared/edge/api-key.ts";
import type { Caller } from "../../shared/edge/caller.ts";
import { LockstepError } from "../../shared/errors.ts";
import type { World } from "../../shared/flows/world.ts";

/** One call of the operations API, its caller known and allowed. */
export interface ApiCall {
  readonly world: World;
  readonly caller: Caller;
  /** The parts of the address that a pattern names, e.g. `id`. */
  param(name: string): string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

/** One address: what it takes, what the caller must be allowed, what answers. */
export interface Route {
  readonly method: "GET" | "POST" | "PATCH";
  /** `holds/:id/approve`, below `/api`. */
  readonly pattern: string;
  readonly scope: Scope;
  handle(call: ApiCall): Promise<EdgeAnswer>;
}

export type Match =
  | { readonly kind: "route"; readonly route: Route; param(name: string): string }
  /** The address is known, with these methods only. */
  | { readonly kind: "other-methods"; readonly methods: readonly string[] };

/** The route for a request. Throws NOT_FOUND where no route has the address. */
export function matchRoute(routes: readonly Route[], method: string, path: readonly string[]): Match {
  const here = routes.filter((route) => fits(route.pattern.split("/"), path));
  if (here.length === 0) throw new LockstepError("NOT_FOUND", { detail: "The API has no such address." });
  const route = here.find((each) => each.method === method);
  if (route === undefined) return { kind: "other-methods", methods: here.map((each) => each.method) };
  return { kind: "route", route, param: (name) => paramOf(route.pattern.split("/"), path, name) };
}

function fits(pattern: readonly string[], path: readonly string[]): boolean {
  return pattern.length === path.length && pattern.every((part, index) => part.startsWith(":") || part === path[index]);
}

function paramOf(pattern: readonly string[], path: readonly string[], name: string): string {
  return path[pattern.indexOf(`:${name}`)] ?? "";
}
