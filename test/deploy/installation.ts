import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { allSteps } from "../../scripts/deploy/all-steps.ts";
import { carryOut } from "../../scripts/deploy/carry-out.ts";
import type { Installation } from "../../scripts/deploy/installation.ts";
import { readFunctions } from "../../scripts/local/function-folders.ts";
import { readConfig } from "../../shared/config-file.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { type FakeGcloud, NUMBER, PROJECT } from "./fake-gcloud.ts";

/** An example's configuration, to be deployed into the fake project. */
export function installationOf(file: string, more: Partial<Installation> = {}): Installation {
  const functions = readFunctions(".");
  return {
    ...{ project: PROJECT, projectNumber: NUMBER, region: "europe-west2", functions, bundles: "dist" },
    config: readConfig(readFileSync(file, "utf8"), file, PROVIDERS),
    bundleHashes: new Map([...functions.keys()].map((name) => [name, `bundle-of-${name}`])),
    notify: "staff@loft.example",
    ...more,
  };
}

const FOLDER = "scripts/local";

/** One for each kind of customer. */
export const EXAMPLES = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".config.yaml"))
  .map((name) => join(FOLDER, name));

/** The golf studio's example. */
export const STUDIO = installationOf("scripts/local/studio.config.yaml");

/** Deploys all of it. */
export function deploy(gcloud: FakeGcloud, installation: Installation = STUDIO): Promise<void> {
  return carryOut(allSteps(installation), gcloud);
}

/** The studio's, looking less far ahead. */
export function otherConfig(): Installation["config"] {
  const workspaces = Object.entries(STUDIO.config.workspaces).map(([ws, workspace]) => [
    ws,
    { ...workspace, daysAhead: 30 },
  ]);
  return { workspaces: Object.fromEntries(workspaces) };
}
