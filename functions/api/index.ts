import type { Edge } from "../../shared/cloud/edge.ts";
import type { EdgeAnswer, EdgeRequest } from "../../shared/cloud/edge-request.ts";
import { defineFunction, notAllowed, refusal } from "../../shared/cloud/frame.ts";
import { demand, identify } from "../../shared/edge/caller.ts";
import { preflight, shared } from "./cors.ts";
import { finishGmail, isCallback } from "./gmail-sign-in.ts";
import { once } from "./idempotency.ts";
import { journalled } from "./journal.ts";
import { openPageOf } from "./open-pages.ts";
import { matchRoute } from "./route.ts";
import { ROUTES } from "./routes.ts";

defineFunction({
  name: "api",
  auth: "public",
  methods: ["GET", "POST", "PATCH", "OPTIONS"],
  requires: { PUBLIC_URL: "the https address Google sends people back to" },
  handle: answer,
});

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
  if (isCallback(request)) return finishGmail(request, edge.world);
  const match = matchRoute(ROUTES, request.method, request.path);
  if (match.kind === "other-methods") return notAllowed(match.methods, request.trace);
  const { world } = edge;
  const { method, path, headers, query, body } = request;
  const ws = query.get("ws") ?? undefined;
  const caller = await identify(world, { method, headers, ...(ws !== undefined && { ws }) }, edge);
  demand(world, caller, match.route.scope);
  return once(journalled(match.route), { world, caller, param: match.param, query, body, headers }, path);
}
