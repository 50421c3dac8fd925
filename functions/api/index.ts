import type { Edge } from "../../shared/cloud/edge.ts";
import type { EdgeAnswer, EdgeRequest } from "../../shared/cloud/edge-request.ts";
import { defineFunction, notAllowed, refusal } from "../../shared/cloud/frame.ts";
import { demand, identify } from "../../shared/edge/caller.ts";
import { preflight, shared } from "./cors.ts";
import { once } from "./idempotency.ts";
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
async function handle(request: EdgeRequest, edge: Edge): Promise<EdgeAnswer> {
  const page = openPageOf(request);
  if (page !== undefined) return page(request, edge);
  const match = matchRoute(ROUTES, request.method, request.path);
  if (match.kind === "other-methods") return notAllowed(match.methods, request.trace);
  const { world, demoOperator } = edge;
  const { method, path, headers, query, body } = request;
  const ws = query.get("ws") ?? undefined;
  const caller = await identify(world, { method, headers, ...(ws !== undefined && { ws }) }, demoOperator);
  demand(world, caller, match.route.scope);
  return once(match.route, { world, caller, param: match.param, query, body, headers }, path);
}
