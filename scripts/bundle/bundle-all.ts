import { rmSync } from "node:fs";
import type { FunctionFile } from "../../shared/cloud/function-file.ts";
import { type Bundle, type BundleOptions, bundleFunction } from "./bundle-function.ts";

/** Bundles every function, in their order; what stood in `out` before is removed. */
export async function bundleAll(
  functions: ReadonlyMap<string, FunctionFile>,
  options: BundleOptions,
): Promise<Bundle[]> {
  rmSync(options.out, { recursive: true, force: true });
  return Promise.all([...functions].map(([name, file]) => bundleFunction(name, file, options)));
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
