import { rmSync } from "node:fs";
import type { FunctionFile } from "../../shared/cloud/function-file.ts";
import { type Bundle, bundleFunction } from "./bundle-function.ts";

/** Bundles the functions of these names into `out`, in their order; a folder of any other function is removed. */
export async function bundleAll(
  root: string,
  functions: ReadonlyMap<string, FunctionFile>,
  out: string,
): Promise<Bundle[]> {
  rmSync(out, { recursive: true, force: true });
  return Promise.all([...functions].map(([name, file]) => bundleFunction(root, name, file, out)));
}

/** One line for each bundle: its size, and the packages that make most of it. */
export function describeBundle({ name, bytes, packages }: Bundle): string {
  const largest = Object.entries(packages)
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, 5)
    .map(([path, size]) => `${path} ${kilobytes(size)}`);
  return `${name.padEnd(16)} ${kilobytes(bytes).padStart(8)}  ${largest.join(", ")}`;
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`;
}
