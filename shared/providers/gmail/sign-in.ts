import { LockstepError } from "../../errors.ts";
import type { MailboxSignIn } from "../../ports/mailbox.ts";
import type { Connection } from "../../ports/provider.ts";
import { networkReason } from "../network-reason.ts";
import { retry } from "../retry.ts";
import { tryJson } from "../try-json.ts";
import { type Settings, Token, TokenFailure } from "./schema.ts";

const SCOPE = "https://www.googleapis.com/auth/gmail.readonly";
/** What a stand-in takes for a secret. */
const SANDBOX_SECRET = "sandbox";

export interface SignIn extends MailboxSignIn {
  /** An access token for a refresh token. Throws NEEDS_RECONNECT (`invalid_grant`). */
  refresh(refreshToken: string): Promise<Token>;
}

/** Google's sign-in for web servers, with PKCE. Throws CONFIG_INVALID where the real one is meant without a client. */
export function openSignIn(connection: Connection<Settings>): SignIn {
  const { settings, root } = connection;
  const at = addressesOf(root);
  if (isGoogle(root) && settings.clientSecret === undefined) throw missingClient(root);
  const ask = (does: string, form: Readonly<Record<string, string>>) => askForToken(connection, at.token, does, form);
  return {
    address: ({ state, challenge, redirectUri }) => {
      const query = {
        ...{ client_id: settings.clientId, redirect_uri: redirectUri, response_type: "code", scope: SCOPE, state },
        // Only so is a refresh token sure to come along (API_FACTS §2).
        ...{ access_type: "offline", prompt: "consent", code_challenge: challenge, code_challenge_method: "S256" },
      };
      return `${at.auth}?${new URLSearchParams(query)}`;
    },
    async exchange({ code, verifier, redirectUri }) {
      const form = { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: redirectUri };
      const { refresh_token: refreshToken } = await ask("exchanging the code", form);
      if (refreshToken === undefined) throw refused("the answer to the code holds no refresh token", "200");
      return { refreshToken };
    },
    refresh: (refreshToken) =>
      retry(connection.clock, () =>
        ask("refreshing the access token", { grant_type: "refresh_token", refresh_token: refreshToken }),
      ),
    revoke: (refreshToken) => revoke(connection, at.revoke, refreshToken),
  };
}

/** A stand-in has them below its own root. */
function addressesOf(root: string): { readonly auth: string; readonly token: string; readonly revoke: string } {
  if (!isGoogle(root)) {
    const below = `${root}/gmail/oauth`;
    return { auth: `${below}/auth`, token: `${below}/token`, revoke: `${below}/revoke` };
  }
  return {
    auth: "https://accounts.google.com/o/oauth2/v2/auth",
    token: "https://oauth2.googleapis.com/token",
    revoke: "https://oauth2.googleapis.com/revoke",
  };
}

async function askForToken(
  connection: Connection<Settings>,
  url: string,
  does: string,
  form: Readonly<Record<string, string>>,
): Promise<Token> {
  const { settings, secrets } = connection;
  const secret = settings.clientSecret === undefined ? SANDBOX_SECRET : await secrets.read(settings.clientSecret);
  const response = await post(connection, url, does, {
    ...form,
    client_id: settings.clientId,
    client_secret: secret.trim(),
  });
  const body = tryJson(await response.text().catch(() => ""));
  if (response.ok) {
    const token = Token.safeParse(body);
    if (token.success) return token.data;
    throw unavailable(does, "200 broken answer");
  }
  const failure = TokenFailure.safeParse(body);
  const reason = failure.success ? failure.data.error : "";
  if (reason === "invalid_grant") throw refused(`${does} was refused`, "400 invalid_grant");
  if (response.status === 429 || response.status >= 500) throw unavailable(does, String(response.status));
  throw new LockstepError("PROVIDER_UNAUTHORIZED", {
    detail: `Gmail: ${does} failed: Google does not take our OAuth client (${reason}).`,
    provider: `${response.status} ${reason}`,
  });
}

async function revoke(connection: Connection<Settings>, url: string, token: string): Promise<void> {
  const does = "ending the permission";
  const response = await post(connection, url, does, { token });
  await response.body?.cancel();
  // 400: it has ended before.
  if (response.status >= 500) throw unavailable(does, String(response.status));
}

async function post(
  { fetch: transport }: Connection<Settings>,
  url: string,
  does: string,
  form: Readonly<Record<string, string>>,
): Promise<Response> {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  try {
    return await transport(url, { method: "POST", headers, body: String(new URLSearchParams(form)) });
  } catch (cause) {
    throw unavailable(does, `no answer ${networkReason(cause)}`);
  }
}

function refused(what: string, provider: string): LockstepError {
  return new LockstepError("NEEDS_RECONNECT", {
    detail: `Gmail: ${what}; the mailbox must be connected again.`,
    provider,
  });
}

function unavailable(does: string, provider: string): LockstepError {
  return new LockstepError("PROVIDER_UNAVAILABLE", { detail: `Gmail: ${does} failed (${provider}).`, provider });
}

function isGoogle(root: string): boolean {
  const { hostname } = new URL(root);
  return hostname === "googleapis.com" || hostname.endsWith(".googleapis.com");
}

function missingClient(root: string): LockstepError {
  return new LockstepError("CONFIG_INVALID", {
    detail: `gmail at ${root} needs an OAuth client: clientId, and clientSecret with the name of the secret that holds its secret.`,
  });
}
