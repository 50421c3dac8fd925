import { z } from "zod";
import { PROBLEM_TYPE } from "../../../shared/cloud/problem.ts";
import { ERRORS, type ErrorCode } from "../../../shared/errors.ts";
import { problemsOf } from "../problems.ts";
import type { Route } from "../route.ts";
import { collectSchemas, type JsonSchema, type JsonSchemas } from "./json-schemas.ts";

/** An OpenAPI 3.1 document, as far as we write one. */
export interface OpenApiDocument {
  readonly openapi: "3.1.0";
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly security: readonly object[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<"schemas" | "securitySchemes", object>>;
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: object };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: object }>>;
  /** The scope that a key needs. */
  readonly "x-scope": string;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

const DESCRIPTION = [
  "What is in step, what is not and why, and what a person decides.",
  "Refusals are problems of RFC 9457 with a stable `code` and a `remedy`.",
  "Lists answer `items` and `next`, which `after` continues.",
].join(" ");

const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    remedy: z.string().describe("What whoever gets it does."),
    trace: z.string().describe("Finds the log lines of the request."),
  })
  .meta({ id: "Problem", description: "RFC 9457." });

/** The document of these routes. Throws where two of their schemas claim one name. */
export function openApiDocument(routes: readonly Route[]): OpenApiDocument {
  const schemas = collectSchemas();
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = `/${route.pattern.replace(/:(\w+)/g, "{$1}")}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, schemas) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Lockstep operations API", version: "1", description: DESCRIPTION },
    servers: [{ url: "/api" }],
    security: [{ bearer: [] }, { apiKey: [] }],
    paths,
    components: {
      schemas: Object.fromEntries([...schemas.components].sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "An API key, `lsk_…`, or a Google ID token." },
        apiKey: { type: "apiKey", in: "header", name: "X-Api-Key" },
      },
    },
  };
}

function operationOf(route: Route, schemas: JsonSchemas): Operation {
  const { body, description = "" } = route;
  return {
    operationId: operationIdOf(route),
    tags: [route.pattern.split("/")[0] ?? ""],
    summary: route.summary,
    description: `${description} Needs the scope \`${route.scope}\`.`.trim(),
    parameters: [
      ...pathParameters(route),
      ...queryParameters(route, schemas),
      WORKSPACE,
      ...(route.method === "POST" ? [ONCE] : []),
    ],
    ...(body !== undefined && { requestBody: requestBody(body, schemas) }),
    responses: { ...successes(route, schemas), ...refusals(route, schemas) },
    "x-scope": route.scope,
  };
}

/** `post-holds-id-approve`. */
function operationIdOf({ method, pattern }: Route): string {
  return [method.toLowerCase(), ...pattern.split("/").map((part) => part.replace(":", ""))].join("-");
}

const WORKSPACE: Parameter = {
  name: "ws",
  in: "query",
  required: false,
  description: "The workspace; that of the key where it is left out.",
  schema: { type: "string" },
};

const ONCE: Parameter = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "Sent again with the same key within a day, the write is answered as the first time, and not done again.",
  schema: { type: "string", minLength: 1, maxLength: 200 },
};

function pathParameters({ pattern, path = {} }: Route): Parameter[] {
  const names = [...pattern.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
  return names.map((name) => ({
    ...{ name, in: "path", required: true, schema: { type: "string" } },
    ...(path[name] !== undefined && { description: path[name] }),
  }));
}

function queryParameters({ query }: Route, schemas: JsonSchemas): Parameter[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = QuerySchema.parse(schemas.of(query, "input"));
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    ...{ name, in: "query", required: required.includes(name), schema },
    ...(description !== undefined && { description }),
  }));
}

const QuerySchema = z.object({
  properties: z.record(z.string(), z.looseObject({ description: z.string().exactOptional() })).exactOptional(),
  required: z.array(z.string()).exactOptional(),
});

function requestBody(body: z.ZodType, schemas: JsonSchemas) {
  return {
    required: !body.safeParse(undefined).success,
    content: { "application/json": { schema: schemas.of(body, "input") } },
  };
}

const PHRASES = { 200: "Done.", 201: "Made.", 202: "Started.", 302: "Go there." } as const;

function successes({ status = 200, dryRun, answer, alsoAs }: Route, schemas: JsonSchemas): Operation["responses"] {
  const content = {
    "application/json": { schema: schemas.of(answer, "output") },
    ...(alsoAs !== undefined && { [alsoAs]: { schema: { type: "string" } } }),
  };
  return {
    ...(dryRun === true && { 200: { description: "A dry run: nothing was started.", content } }),
    [status]: { description: PHRASES[status], content },
  };
}

function refusals(route: Route, schemas: JsonSchemas): Operation["responses"] {
  const byStatus = Map.groupBy(problemsOf(route), (code) => ERRORS[code].status);
  return Object.fromEntries([...byStatus].map(([status, codes]) => [status, refusal(codes, schemas)]));
}

function refusal(codes: readonly ErrorCode[], schemas: JsonSchemas) {
  const schema = { allOf: [schemas.of(Problem, "output"), { properties: { code: { enum: codes } } }] };
  const description = codes.map((code) => `${code}: ${ERRORS[code].meaning}`).join(" ");
  return { description, content: { [PROBLEM_TYPE]: { schema } } };
}
