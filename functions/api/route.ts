import type { IncomingHttpHeaders } from "node:http";
import type { z } from "zod";
import { type EdgeAnswer, jsonBody, parsed } from "../../shared/cloud/edge-request.ts";
import type { Caller } from "../../shared/edge/caller.ts";
import type { Scope } from "../../shared/edge/scope.ts";
import { type ErrorCode, LockstepError } from "../../shared/errors.ts";
import type { World } from "../../shared/flows/world.ts";

/** One call of the operations API, its caller known and allowed; query and body as the route's schemas read them. */
export interface ApiCall<Query = unknown, Body = unknown> {
  readonly world: World;
  readonly caller: Caller;
  /** The parts of the address that a pattern names, e.g. `id`. */
  param(name: string): string;
  readonly query: Query;
  readonly body: Body;
  readonly headers: IncomingHttpHeaders;
}

/** One address: what it takes, what the caller must be allowed, what it answers; the OpenAPI document is made of these. */
export interface Route extends RouteText {
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
  handle(call: RawCall): Promise<RouteAnswer>;
}

/** What is answered, and what the journal of operators says of it. */
export interface RouteAnswer extends EdgeAnswer {
  readonly noted?: Noted | "nothing";
}

/** Where the address does not say it. */
export interface Noted {
  /** What it was done to. */
  readonly target?: string;
  /** The one booking it concerns. */
  readonly bookingKey?: string;
}

/** A call whose query and body nobody has read yet. */
export type RawCall = ApiCall<URLSearchParams, Buffer>;

interface RouteText {
  readonly method: "GET" | "POST" | "PATCH";
  /** `holds/:id/approve`, below `/api`. */
  readonly pattern: string;
  readonly scope: Scope;
  /** Of what changes something: what the journal of operators calls it, e.g. `approve hold`. */
  readonly action?: string;
  /** One line for people who read the document. */
  readonly summary: string;
  /** More, where one line does not do. */
  readonly description?: string;
  /** What each named part of the pattern is. */
  readonly path?: Readonly<Record<string, string>>;
  /** Its answer holds what is shown once: it is not kept for a second request with the same idempotency key. */
  readonly secretAnswer?: true;
  /** Another form in which the same is answered where the caller accepts it, e.g. `text/event-stream`. */
  readonly alsoAs?: string;
  /** Status of a success; 200 where it is left out. */
  readonly status?: 200 | 201 | 202 | 302;
  /** An answer that says `dryRun: true` has started nothing: its status is 200. */
  readonly dryRun?: true;
  /** What it refuses beyond what every route may: see `problems.ts`. */
  readonly problems?: readonly ErrorCode[];
}

/** A route as it is written down, beside its handler: the types of both must agree. */
interface RouteSpec<Query extends z.ZodType, Body extends z.ZodType, Answer extends z.ZodType> extends RouteText {
  readonly query?: Query;
  readonly body?: Body;
  readonly answer: Answer;
  handle(call: ApiCall<z.output<Query>, z.output<Body>>): Promise<Shown<z.input<Answer>>>;
  /** What the journal of operators says beside the parts of the address; `nothing`: nothing was done. */
  notes?(done: { readonly body: z.output<Body>; readonly answer: Shown<z.input<Answer>> }): Noted | "nothing";
}

/** The same, never to be written to: what handlers have at hand. */
export type Shown<T> = T extends readonly (infer Item)[]
  ? readonly Shown<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Shown<T[Key]> }
    : T;

/** A route for the table: reads query and body by its schemas (INVALID_REQUEST names the place), then asks the handler. */
export function route<
  Query extends z.ZodType = z.ZodUnknown,
  Body extends z.ZodType = z.ZodUnknown,
  Answer extends z.ZodType = z.ZodUnknown,
>(spec: RouteSpec<Query, Body, Answer>): Route {
  const { query: Query, body: Body, status = 200, notes: _notes, ...text } = spec;
  return {
    ...text,
    status,
    ...(Query !== undefined && { query: Query }),
    ...(Body !== undefined && { body: Body }),
    async handle({ query, body, ...call }) {
      // Proof: without a schema the type is that of `z.unknown()`, which everything is of.
      const wish = (Body === undefined ? undefined : parsed(Body, jsonBody(body), "body")) as z.output<Body>;
      const json = await spec.handle({
        ...call,
        query: (Query === undefined ? {} : parsed(Query, Object.fromEntries(query), "query")) as z.output<Query>,
        body: wish,
      });
      const dry = spec.dryRun === true && isDry(json);
      const noted = dry ? "nothing" : (spec.notes?.({ body: wish, answer: json }) ?? {});
      return { status: dry ? 200 : status, json, noted };
    },
  };
}

function isDry(json: unknown): boolean {
  return typeof json === "object" && json !== null && "dryRun" in json && json.dryRun === true;
}

export type Match =
  | { readonly kind: "route"; readonly route: Route; param(name: string): string }
  /** The address is known, with these methods only. */
  | { readonly kind: "other-methods"; readonly methods: readonly string[] };

/** The route for a request. Throws NOT_FOUND where no route has the address. */
export function matchRoute(routes: readonly Route[], method: string, path: readonly string[]): Match {
  const here = routes.filter((each) => fits(each.pattern.split("/"), path));
  if (here.length === 0) throw new LockstepError("NOT_FOUND", { detail: "The API has no such address." });
  const found = here.find((each) => each.method === method);
  if (found === undefined) return { kind: "other-methods", methods: here.map((each) => each.method) };
  return { kind: "route", route: found, param: (name) => paramOf(found.pattern.split("/"), path, name) };
}

function fits(pattern: readonly string[], path: readonly string[]): boolean {
  return pattern.length === path.length && pattern.every((part, index) => part.startsWith(":") || part === path[index]);
}

function paramOf(pattern: readonly string[], path: readonly string[], name: string): string {
  return path[pattern.indexOf(`:${name}`)] ?? "";
}
