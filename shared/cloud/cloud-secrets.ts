import { SecretManagerServiceClient } from "@google-cloud/secret-manager";
import { LockstepError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import { checkSecretName } from "../ports/secret-checks.ts";
import type { SecretReader, SecretWriter } from "../ports/secrets.ts";
import { type Instant, later } from "../sync/time.ts";

/** How long a value may be served without asking again: a rotated secret is seen within this time. */
const CACHE_MS = 60_000;

/** gRPC codes. A version that is disabled or destroyed answers FAILED_PRECONDITION. */
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const PERMISSION_DENIED = 7;
const FAILED_PRECONDITION = 9;

interface Cached {
  readonly until: Instant;
  readonly value: Promise<string>;
}

export interface SecretManagerOptions {
  readonly projectId: string;
  readonly clock: Clock;
  /** For tests; default: Google's own with the surroundings' credentials. */
  readonly client?: SecretManagerServiceClient;
}

/**
 * Secrets in Secret Manager. Values are asked for once a minute at most and then kept in the
 * instance's memory only. Where the service does not answer: STORE_UNAVAILABLE, so that it is tried again.
 */
export function openSecretManager(options: SecretManagerOptions): SecretReader & SecretWriter {
  const { projectId, clock, client = new SecretManagerServiceClient({ projectId }) } = options;
  const cache = new Map<string, Cached>();
  const remember = (name: string, value: Promise<string>) => {
    const cached = { until: later(clock.now(), CACHE_MS), value };
    cache.set(name, cached);
    value.catch(() => cache.get(name) === cached && cache.delete(name));
    return value;
  };
  return {
    async read(name, { fresh = false } = {}) {
      const path = `projects/${projectId}/secrets/${checkSecretName(name)}`;
      const cached = cache.get(name);
      if (!fresh && cached !== undefined && clock.now() < cached.until) return cached.value;
      return remember(name, access(client, path));
    },
    async write(name, value) {
      checkSecretName(name);
      await add(client, projectId, name, value);
      await remember(name, Promise.resolve(value));
    },
  };
}

async function access(client: SecretManagerServiceClient, path: string): Promise<string> {
  try {
    const [version] = await client.accessSecretVersion({ name: `${path}/versions/latest` });
    return Buffer.from(version.payload?.data ?? "").toString("utf8");
  } catch (cause) {
    throw translate(cause, path);
  }
}

async function add(client: SecretManagerServiceClient, projectId: string, secretId: string, value: string) {
  const parent = `projects/${projectId}/secrets/${secretId}`;
  const version = { parent, payload: { data: Buffer.from(value) } };
  try {
    await client.addSecretVersion(version);
  } catch (cause) {
    if (codeOf(cause) !== NOT_FOUND) throw translate(cause, parent);
    await create(client, projectId, secretId);
    await client.addSecretVersion(version).catch((error: unknown) => Promise.reject(translate(error, parent)));
  }
}

/** Two instances may create the same secret at once; the second finds it there. */
async function create(client: SecretManagerServiceClient, projectId: string, secretId: string): Promise<void> {
  const parent = `projects/${projectId}`;
  try {
    await client.createSecret({ parent, secretId, secret: { replication: { automatic: {} } } });
  } catch (cause) {
    if (codeOf(cause) !== ALREADY_EXISTS) throw translate(cause, `${parent}/secrets/${secretId}`);
  }
}

function translate(cause: unknown, path: string): LockstepError {
  const code = codeOf(cause);
  if (code === PERMISSION_DENIED) {
    const detail = `This account may not use the secret ${path}: grant it roles/secretmanager.secretAccessor there.`;
    return new LockstepError("SECRET_MISSING", { detail, cause });
  }
  if (code === NOT_FOUND || code === FAILED_PRECONDITION) {
    const detail = `The secret ${path} has no enabled version: gcloud secrets versions add.`;
    return new LockstepError("SECRET_MISSING", { detail, cause });
  }
  return new LockstepError("STORE_UNAVAILABLE", { detail: `Secret Manager did not answer (code ${code}).`, cause });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
