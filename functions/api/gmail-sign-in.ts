import { z } from "zod";
import { type EdgeAnswer, type EdgeRequest, header, parsed } from "../../shared/cloud/edge-request.ts";
import { LockstepError } from "../../shared/errors.ts";
import { beginHandshake, finishHandshake, HANDSHAKE_SECONDS } from "../../shared/flows/mail/handshake.ts";
import type { World } from "../../shared/flows/world.ts";
import { healthOf, requireHere } from "./own-connection.ts";
import type { RawCall, Route } from "./route.ts";

const COOKIE = "lockstep_gmail";
const PATH = "/api/connections/gmail";

/** Where Google sends the browser: whose it is the state says that it brings. */
export function isCallback({ method, path }: EdgeRequest): boolean {
  return method === "GET" && path.join("/") === "connections/gmail/callback";
}

const Answer = z.object({
  state: z.string().min(1).max(200),
  code: z.string().min(1).max(2000).exactOptional(),
});

/** Answers with a redirect, so it is written down beside the table's own way. */
export const START_GMAIL: Route = {
  ...{ method: "GET", pattern: "connections/:id/gmail/start", scope: "operate", status: 302 },
  summary: "Sends the caller's browser to Google for permission. The cookie binds the answer to that browser.",
  path: { id: "Of the connection." },
  problems: ["LABEL_NOT_CONFIGURED", "CONFIG_INVALID"],
  answer: z.object({ location: z.url() }),
  handle: startGmail,
};

async function startGmail(call: RawCall): Promise<EdgeAnswer> {
  const { world, caller, param } = call;
  await requireHere(call);
  const { address, verifier } = await beginHandshake(world, caller.ws, param("id"), caller.actor);
  const headers = { location: address, "set-cookie": cookie(world, verifier, HANDSHAKE_SECONDS) };
  return { status: 302, headers, json: { location: address } };
}

/** Google sends the browser back. Nobody's API key comes along: the state and the cookie say who began it. */
export async function finishGmail(request: EdgeRequest, world: World): Promise<EdgeAnswer> {
  const { state, code } = parsed(Answer, Object.fromEntries(request.query), "query");
  const verifier = cookieOf(header(request, "cookie"));
  if (verifier === undefined) {
    throw new LockstepError("FORBIDDEN", { detail: "This sign-in was not begun in this browser: begin it anew." });
  }
  const { connection } = await finishHandshake(world, { state, verifier, ...(code === undefined ? {} : { code }) });
  const headers = { "set-cookie": cookie(world, "", 0) };
  if (header(request, "accept").includes("text/html")) {
    return { status: 200, headers, text: `Gmail is ${connection.status}. You can close this window.\n` };
  }
  return { status: 200, headers, json: { id: connection.id, ...healthOf(connection) } };
}

/** Sent back with top-level navigations alone, and read by no script. */
function cookie({ publicUrl }: World, value: string, seconds: number): string {
  const secure = publicUrl.startsWith("https:") ? "; Secure" : "";
  return `${COOKIE}=${value}; Path=${PATH}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

function cookieOf(text: string): string | undefined {
  const found = text.split(/;\s*/).find((each) => each.startsWith(`${COOKIE}=`));
  const value = found?.slice(COOKIE.length + 1);
  return value !== undefined && /^[\w-]{43,128}$/.test(value) ? value : undefined;
}
