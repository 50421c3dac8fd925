import { createHash } from "node:crypto";
import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { consentPage, sentBack } from "./consent.ts";
import { oauthError, refuseOauth } from "./errors.ts";
import { idTokenFor } from "./id-token.ts";
import type { CodeRow, GrantRow } from "./rows.ts";
import { accessOf, accountsOf, codesOf, grantsOf } from "./shelves.ts";

const CODE_MS = 600_000;

/** `GET /gmail/oauth/auth`: the page where a person allows it; see option `gmailConsent`. */
export function showConsent(call: Call): Reply {
  const { query, headers } = call.request;
  const redirectUri = query.get("redirect_uri") ?? "";
  if (!URL.canParse(redirectUri)) refuseOauth("invalid_request", "redirect_uri is missing.");
  if (query.get("response_type") !== "code") refuseOauth("unsupported_response_type", "Only code is known here.");
  const accounts = accountsOf(call.world)
    .all("accounts")
    .map(({ email }) => email);
  const consent = call.world.options().gmailConsent;
  const asksPage = consent === "page" && (headers.accept ?? "").includes("text/html") && !query.has("decision");
  if (asksPage) return consentPage(query, accounts);
  const chosen = query.get("account") ?? query.get("login_hint") ?? accounts[0];
  if (consent === "deny" || query.get("decision") === "deny" || chosen === undefined) {
    return sentBack(query, { error: "access_denied" });
  }
  if (!accounts.includes(chosen)) return sentBack(query, { error: "access_denied" });
  return sentBack(query, { code: makeCode(call, chosen), scope: query.get("scope") ?? "" });
}

function makeCode({ world, request: { query } }: Call, email: string): string {
  const code = `4/${world.newId()}`;
  const isS256 = query.get("code_challenge_method") === "S256";
  const row: CodeRow = {
    code,
    email,
    clientId: query.get("client_id") ?? "",
    redirectUri: query.get("redirect_uri") ?? "",
    scope: query.get("scope") ?? "",
    nonce: query.get("nonce") ?? "",
    challenge: isS256 ? (query.get("code_challenge") ?? "") : "",
    offline: query.get("access_type") === "offline",
    expiresMs: world.now() + CODE_MS,
  };
  codesOf(world).put("codes", code, row);
  return code;
}

/** `POST /gmail/oauth/token`. */
export function grantToken(call: Call): Reply {
  if (call.request.method !== "POST") return oauthError("invalid_request", "Use POST.", 405);
  const form = new URLSearchParams(call.request.body);
  if (call.faults.has("invalid-grant")) return oauthError("invalid_grant", "Bad Request");
  if ((form.get("client_secret") ?? "") === "") return oauthError("invalid_client", "Unauthorized", 401);
  switch (form.get("grant_type")) {
    case "authorization_code":
      return exchangeCode(call, form);
    case "refresh_token":
      return refresh(call, form);
    default:
      return oauthError("unsupported_grant_type", "Invalid grant_type");
  }
}

function exchangeCode(call: Call, form: URLSearchParams): Reply {
  const { world } = call;
  const code = form.get("code") ?? "";
  const row = codesOf(world).get("codes", code);
  codesOf(world).remove("codes", code);
  if (row === undefined || row.expiresMs <= world.now()) return oauthError("invalid_grant", "Malformed auth code.");
  if (row.clientId !== form.get("client_id")) return oauthError("invalid_client", "The client is another.", 401);
  if (row.redirectUri !== form.get("redirect_uri")) return oauthError("redirect_uri_mismatch", "Bad Request");
  const verifier = createHash("sha256")
    .update(form.get("code_verifier") ?? "")
    .digest("base64url");
  if (row.challenge !== "" && row.challenge !== verifier) return oauthError("invalid_grant", "Missing code verifier.");
  const { email, clientId, scope } = row;
  const refreshToken = `1//${world.newId()}`;
  const grant: GrantRow = { refreshToken, email, clientId, scope, revoked: false };
  grantsOf(world).put("grants", refreshToken, grant);
  return json(200, {
    ...makeAccess(call, grant),
    ...(row.offline ? { refresh_token: refreshToken } : {}),
    ...(scope.split(" ").includes("openid") ? { id_token: idTokenFor(call, row) } : {}),
  });
}

function refresh({ world }: Call, form: URLSearchParams): Reply {
  const refreshToken = form.get("refresh_token") ?? "";
  const grant = grantsOf(world).get("grants", refreshToken);
  if (grant === undefined || grant.revoked || grant.clientId !== form.get("client_id")) {
    return oauthError("invalid_grant", "Token has been expired or revoked.");
  }
  if (!world.options().gmailRotateTokens) return json(200, makeAccess({ world }, grant));
  const next: GrantRow = { ...grant, refreshToken: `1//${world.newId()}` };
  grantsOf(world).put("grants", refreshToken, { ...grant, revoked: true });
  grantsOf(world).put("grants", next.refreshToken, next);
  return json(200, { ...makeAccess({ world }, next), refresh_token: next.refreshToken });
}

function makeAccess({ world }: Pick<Call, "world">, { email, refreshToken, scope }: GrantRow): Record<string, unknown> {
  const token = `ya29.${world.newId()}`;
  const seconds = world.options().gmailTokenSeconds;
  accessOf(world).put("tokens", token, {
    token,
    email,
    refreshToken,
    scope,
    expiresMs: world.now() + seconds * 1000,
  });
  return { access_token: token, expires_in: seconds, scope, token_type: "Bearer" };
}

/** `POST /gmail/oauth/revoke`: by either token. */
export function revokeToken(call: Call): Reply {
  const form = new URLSearchParams(call.request.body);
  const token = form.get("token") ?? call.request.query.get("token") ?? "";
  const refreshToken = accessOf(call.world).get("tokens", token)?.refreshToken ?? token;
  const grant = grantsOf(call.world).get("grants", refreshToken);
  if (grant === undefined || grant.revoked) return oauthError("invalid_token", "Token expired or revoked");
  revokeGrant(call, grant);
  return json(200, {});
}

/** Ends a grant with its access tokens. */
export function revokeGrant({ world }: Pick<Call, "world">, grant: GrantRow): void {
  grantsOf(world).put("grants", grant.refreshToken, { ...grant, revoked: true });
  for (const access of accessOf(world).all("tokens")) {
    if (access.refreshToken === grant.refreshToken) accessOf(world).remove("tokens", access.token);
  }
}
