import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { loadConfig } from "../../shared/config-file.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { bundleAll } from "../bundle/bundle-all.ts";
import { readFunctions } from "../local/function-folders.ts";
import type { Installation } from "./installation.ts";
import type { DeployOptions } from "./options.ts";

/** Reads the functions and the configuration, and bundles. Throws CONFIG_INVALID with line and remedy. */
export async function openInstallation(
  root: string,
  options: DeployOptions,
  projectNumber: string,
): Promise<Installation> {
  const { project, region, publicUrl, notify } = options;
  const functions = readFunctions(root);
  const config = loadConfig(options.config, PROVIDERS);
  const bundles = resolve(root, "dist");
  // What is only printed needs no code.
  const made = options.dryRun ? [] : await bundleAll(functions, { root, out: bundles, maps: true });
  return {
    ...{ project, projectNumber, region, functions, config, bundles },
    bundleHashes: new Map(made.map(({ name, folder }) => [name, hashOf(join(folder, "index.js"))])),
    ...(publicUrl !== undefined && { publicUrl }),
    ...(notify !== undefined && { notify }),
  };
}

function hashOf(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16);
}

/** Stands for the number of a project that nobody was asked about. */
export const UNKNOWN_NUMBER = "PROJECT_NUMBER";

const Project = z.object({ projectNumber: z.string() });

/** A project's number. Rejects where the project is not there, or not for whoever is logged in. */
export async function projectNumberOf(
  project: string,
  read: (args: readonly string[]) => Promise<unknown>,
): Promise<string> {
  const found = await read(["projects", "describe", project]);
  if (found === undefined)
    throw new Error(`There is no project ${project}. Remedy: gcloud projects create ${project}.`);
  return Project.parse(found).projectNumber;
}
