import { readdirSync, readFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import { listenerOf } from "../../shared/cloud/frame.ts";
import { FunctionFile, subscriptionOf } from "../../shared/cloud/function-file.ts";
import { LockstepError } from "../../shared/errors.ts";
import type { SubscriptionSpec } from "../../shared/ports/bus.ts";

/** Every function of the project: its declaration by its name. */
export type Functions = ReadonlyMap<string, FunctionFile>;

/** Reads `functions/<name>/function.yaml` below `root`. Throws CONFIG_INVALID naming file and place. */
export function readFunctions(root: string): Functions {
  const folder = join(root, "functions");
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return new Map(names.map(({ name }) => [name, readFunction(join(folder, name, "function.yaml"))]));
}

/** One `function.yaml`. Throws CONFIG_INVALID naming file and place. */
export function readFunction(file: string): FunctionFile {
  const result = FunctionFile.safeParse(parse(readFileSync(file, "utf8")));
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new LockstepError("CONFIG_INVALID", { detail: `${file}: ${issues.join("; ")}` });
}

/** Loads the functions' code, which defines them, and answers what serves each. */
export async function loadFunctions(root: string, functions: Functions): Promise<Map<string, RequestListener>> {
  const names = [...functions.keys()];
  await Promise.all(names.map((name) => import(pathToFileURL(join(root, "functions", name, "index.ts")).href)));
  return new Map(names.map((name) => [name, listenerOf(name)]));
}

/** The push subscriptions that the functions declare. */
export function subscriptionsOf(functions: Functions): SubscriptionSpec[] {
  return [...functions].flatMap(([name, file]) => subscriptionOf(name, file) ?? []);
}
