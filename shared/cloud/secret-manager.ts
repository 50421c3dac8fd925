import { SecretManagerServiceClient } from "@google-cloud/secret-manager";
import type { Clock } from "../ports/clock.ts";
import type { Secrets } from "../ports/secrets.ts";
import { openCloudSecrets, refusal, SECRET_CALL_MS } from "./cloud-secrets.ts";

export interface SecretManagerOptions {
  readonly projectId: string;
  readonly clock: Clock;
  /** For tests; default: Google's own with the surroundings' credentials. */
  readonly client?: SecretManagerServiceClient;
}

/** gRPC's codes, by which the client tells failures apart over REST too. */
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const PERMISSION_DENIED = 7;
/** No secret; or a version that is disabled or destroyed: FAILED_PRECONDITION, INVALID_ARGUMENT where only the status tells. */
const WITHOUT_VERSION: readonly unknown[] = [NOT_FOUND, 9, 3];

/** A caller of secrets waits; what is worth another try is tried by who called. */
const CALL = { timeout: SECRET_CALL_MS, maxRetries: 0 };

/** Secret Manager by its own client, over REST. */
export function openSecretManager({ projectId, clock, client = openClient(projectId) }: SecretManagerOptions): Secrets {
  const parent = `projects/${projectId}`;
  const pathOf = (name: string) => `${parent}/secrets/${name}`;
  const addVersion = (name: string, value: string) =>
    client.addSecretVersion({ parent: pathOf(name), payload: { data: Buffer.from(value) } }, CALL);
  const create = (name: string) =>
    client.createSecret({ parent, secretId: name, secret: { replication: { automatic: {} } } }, CALL);
  const newest = async (name: string) => {
    const [{ payload }] = await client.accessSecretVersion({ name: `${pathOf(name)}/versions/latest` }, CALL);
    return Buffer.from(payload?.data ?? "").toString("utf8");
  };
  const add = async (name: string, value: string) => {
    try {
      await addVersion(name, value);
    } catch (error) {
      if (codeOf(error) !== NOT_FOUND) throw error;
      // Two instances may make the same secret at once; the second finds it there.
      await create(name).catch((refused: unknown) => {
        if (codeOf(refused) !== ALREADY_EXISTS) throw refused;
      });
      await addVersion(name, value);
    }
  };
  return openCloudSecrets(
    {
      newest: (name) => newest(name).catch((error: unknown) => fail(pathOf(name), error)),
      add: (name, value) => add(name, value).catch((error: unknown) => fail(pathOf(name), error)),
    },
    clock,
  );
}

function openClient(projectId: string): SecretManagerServiceClient {
  return new SecretManagerServiceClient({ fallback: true, projectId, ...whereItIs(process.env) });
}

function whereItIs({ SECRET_MANAGER_API_ROOT: root }: NodeJS.ProcessEnv): object {
  if (root === undefined) return {};
  const { hostname, port, protocol } = new URL(root);
  return { apiEndpoint: hostname, port: Number(port), protocol: protocol.replace(":", "") };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function fail(path: string, error: unknown): never {
  const code = codeOf(error);
  if (code === PERMISSION_DENIED) throw refusal(path, "forbidden");
  throw refusal(path, WITHOUT_VERSION.includes(code) ? "missing" : { status: String(code ?? "nothing") });
}
