import { z } from "zod";
import type { PeopleSignIn } from "../edge/people.ts";
import { LockstepError } from "../errors.ts";
import type { World } from "../flows/world.ts";
import { openIssuerKeys } from "./issuer-keys.ts";
import { GOOGLE_ISSUER, GOOGLE_JWKS_URL, verifiedPayload } from "./oidc.ts";

/** Where Google's sign-in is; `root`: a stand-in that has all of it below one address. */
interface Addresses {
  /** Google's tokens name their issuer with and without its scheme. */
  readonly issuers: readonly string[];
  readonly auth: string;
  readonly token: string;
  readonly keys: string;
}

const GOOGLE: Addresses = {
  issuers: [GOOGLE_ISSUER, "accounts.google.com"],
  auth: "https://accounts.google.com/o/oauth2/v2/auth",
  token: "https://oauth2.googleapis.com/token",
  keys: GOOGLE_JWKS_URL,
};

const Tokens = z.object({ id_token: z.string().min(1) });

/** Signing in by Google account; undefined where the configuration has no `signIn`. Nothing is asked before it is used. */
export function openGoogleSignIn(world: World, root: string | undefined): PeopleSignIn | undefined {
  const { signIn } = world.config;
  if (signIn === undefined) return undefined;
  const { clientId, clientSecret, audiences } = signIn;
  const at = root === undefined ? GOOGLE : below(root.replace(/\/+$/, ""));
  const keys = openIssuerKeys(at.keys);
  const emailOf = async (token: string, audience: readonly string[], nonce?: string) => {
    const payload = await verifiedPayload(token, keys, { issuer: at.issuers, audience }, world.clock);
    if (nonce !== undefined && payload["nonce"] !== nonce) throw refused("its token was made for another sign-in");
    if (typeof payload["email"] !== "string" || payload["email_verified"] !== true) {
      throw refused("the account has no verified e-mail address");
    }
    return payload["email"].toLowerCase();
  };
  return {
    address: ({ state, challenge, nonce, redirectUri }) => {
      const query = {
        ...{ client_id: clientId, redirect_uri: redirectUri, response_type: "code", scope: "openid email" },
        ...{ state, nonce, code_challenge: challenge, code_challenge_method: "S256", prompt: "select_account" },
      };
      return `${at.auth}?${new URLSearchParams(query)}`;
    },
    async emailOfCode({ code, verifier, nonce, redirectUri }) {
      const secret = (await world.secrets.read(clientSecret)).trim();
      const form = {
        ...{ grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: redirectUri },
        ...{ client_id: clientId, client_secret: secret },
      };
      return emailOf(await exchanged(world, at.token, form), [clientId], nonce);
    },
    emailOfToken: (token) => emailOf(token, [clientId, ...audiences]),
  };
}

function below(root: string): Addresses {
  return { issuers: [root], auth: `${root}/auth`, token: `${root}/token`, keys: `${root}/certs` };
}

/** The ID token for a code. What Google answers is not quoted: it may hold a token. */
async function exchanged(world: World, url: string, form: Readonly<Record<string, string>>): Promise<string> {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const response = await world
    .fetch(url, { method: "POST", headers, body: String(new URLSearchParams(form)) })
    .catch((cause: unknown) => {
      throw new LockstepError("PROVIDER_UNAVAILABLE", { detail: "Google's sign-in does not answer.", cause });
    });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.status >= 500) {
    throw new LockstepError("PROVIDER_UNAVAILABLE", { detail: `Google's sign-in failed (${response.status}).` });
  }
  const tokens = Tokens.safeParse(body);
  if (!response.ok || !tokens.success) throw refused(`Google did not take the code (${response.status})`);
  return tokens.data.id_token;
}

function refused(reason: string): LockstepError {
  return new LockstepError("UNAUTHENTICATED", { detail: `Refused: ${reason}.` });
}
