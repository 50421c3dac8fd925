import { LockstepError } from "../../errors.ts";
import type { Connection } from "../../ports/provider.ts";
import { tryJson } from "../try-json.ts";
import { brokenAnswer, type Call, failureOf, networkFailure, toError } from "./failures.ts";
import type { Roots } from "./roots.ts";
import { type Settings, Token } from "./schema.ts";

/** What a stand-in is shown where no credentials are named. */
const SANDBOX = "sandbox";
const TIMEOUT_MS = 10_000;
/** A token is renewed this long before it ends. */
const MARGIN_MS = 120_000;

/** Gives the `Authorization` header. `refused` is one that Graph no longer takes: it is not given again. */
export type Authorize = (refused?: string) => Promise<string>;

interface Granted {
  readonly header: string;
  readonly untilMs: number;
}

/**
 * The app's own token (client credentials), fetched with the first call and kept in this instance; calls that
 * need one at the same time wait for the same. Throws CONFIG_INVALID at once where the real Graph is meant and no
 * credential is named.
 */
export function openAuth(connection: Connection<Settings>, roots: Roots): Authorize {
  const { settings, clock } = connection;
  if (roots.real && settings.clientSecret === undefined) throw missingCredentials(roots.graph);
  let granted: Granted | undefined;
  let pending: Promise<Granted> | undefined;
  return async (refused) => {
    const isGood =
      granted !== undefined && granted.header !== refused && granted.untilMs > Date.parse(clock.now()) + MARGIN_MS;
    if (granted !== undefined && isGood) return granted.header;
    pending ??= askForToken(connection, roots).finally(() => {
      pending = undefined;
    });
    granted = await pending;
    return granted.header;
  };
}

async function askForToken(connection: Connection<Settings>, roots: Roots): Promise<Granted> {
  const { secrets, clock } = connection;
  const { tenant = SANDBOX, clientId = SANDBOX, clientSecret } = connection.settings;
  const call: Call = {
    does: `fetching a token for app ${clientId}${clientSecret === undefined ? "" : ` with the secret in ${clientSecret}`}`,
    // `invalid_client`, `unauthorized_client`: the secret ended, or the app is gone.
    means: ({ status }) => (status === 400 || status === 401 ? "PROVIDER_UNAUTHORIZED" : undefined),
  };
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret === undefined ? SANDBOX : (await secrets.read(clientSecret)).trim(),
    scope: roots.scope,
  });
  const asked = Date.parse(clock.now());
  const { status, body, retryAfter } = await post(connection, `${roots.login}/${tenant}/oauth2/v2.0/token`, form, call);
  if (status !== 200) throw toError(failureOf(status, body, retryAfter, clock), call);
  const token = Token.safeParse(body);
  if (!token.success) throw brokenAnswer(call.does, "it holds no token");
  return { header: `Bearer ${token.data.access_token}`, untilMs: asked + token.data.expires_in * 1000 };
}

async function post({ fetch }: Connection<Settings>, url: string, form: URLSearchParams, call: Call) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    return { status: response.status, body: tryJson(text), retryAfter: response.headers.get("retry-after") };
  } catch (error) {
    throw toError(networkFailure(error), call);
  }
}

function missingCredentials(root: string): LockstepError {
  return new LockstepError("CONFIG_INVALID", {
    detail: `outlook at ${root} needs credentials: give tenant, clientId and the name of the secret with the client secret (settings: clientSecret).`,
  });
}
