import type { Edge } from "../../shared/cloud/edge.ts";
import type { EdgeAnswer, EdgeRequest } from "../../shared/cloud/edge-request.ts";
import { defineFunction, notAllowed } from "../../shared/cloud/frame.ts";
import { demand, identify } from "../../shared/edge/caller.ts";
import { finishGmail, isCallback } from "./gmail-sign-in.ts";
import { openPageOf } from "./open-pages.ts";
import { matchRoute } from "./route.ts";
import { ROUTES } from "./routes.ts";

defineFunction({
  name: "api",
  auth: "public",
  methods: ["GET", "POST", "PATCH"],
  requires: { PUBLIC_URL: "the https address Google sends people back to" },
  handle,
});

/** What anybody may see, and the operations API. */
async function handle(request: EdgeRequest, { world, demoOperator }: Edge): Promise<EdgeAnswer> {
  const page = openPageOf(request.path);
  if (page !== undefined) return request.method === "GET" ? page() : notAllowed(["GET"], request.trace);
  if (isCallback(request)) return finishGmail(request, world);
  const match = matchRoute(ROUTES, request.method, request.path);
  if (match.kind === "other-methods") return notAllowed(match.methods, request.trace);
  const ws = request.query.get("ws") ?? undefined;
  const caller = await identify(world, { headers: request.headers, ...(ws !== undefined && { ws }) }, demoOperator);
  demand(world, caller, match.route.scope);
  const { query, body } = request;
  return match.route.handle({ world, caller, param: match.param, query, body });
}
