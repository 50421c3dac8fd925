import { json, Refusal, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { graphError } from "./errors.ts";
import type { TokenRow } from "./rows.ts";
import { tokensOf } from "./shelves.ts";

export const TOKEN_PATH = /^\/graph\/[^/]+\/oauth2\/v2\.0\/token$/;

/** Client credentials (API_FACTS §3): any client with a secret is good; there is no refresh token. */
export function grantToken(call: Call): Reply {
  const { request, world } = call;
  const form = new URLSearchParams(request.body);
  if (request.method !== "POST") return oauthError("invalid_request", "AADSTS900561: The endpoint only accepts POST.");
  if (form.get("grant_type") !== "client_credentials") {
    return oauthError("unsupported_grant_type", "AADSTS70003: The app requested an unsupported grant type.");
  }
  const applicationId = form.get("client_id") ?? "";
  if (applicationId === "") return oauthError("invalid_request", "AADSTS900144: The body must contain 'client_id'.");
  if ((form.get("client_secret") ?? "") === "") {
    return oauthError("invalid_client", "AADSTS7000216: 'client_secret' is required.", 401);
  }
  if (!/^https:\/\/[^/]+\/\.default$/.test(form.get("scope") ?? "")) {
    return oauthError("invalid_scope", "AADSTS1002012: The scope of client credentials must end in /.default.");
  }
  const token = `sandbox.${world.newId()}`;
  const seconds = world.options().graphTokenSeconds;
  forgetExpired(call);
  tokensOf(world).put("tokens", token, { applicationId, expiresMs: world.now() + seconds * 1000 });
  return json(200, { token_type: "Bearer", expires_in: seconds, ext_expires_in: seconds, access_token: token });
}

function oauthError(error: string, error_description: string, status = 400): Reply {
  return json(status, { error, error_description, error_codes: [Number(/\d+/.exec(error_description)?.[0])] });
}

function forgetExpired({ world }: Call): void {
  const tokens = tokensOf(world);
  for (const id of tokens.ids("tokens")) {
    if ((tokens.get("tokens", id)?.expiresMs ?? 0) <= world.now()) tokens.remove("tokens", id);
  }
}

/** Who calls. 401 without a token, or with one that is unknown or has ended. */
export function callerOf(call: Call): TokenRow {
  const token = bearerOf(call);
  if (token === "") return unauthorized("Access token is empty.");
  const known = tokensOf(call.world).get("tokens", token);
  if (known !== undefined && known.expiresMs > call.world.now()) return known;
  if (known === undefined && call.world.options().graphAnyToken) {
    return { applicationId: "any", expiresMs: Number.POSITIVE_INFINITY };
  }
  return unauthorized(
    known === undefined ? "CompactToken parsing failed." : "Lifetime validation failed, the token is expired.",
  );
}

/** The token of this call is no longer good (fault `expire-token`). */
export function forgetToken(call: Call): void {
  const token = bearerOf(call);
  const known = tokensOf(call.world).get("tokens", token);
  if (known !== undefined) tokensOf(call.world).put("tokens", token, { ...known, expiresMs: call.world.now() });
}

export function bearerOf({ request }: Call): string {
  return /^bearer (\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
}

function unauthorized(message: string): never {
  throw new Refusal(graphError(401, "InvalidAuthenticationToken", message, { "www-authenticate": "Bearer" }));
}
