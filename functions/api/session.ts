import { z } from "zod";
import type { Edge } from "../../shared/cloud/edge.ts";
import { type EdgeAnswer, type EdgeRequest, header, jsonBody, parsed } from "../../shared/cloud/edge-request.ts";
import { keyOf } from "../../shared/edge/caller.ts";
import { Scope } from "../../shared/edge/scope.ts";
import { claimedSession, endSession, OURS_HEADER, openSession, sessionCookie } from "../../shared/edge/session.ts";
import { LockstepError } from "../../shared/errors.ts";
import { recordAction } from "../../shared/flows/operator-actions.ts";
import type { World } from "../../shared/flows/world.ts";
import { route } from "./route.ts";

const SignIn = z.strictObject({ key: z.string().min(1).max(500) });

/** Who calls, for the dashboard's head. */
export const SESSION_ROUTES = [
  route({
    ...{ method: "GET", pattern: "session", scope: "read" },
    summary: "Who calls, and what they may.",
    answer: z.object({
      ws: z.string(),
      actor: z.string(),
      scopes: z.array(Scope),
      workspaces: z.array(z.string()).describe("Those the caller may look at."),
    }),
    handle: async ({ caller }) => caller,
  }),
];

/**
 * `POST /api/session`: a browser signs in with an API key and gets a cookie that no script can read. Throws
 * UNAUTHENTICATED; FORBIDDEN where another site's page sent it.
 */
export async function signIn(request: EdgeRequest, { world }: Edge): Promise<EdgeAnswer> {
  fromOurPage(request);
  const { key: text } = parsed(SignIn, jsonBody(request.body), "body");
  const { ws, key } = await keyOf(world, text);
  const cookie = await openSession(world.store(ws), ws, { keyId: key.id }, world.clock.now());
  await recordSignIn(world, ws, `key:${key.id}`);
  return { status: 200, json: { ws }, headers: { "set-cookie": sessionCookie(cookie, isSecure(request)) } };
}

export function recordSignIn(world: World, ws: string, actor: string): Promise<void> {
  return recordAction(world, ws, { actor, action: "sign in", target: "dashboard", bookingKey: "", outcome: "done" });
}

/** `POST /api/session/end`: the cookie is taken away, and its session with it. */
export async function signOut(request: EdgeRequest, { world }: Edge): Promise<EdgeAnswer> {
  fromOurPage(request);
  const claim = claimedSession(request.headers);
  if (claim !== undefined && Object.hasOwn(world.config.workspaces, claim.ws)) {
    await endSession(world.store(claim.ws), claim);
  }
  return { status: 200, json: { ended: true }, headers: { "set-cookie": sessionCookie("", isSecure(request)) } };
}

function fromOurPage(request: EdgeRequest): void {
  if (request.headers[OURS_HEADER] !== undefined) return;
  throw new LockstepError("FORBIDDEN", { detail: `Refused: signing in needs the header ${OURS_HEADER}.` });
}

/** Cloud Run ends TLS in front of us and says so. */
export function isSecure(request: EdgeRequest): boolean {
  return header(request, "x-forwarded-proto") === "https";
}
