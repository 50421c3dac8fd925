import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Instance, startInstance } from "./instance.ts";
import { OPERATIONS, type Operation } from "./operations.ts";
import type { Surroundings } from "./surroundings.ts";

const FRAMEWORK = "node_modules/@google-cloud/functions-framework/build/src/main.js";
const HELLO = resolve(import.meta.dirname, "hello-world.cjs");

/** The unbundled hello world of the functions framework. */
export function startHello(): Promise<Instance> {
  return startInstance([FRAMEWORK, "--target=hello", `--source=${HELLO}`], {});
}

/** The same, publishing a message before it says hello. */
export function startPublishingHello({ environment }: Pick<Surroundings, "environment">): Promise<Instance> {
  return startInstance([FRAMEWORK, "--target=publish", `--source=${HELLO}`], environment);
}

/** What the buildpack runs in a bundle's folder before it is deployed. */
export function buildBundle(folder: string): void {
  execFileSync(process.execPath, ["index.js", "rehearse"], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
}

/** A bundle from its folder, as deployment starts it. */
export function startBundle(folder: string, { environment }: Pick<Surroundings, "environment">): Promise<Instance> {
  const [, args = ""] = /^web: node (.*)$/m.exec(readFileSync(resolve(folder, "Procfile"), "utf8")) ?? [];
  return startInstance(
    args.split(" ").map((part) => (part === "index.js" ? resolve(folder, part) : part)),
    environment,
  );
}

/** Prepares a real operation for a function. Throws for a function that has none: each must be driven. */
export function prepareOperation(name: string, around: Surroundings): Promise<Operation> {
  const prepare = OPERATIONS[name];
  if (prepare === undefined) throw new Error(`Nobody says how to drive ${name}: name it in operations.ts.`);
  return prepare(around);
}

/** Sends it. Throws where the answer is not what says that it was done. */
export async function carryOut(instance: Instance, { path, init, status }: Operation): Promise<void> {
  const answer = await fetch(`${instance.url}${path}`, init);
  const text = await answer.text();
  if (answer.status !== status) {
    throw new Error(`${path} answered ${answer.status}, not ${status}: ${text}\n${instance.output()}`);
  }
}
