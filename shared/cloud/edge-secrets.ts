import { z } from "zod";
import { LockstepError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Secrets } from "../ports/secrets.ts";
import { openCloudSecrets, refusal, SECRET_CALL_MS } from "./cloud-secrets.ts";
import { type GoogleApi, openGoogleApi } from "./google-rest.ts";

const OK = 200;
const PERMISSION_DENIED = 403;
/** A version that is disabled or destroyed answers 400 (FAILED_PRECONDITION). */
const WITHOUT_VERSION = [400, 404];

export interface EdgeSecretsOptions {
  readonly projectId: string;
  readonly clock: Clock;
  /** For tests; default: Google's own with the surroundings' credentials. */
  readonly api?: GoogleApi;
}

const Version = z.object({ payload: z.object({ data: z.string().default("") }).prefault({}) });

/**
 * Secret Manager for functions that outsiders wait for: one call of its REST API, where the client would double their start
 * (decision 087). They write none: CONFIG_INVALID.
 */
export function openEdgeSecrets({ projectId, clock, api = openApi() }: EdgeSecretsOptions): Secrets {
  const newest = async (name: string) => {
    const path = `projects/${projectId}/secrets/${name}`;
    const { status, body } = await api
      .call("GET", `/v1/${path}/versions/latest:access`)
      .catch(() => ({ status: 0, body: undefined }));
    if (status === OK) return Buffer.from(Version.parse(body).payload.data, "base64").toString("utf8");
    if (status === PERMISSION_DENIED) throw refusal(path, "forbidden");
    throw refusal(path, WITHOUT_VERSION.includes(status) ? "missing" : { status: status ? String(status) : "nothing" });
  };
  return openCloudSecrets({ newest, add: refuse }, clock);
}

function openApi(): GoogleApi {
  const root = process.env.SECRET_MANAGER_API_ROOT ?? "https://secretmanager.googleapis.com";
  return openGoogleApi({ root, timeoutMs: SECRET_CALL_MS });
}

async function refuse(): Promise<never> {
  throw new LockstepError("CONFIG_INVALID", { detail: "A function for outsiders writes no secrets." });
}
