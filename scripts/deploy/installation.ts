import type { FunctionFile } from "../../shared/cloud/function-file.ts";
import type { Config } from "../../shared/config.ts";

/** What is to stand in a project: the functions as their files describe them, for one configuration. */
export interface Installation {
  readonly project: string;
  /** Digits; service agents and addresses of functions carry it. */
  readonly projectNumber: string;
  /** Of the functions and jobs, `europe-west2`. */
  readonly region: string;
  readonly functions: ReadonlyMap<string, FunctionFile>;
  readonly config: Config;
  /** By function: what its bundle holds, shortened; a bundle that did not change is not deployed again. */
  readonly bundleHashes: ReadonlyMap<string, string>;
  /** Folder of the bundles. */
  readonly bundles: string;
  /** The custom domain in front of all functions; without one each has the address that Cloud Run gives it. */
  readonly publicUrl?: string;
  /** Who is told of alerts. */
  readonly notify?: string;
}

/** The e-mail of the service account that a function runs as. */
export function accountOf({ project }: Pick<Installation, "project">, name: string): string {
  return emailOf(project, accountId(name));
}

/** Up to 30 characters are taken; functions' names are shorter than 20. */
export function accountId(name: string): string {
  return `lockstep-${name}`;
}

/** The account whose tokens Pub/Sub pushes with. */
export const PUSH_ACCOUNT = "bus";
/** The account whose tokens Scheduler calls with. */
export const SCHEDULER_ACCOUNT = "scheduler";

function emailOf(project: string, id: string): string {
  return `${id}@${project}.iam.gserviceaccount.com`;
}

/** The address that Cloud Run gives a service, before it exists. */
export function addressOf({ projectNumber, region }: Pick<Installation, "projectNumber" | "region">, name: string) {
  return `https://${name}-${projectNumber}.${region}.run.app`;
}

/** Where providers push to: `{function}` stands for the edge's name (`shared/edge/edge-address.ts`). */
export function publicUrlOf(installation: Installation): string {
  return installation.publicUrl ?? addressOf(installation, "{function}");
}
