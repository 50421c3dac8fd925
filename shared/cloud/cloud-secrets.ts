import { z } from "zod";
import { LockstepError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import { checkSecretName } from "../ports/secret-checks.ts";
import type { SecretReader, SecretWriter } from "../ports/secrets.ts";
import { type Instant, later } from "../sync/time.ts";
import { type GoogleApi, openGoogleApi } from "./google-rest.ts";

/** How long a value may be served without asking again: a rotated secret is seen within this time. */
const CACHE_MS = 60_000;
const CALL_MS = 10_000;

const OK = 200;
/** A version that is disabled or destroyed answers 400 (FAILED_PRECONDITION). */
const FAILED_PRECONDITION = 400;
const PERMISSION_DENIED = 403;
const NOT_FOUND = 404;
const ALREADY_EXISTS = 409;

interface Cached {
  readonly until: Instant;
  readonly value: Promise<string>;
}

export interface SecretManagerOptions {
  readonly projectId: string;
  readonly clock: Clock;
  /** For tests; default: Google's own with the surroundings' credentials. */
  readonly api?: GoogleApi;
}

/**
 * Secrets in Secret Manager, by its REST API (decision 087). Values are asked for once a minute at most and then kept in
 * the instance's memory only. Where the service does not answer: STORE_UNAVAILABLE, so that it is tried again.
 */
export function openSecretManager(options: SecretManagerOptions): SecretReader & SecretWriter {
  const { projectId, clock, api = openApi() } = options;
  const service = openService(api, projectId);
  const cache = new Map<string, Cached>();
  const remember = (name: string, value: Promise<string>) => {
    const cached = { until: later(clock.now(), CACHE_MS), value };
    cache.set(name, cached);
    value.catch(() => cache.get(name) === cached && cache.delete(name));
    return value;
  };
  return {
    async read(name, { fresh = false } = {}) {
      checkSecretName(name);
      const cached = cache.get(name);
      if (!fresh && cached !== undefined && clock.now() < cached.until) return cached.value;
      return remember(name, service.newest(name));
    },
    async write(name, value) {
      checkSecretName(name);
      if ((await service.add(name, value)) === NOT_FOUND) await service.create(name, value);
      await remember(name, Promise.resolve(value));
    },
  };
}

function openApi(): GoogleApi {
  const root = process.env.SECRET_MANAGER_API_ROOT ?? "https://secretmanager.googleapis.com";
  return openGoogleApi({ root, timeoutMs: CALL_MS });
}

const Version = z.object({ payload: z.object({ data: z.string().default("") }).prefault({}) });

/** The three calls of the service; the status that the caller can do something about is answered, others are thrown. */
function openService(api: GoogleApi, projectId: string) {
  const call = (method: "GET" | "POST", path: string, body?: object) =>
    api.call(method, path, body).catch(() => ({ status: 0, body: undefined }));
  const secrets = `projects/${projectId}/secrets`;
  const add = async (name: string, value: string): Promise<number> => {
    const payload = { data: Buffer.from(value).toString("base64") };
    const { status } = await call("POST", `/v1/${secrets}/${name}:addVersion`, { payload });
    return status === OK || status === NOT_FOUND ? status : fail(`${secrets}/${name}`, status);
  };
  return {
    add,
    async newest(name: string): Promise<string> {
      const { status, body } = await call("GET", `/v1/${secrets}/${name}/versions/latest:access`);
      if (status !== OK) fail(`${secrets}/${name}`, status);
      return Buffer.from(Version.parse(body).payload.data, "base64").toString("utf8");
    },
    /** Two instances may create the same secret at once; the second finds it there. */
    async create(name: string, value: string): Promise<void> {
      const path = `/v1/${secrets}?secretId=${name}`;
      const { status } = await call("POST", path, { replication: { automatic: {} } });
      if (status !== OK && status !== ALREADY_EXISTS) fail(`${secrets}/${name}`, status);
      if ((await add(name, value)) === NOT_FOUND) fail(`${secrets}/${name}`, NOT_FOUND);
    },
  };
}

function fail(path: string, status: number): never {
  if (status === PERMISSION_DENIED) {
    const detail = `This account may not use the secret ${path}: grant it roles/secretmanager.secretAccessor there.`;
    throw new LockstepError("SECRET_MISSING", { detail });
  }
  if (status === NOT_FOUND || status === FAILED_PRECONDITION) {
    const detail = `The secret ${path} has no enabled version: gcloud secrets versions add.`;
    throw new LockstepError("SECRET_MISSING", { detail });
  }
  throw new LockstepError("STORE_UNAVAILABLE", { detail: `Secret Manager did not answer (${status || "nothing"}).` });
}
