import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { refuse } from "./answers.ts";
import { refreshTokensOf, tokensOf } from "./shelves.ts";

const TOKENS = "tokens";

/** `POST /osm/oauth/token`: client credentials, a code (any), or a refresh token, which is good once. */
export function grantToken(call: Call): Reply {
  const form = new URLSearchParams(call.request.body);
  if (call.faults.has("invalid-grant")) return oauthError(400, "invalid_grant");
  if ((form.get("client_id") ?? "") === "" || (form.get("client_secret") ?? "") === "") {
    return oauthError(401, "invalid_client");
  }
  const grant = form.get("grant_type");
  if (grant === "client_credentials") return json(200, tokenFor(call));
  if (grant === "authorization_code" && (form.get("code") ?? "") !== "") return json(200, withRefresh(call));
  if (grant !== "refresh_token") return oauthError(400, "unsupported_grant_type");
  const spent = form.get("refresh_token") ?? "";
  if (refreshTokensOf(call.world).get(TOKENS, spent) === undefined) return oauthError(400, "invalid_grant");
  refreshTokensOf(call.world).remove(TOKENS, spent);
  return json(200, withRefresh(call));
}

function withRefresh(call: Call): object {
  return { ...tokenFor(call), refresh_token: issueRefreshToken(call) };
}

/** A refresh token as a person's consent gives one. */
export function issueRefreshToken({ world }: Call): string {
  const refresh = `refresh.${world.newId()}`;
  refreshTokensOf(world).put(TOKENS, refresh, { user: "1" });
  return refresh;
}

function tokenFor({ world }: Call): object {
  const seconds = world.options().osmTokenSeconds;
  const token = `osm.${world.newId()}`;
  forgetExpired(world.now(), tokensOf(world));
  tokensOf(world).put(TOKENS, token, { user: "1", expiresMs: world.now() + seconds * 1000 });
  return { token_type: "Bearer", expires_in: seconds, access_token: token };
}

function forgetExpired(now: number, tokens: ReturnType<typeof tokensOf>): void {
  for (const id of tokens.ids(TOKENS)) if ((tokens.get(TOKENS, id)?.expiresMs ?? 0) <= now) tokens.remove(TOKENS, id);
}

function oauthError(status: number, error: string): Reply {
  return json(status, { error, error_description: error.replaceAll("_", " "), message: error });
}

/** 401 without a token, or with one that is unknown or has ended. */
export function requireToken(call: Call): void {
  const row = tokensOf(call.world).get(TOKENS, bearerOf(call));
  if (row === undefined || row.expiresMs <= call.world.now()) refuse(401, "Unauthenticated.");
}

/** The token of this call is no longer good (fault `expire-token`). */
export function forgetToken(call: Call): void {
  tokensOf(call.world).remove(TOKENS, bearerOf(call));
}

export function forgetAllTokens({ world }: Call): void {
  for (const id of tokensOf(world).ids(TOKENS)) tokensOf(world).remove(TOKENS, id);
}

function bearerOf({ request }: Call): string {
  return /^bearer (\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
}
