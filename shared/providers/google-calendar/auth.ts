import type { JWT } from "google-auth-library";
import { LockstepError } from "../../errors.ts";
import type { Connection } from "../../ports/provider.ts";
import { plainFetch } from "../plain-fetch.ts";
import { tryJson } from "../try-json.ts";
import { readFailure, toError } from "./failures.ts";
import { ServiceAccountKey, type Settings } from "./schema.ts";

const SCOPE = "https://www.googleapis.com/auth/calendar.events";
const SANDBOX_TOKEN = "sandbox";

/** Gives the `Authorization` header; `fresh` drops a token that Google refused. */
export type Authorize = (fresh: boolean) => Promise<string>;

/**
 * How this account proves itself. Throws CONFIG_INVALID at once where real Google is meant and no
 * credential is named; the token itself is fetched with the first call.
 */
export function openAuth(connection: Connection<Settings>): Authorize {
  const { settings, root } = connection;
  const auth = settings.auth ?? (settings.credentials === undefined ? "static-token" : "service-account");
  if (isGoogle(root) && settings.credentials === undefined) throw missingCredentials(root);
  return auth === "static-token" ? staticToken(connection) : serviceAccount(connection);
}

function staticToken({ settings, secrets }: Connection<Settings>): Authorize {
  return async () =>
    `Bearer ${settings.credentials ? (await secrets.read(settings.credentials)).trim() : SANDBOX_TOKEN}`;
}

function serviceAccount(connection: Connection<Settings>): Authorize {
  let client: JWT | undefined;
  return async (fresh) => {
    if (fresh || client === undefined) client = await openJwt(connection);
    try {
      const headers = await client.getRequestHeaders(`${connection.root}/`);
      return headers.get("authorization") ?? "";
    } catch (error) {
      throw tokenError(error, connection);
    }
  };
}

/** A stand-in has no token endpoint of its own: there the key signs for itself, without a call. */
async function openJwt(connection: Connection<Settings>): Promise<JWT> {
  const key = await readKey(connection);
  const { JWT } = await import("google-auth-library");
  return new JWT({
    email: key.client_email,
    key: key.private_key,
    ...(key.private_key_id !== undefined && { keyId: key.private_key_id }),
    ...(isGoogle(connection.root) && { scopes: [SCOPE] }),
    // Its own tries are off: ours go by the injected clock.
    transporterOptions: {
      fetchImplementation: plainFetch(connection.fetch),
      retryConfig: { retry: 0, noResponseRetries: 0 },
    },
  });
}

async function readKey({ settings, secrets }: Connection<Settings>): Promise<ServiceAccountKey> {
  const name = settings.credentials ?? "";
  const key = ServiceAccountKey.safeParse(tryJson(await secrets.read(name)));
  if (key.success) return key.data;
  throw new LockstepError("CONFIG_INVALID", {
    detail: `The secret ${name} is no key file of a Google service account (JSON with client_email and private_key).`,
  });
}

function tokenError(error: unknown, { clock, settings }: Connection<Settings>): LockstepError {
  return toError(readFailure(error, clock), {
    does: `fetching a token with the key in ${settings.credentials}`,
    // `invalid_grant`: the key was revoked, or its account is gone.
    means: ({ status }) => (status === 400 ? "PROVIDER_UNAUTHORIZED" : undefined),
  });
}

function isGoogle(root: string): boolean {
  const { hostname } = new URL(root);
  return hostname === "googleapis.com" || hostname.endsWith(".googleapis.com");
}

function missingCredentials(root: string): LockstepError {
  return new LockstepError("CONFIG_INVALID", {
    detail: `google-calendar at ${root} needs credentials: name the secret with the service account's key (settings: credentials).`,
  });
}
