import { randomBytes } from "node:crypto";
import type { Config } from "../../shared/config.ts";
import { PUSH_TOKEN_SECRET } from "../../shared/edge/push-token.ts";
import { webhookSecretName } from "../../shared/edge/webhook-signature.ts";
import { isError } from "../../shared/errors.ts";
import type { SecretReader, SecretWriter } from "../../shared/ports/secrets.ts";

/**
 * Makes up what only this machine needs to know (the key of push tokens, a signing secret for each source's
 * webhooks); what is there stays. Throws CONFIG_INVALID where the secrets cannot be read.
 */
export async function prepareSecrets(
  secrets: SecretReader & SecretWriter,
  config: Config,
  simulated: { readonly signIn: boolean },
): Promise<void> {
  const signIn = simulated.signIn ? signInSecrets(config) : [];
  for (const name of [PUSH_TOKEN_SECRET, ...webhookSecrets(config), ...signIn]) {
    if (!(await isThere(secrets, name))) await secrets.write(name, makeSecret());
  }
}

async function isThere(secrets: SecretReader, name: string): Promise<boolean> {
  try {
    await secrets.read(name);
    return true;
  } catch (error) {
    if (isError(error, "SECRET_MISSING")) return false;
    throw error;
  }
}

function webhookSecrets(config: Config): string[] {
  return Object.entries(config.workspaces).flatMap(([ws, workspace]) =>
    Object.keys(workspace.sources).map((source) => webhookSecretName(ws, source)),
  );
}

/** The sandbox's Google takes any secret of our client; the real one's is put there by a person. */
function signInSecrets({ signIn }: Config): string[] {
  return signIn === undefined ? [] : [signIn.clientSecret];
}

/** In the form of Standard Webhooks; as a key for anything else it is as good as any. */
function makeSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}
