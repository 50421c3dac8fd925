import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PUSH_TOKEN_SECRET } from "../../../shared/edge/push-token.ts";
import { webhookSecretName } from "../../../shared/edge/webhook-signature.ts";
import { systemClock } from "../../../shared/ports/clock.ts";
import { type Emulators, startEmulators } from "../../emulators.ts";
import { type Issuer, openIssuer } from "../../local/issuer.ts";
import { type RunningSandbox, startSandbox } from "../../sandbox/sandbox.ts";
import { seedStudio } from "../../sandbox/seed-demo.ts";
import { type GoogleStandIn, openGoogle } from "./google-stand-in.ts";

/** Everything a deployed function of a golf studio stands in, on this machine. */
export interface Surroundings {
  readonly google: GoogleStandIn;
  readonly sandbox: RunningSandbox;
  readonly issuer: Issuer;
  /** What deployment gives an instance, with addresses of this machine in place of Google's. */
  readonly environment: Readonly<Record<string, string>>;
  /** Removes a document of the workspace, as if it never was. */
  forget(collection: string, id: string): Promise<void>;
  close(): Promise<void>;
}

export const WS = "loft";
export const CALENDAR = "loft-bay-1@sandbox";
export const PUSH_KEY = "push-key-of-2027";
export const WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const PROJECT = "lockstep-deployed";

/**
 * Opens it all; `emulators` are started where none are given; another `project` is another, empty store. Rejects with the
 * reason where there are no emulators.
 */
export async function openSurroundings(given?: Emulators, project = PROJECT): Promise<Surroundings> {
  const emulators = given ?? (await startEmulators());
  if (emulators.kind === "missing") throw new Error(`This needs the official emulators: ${emulators.reason}.`);
  const folder = mkdtempSync(join(tmpdir(), "lockstep-deployed-"));
  const sandbox = await startSandbox({
    clock: systemClock,
    port: 0,
    newId: () => crypto.randomUUID().replaceAll("-", ""),
  });
  seedStudio(sandbox);
  const issuer = await openIssuer({ folder, clock: systemClock });
  const jwks = await (await fetch(issuer.settings.jwksUrl)).text();
  const google = await openGoogle({ firestoreHost: emulators.firestoreHost, sandboxUrl: sandbox.url, jwks });
  putSecrets(google.secrets);
  return {
    ...{ google, sandbox, issuer },
    environment: { GOOGLE_CLOUD_PROJECT: project, ...environmentOf(google, issuer, configIn(folder)) },
    async forget(collection, id) {
      const documents = `http://${emulators.firestoreHost}/v1/projects/${project}/databases/(default)/documents`;
      const headers = { authorization: "Bearer owner" };
      const answer = await fetch(`${documents}/workspaces/${WS}/${collection}/${id}`, { method: "DELETE", headers });
      if (!answer.ok) throw new Error(`The emulator answered ${answer.status}.`);
    },
    async close() {
      google.close();
      await Promise.all([issuer.close(), sandbox.close()]);
      if (given === undefined) await emulators.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

function environmentOf(google: GoogleStandIn, { settings }: Issuer, config: string): Record<string, string> {
  return {
    LOCKSTEP_CONFIG: config,
    OIDC_AUDIENCE: settings.audience,
    OIDC_EMAILS: settings.emails.join(","),
    OIDC_ISSUER: settings.issuer,
    OIDC_JWKS_URL: `${google.url}/certs`,
    PUBLIC_URL: "https://lockstep.example",
    METADATA_SERVER_DETECTION: "assume-present",
    GCE_METADATA_HOST: google.metadataHost,
    NODE_EXTRA_CA_CERTS: google.certificate,
    FIRESTORE_API_ROOT: google.url,
    PUBSUB_API_ROOT: google.url,
    SECRET_MANAGER_API_ROOT: google.url,
    GOOGLE_API_ROOT: `${google.url}/google`,
    USCHEDULE_API_ROOT: `${google.url}/uschedule`,
  };
}

/** The studio with two bays; its calendars are reached with a service account's key, as a real one's. */
function configIn(folder: string): string {
  const bay = (number: string) => ({
    source: "uschedule",
    sourceName: `Bay ${number}`,
    calendar: `loft-bay-${number}@sandbox`,
    timeZone: "Europe/London",
    properties: { bay: number },
  });
  const loft = {
    sources: { uschedule: { provider: "uschedule", settings: {} } },
    calendars: { google: { provider: "google-calendar", settings: { credentials: "google-key" } } },
    resources: { "bay-1": bay("1"), "bay-2": bay("2") },
  };
  const file = join(folder, "lockstep.config.json");
  writeFileSync(file, JSON.stringify({ workspaces: { [WS]: loft } }));
  return file;
}

function putSecrets(secrets: Map<string, string>): void {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = {
    client_email: "calendar@lockstep-deployed.iam.gserviceaccount.com",
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
  };
  secrets.set("google-key", JSON.stringify(key));
  secrets.set(PUSH_TOKEN_SECRET, PUSH_KEY);
  secrets.set(webhookSecretName(WS, "uschedule"), WEBHOOK_SECRET);
}
