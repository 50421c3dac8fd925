import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import type { FunctionFile } from "../../../shared/cloud/function-file.ts";
import {
  accountOf,
  addressOf,
  type Installation,
  PUSH_ACCOUNT,
  publicUrlOf,
  SCHEDULER_ACCOUNT,
} from "../installation.ts";
import { type Difference, firstDifference, gcloud, type Look, SAME, type Step } from "../step.ts";
import { CONFIG_FILE, CONFIG_SECRET, configVersion } from "./configuration.ts";

/** Parts of a Cloud Run service, as `gcloud run services list --format=json` answers it (Knative's shape). */
const Services = z.array(
  z.object({
    metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
    spec: z.object({
      template: z.object({
        spec: z.object({
          serviceAccountName: z.string().optional(),
          containerConcurrency: z.number().optional(),
          timeoutSeconds: z.number().optional(),
          volumes: z
            .array(
              z.object({
                secret: z
                  .object({ secretName: z.string(), items: z.array(z.object({ key: z.string() })).default([]) })
                  .optional(),
              }),
            )
            .default([]),
        }),
      }),
    }),
    status: z
      .object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]) })
      .prefault({}),
  }),
);
type Service = z.infer<typeof Services>[number];

const LABEL = "lockstep-state";

/** Each function as a service of its own, from its bundle. */
export function functionSteps(installation: Installation): Step[] {
  return [...installation.functions].map(([name, file]) => ({
    group: "functions",
    name: `function ${name}`,
    of: name,
    async compare(look) {
      const version = await configVersion(look, installation.project);
      const flags = flagsOf(installation, name, file);
      const state = stateOf(flags, installation.bundleHashes.get(name) ?? "");
      const mount = file.configuration === "none" ? "--clear-secrets" : `--set-secrets=${mountOf(version)}`;
      const command = gcloud("run", "deploy", name, ...flags, mount, `--labels=${LABEL}=${state}`, "--quiet");
      const there = await findService(installation, name, look);
      if (there === undefined) return { kind: "create", commands: [command] };
      const why = differenceOf(there, state, installation, file);
      if (why !== undefined) return { kind: "change", why, commands: [command] };
      return file.configuration === "none" ? SAME : remount(installation, there, version);
    },
  }));
}

/** The same functions where only the configuration is another: a new revision reads it, and nothing is built. */
export function mountSteps(installation: Installation): Step[] {
  const readers = [...installation.functions].filter(([, { configuration }]) => configuration !== "none");
  return readers.map(([name]) => ({
    group: "functions",
    name: `configuration of ${name}`,
    of: name,
    async compare(look) {
      const there = await findService(installation, name, look);
      if (there === undefined) throw new Error(`${name} is not deployed yet: npm run deploy.`);
      return remount(installation, there, await configVersion(look, installation.project));
    },
  }));
}

function remount({ region, project }: Installation, { metadata, spec }: Service, version: string): Difference {
  const mounted = spec.template.spec.volumes.find(({ secret }) => secret?.secretName === CONFIG_SECRET);
  const why = firstDifference([["the version of its configuration", mounted?.secret?.items[0]?.key, version]]);
  const at = [`--region=${region}`, `--project=${project}`];
  const update = gcloud(
    "run",
    "services",
    "update",
    metadata.name,
    ...at,
    `--update-secrets=${mountOf(version)}`,
    "--quiet",
  );
  return why === undefined ? SAME : { kind: "change", why, commands: [update] };
}

function mountOf(version: string): string {
  return `${CONFIG_FILE}=${CONFIG_SECRET}:${version}`;
}

async function findService({ region, project }: Installation, name: string, look: Look): Promise<Service | undefined> {
  const answer = await look("run", "services", "list", `--region=${region}`, `--project=${project}`);
  return Services.parse(answer ?? []).find(({ metadata }) => metadata.name === name);
}

function flagsOf(installation: Installation, name: string, file: FunctionFile): string[] {
  const { project, region, bundles } = installation;
  const { memory, cpu, concurrency, timeoutSeconds, maxInstances } = file.limits;
  const environment = Object.entries(environmentOf(installation, name, file));
  return [
    `--project=${project}`,
    `--region=${region}`,
    `--source=${join(bundles, name)}`,
    "--base-image=nodejs24",
    // Nothing is installed where everything is inside one file; what V8 makes of it is made (decision 087).
    "--set-build-env-vars=GOOGLE_NODE_RUN_SCRIPTS=gcp-build",
    `--service-account=${accountOf(installation, name)}`,
    `--memory=${memory}`,
    `--cpu=${cpu}`,
    "--cpu-boost",
    `--concurrency=${concurrency}`,
    `--timeout=${timeoutSeconds}`,
    `--max-instances=${maxInstances}`,
    "--min-instances=0",
    // Pub/Sub of the same project comes in from inside; whether Scheduler does is not said anywhere.
    `--ingress=${file.trigger.kind === "pubsub" ? "internal" : "all"}`,
    // The function checks every caller itself: IAM in front would take the signature off the token (API_FACTS §4).
    "--no-invoker-iam-check",
    // Addresses hold commas and equals signs now and then.
    `--set-env-vars=^##^${environment.map(([key, value]) => `${key}=${value}`).join("##")}`,
  ];
}

/** Its variables; throws for one that deployment knows no value for. */
export function environmentOf(installation: Installation, name: string, file: FunctionFile): Record<string, string> {
  const caller = file.trigger.kind === "schedule" ? SCHEDULER_ACCOUNT : PUSH_ACCOUNT;
  const known: Readonly<Record<string, string>> = {
    OIDC_AUDIENCE: addressOf(installation, name),
    OIDC_EMAILS: accountOf(installation, caller),
    PUBLIC_URL: publicUrlOf(installation),
  };
  const asked = Object.keys(file.environment).map((key) => {
    const value = known[key];
    if (value === undefined) throw new Error(`${name} asks for ${key}: steps/functions.ts has no value for it.`);
    return [key, value];
  });
  return {
    GOOGLE_CLOUD_PROJECT: installation.project,
    // Spares the library a question whether it runs on Google Cloud.
    METADATA_SERVER_DETECTION: "assume-present",
    ...(file.configuration !== "none" && { LOCKSTEP_CONFIG: CONFIG_FILE }),
    ...Object.fromEntries(asked),
  };
}

/** Everything that was asked for, and the code, in a label's letters. */
function stateOf(flags: readonly string[], bundle: string): string {
  const asked = flags.filter((flag) => !flag.startsWith("--source="));
  return createHash("sha256")
    .update(JSON.stringify([asked, bundle]))
    .digest("hex")
    .slice(0, 16);
}

function differenceOf(
  { metadata, spec, status }: Service,
  state: string,
  installation: Installation,
  { limits }: FunctionFile,
): string | undefined {
  const { serviceAccountName, containerConcurrency, timeoutSeconds } = spec.template.spec;
  const ready = status.conditions.find(({ type }) => type === "Ready")?.status ?? "Unknown";
  return firstDifference([
    ["its code and settings, as deployed", metadata.labels[LABEL], state],
    ["its account", serviceAccountName, accountOf(installation, metadata.name)],
    ["its concurrency", containerConcurrency, limits.concurrency],
    ["its time limit", timeoutSeconds, limits.timeoutSeconds],
    ["whether it is ready", ready, "True"],
  ]);
}
