import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";
import type { Config } from "../../shared/config.ts";
import { PUSH_TOKEN_SECRET } from "../../shared/edge/push-token.ts";
import { webhookSecretName } from "../../shared/edge/webhook-signature.ts";
import { LockstepError } from "../../shared/errors.ts";

const Secrets = z.record(z.string(), z.string());
type Secrets = z.infer<typeof Secrets>;

/**
 * Makes up what only this machine needs to know (the key of push tokens, a signing secret for each source's
 * webhooks) and adds it to the secrets file; what stands there stays. Answers all of them. Throws
 * CONFIG_INVALID where the file cannot be read.
 */
export function prepareSecrets(file: string, config: Config): Secrets {
  const present = readSecrets(file);
  const missing = [PUSH_TOKEN_SECRET, ...webhookSecrets(config)].filter((name) => present[name] === undefined);
  if (missing.length === 0) return present;
  const secrets = { ...present, ...Object.fromEntries(missing.map((name) => [name, makeSecret()])) };
  // Written aside and renamed: a kill in between leaves no half file behind.
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}

/** What the file holds; nothing where there is none. Throws CONFIG_INVALID, without quoting it. */
export function readSecrets(file: string): Secrets {
  if (!existsSync(file)) return {};
  try {
    return Secrets.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    // The cause is left out: it may quote a secret.
    throw new LockstepError("CONFIG_INVALID", { detail: `${file} is no JSON object of names and texts.` });
  }
}

function webhookSecrets(config: Config): string[] {
  return Object.entries(config.workspaces).flatMap(([ws, workspace]) =>
    Object.keys(workspace.sources).map((source) => webhookSecretName(ws, source)),
  );
}

/** In the form of Standard Webhooks; as a key for anything else it is as good as any. */
function makeSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}
