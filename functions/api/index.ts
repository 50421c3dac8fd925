import type { Edge } from "../../shared/cloud/edge.ts";
import type { EdgeAnswer, EdgeRequest } from "../../shared/cloud/edge-request.ts";
import { defineFunction, notAllowed, refusal } from "../../shared/cloud/frame.ts";
import { demand, identify } from "../../shared/edge/caller.ts";
import { preflight, shared } from "./cors.ts";
import { openPageOf } from "./open-pages.ts";
import { matchRoute } from "./route.ts";
import { ROUTES } from "./routes.ts";

defineFunction({ name: "api", auth: "public", methods: ["GET", "POST", "OPTIONS"], handle: answer });

/** For a browser, a refusal must be as readable as an answer. */
async function answer(request: EdgeRequest, edge: Edge): Promise<EdgeAnswer> {
  const { config, log } = edge.world;
  const asked = preflight(request, config);
  if (asked !== undefined) return asked;
  return shared(
    request,
    config,
    await handle(request, edge).catch((error: unknown) => refusal(error, log, request.trace)),
  );
}

/** What anybody may see, and the operations API. */
async function handle(request: EdgeRequest, { world, demoOperator }: Edge): Promise<EdgeAnswer> {
  const page = openPageOf(request.path);
  if (page !== undefined) return request.method === "GET" ? page() : notAllowed(["GET"], request.trace);
  const match = matchRoute(ROUTES, request.method, request.path);
  if (match.kind === "other-methods") return notAllowed(match.methods, request.trace);
  const ws = request.query.get("ws") ?? undefined;
  const caller = await identify(world, { headers: request.headers, ...(ws !== undefined && { ws }) }, demoOperator);
  demand(world, caller, match.route.scope);
  const { query, body } = request;
  return match.route.handle({ world, caller, param: match.param, query, body });
}
