import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LockstepError } from "../../shared/errors.ts";

/**
 * Builds the dashboard with Vite, for `npm start`, the deployment and tests; nothing to do where it was built from these
 * very sources:
 *
 *     functions/api/dashboard/dist/current.txt    which build the API serves
 *                                 /<digest>/…     the files
 *
 * Several processes may build at once: each in a folder of its own, and a build is complete before it is named.
 * Throws CONFIG_INVALID where it does not build.
 */
export async function buildDashboard(root: string): Promise<"built" | "there already"> {
  const folder = join(root, "functions", "api", "dashboard");
  const dist = join(folder, "dist");
  const pointer = join(dist, "current.txt");
  const wanted = digestOf(folder, join(root, "package-lock.json"));
  const before = existsSync(pointer) ? readFileSync(pointer, "utf8") : "";
  if (before === wanted && existsSync(join(dist, wanted))) return "there already";
  const own = join(dist, `${wanted}.${process.pid}`);
  try {
    await runVite(folder, own);
  } catch (cause) {
    throw new LockstepError("CONFIG_INVALID", { detail: `The dashboard cannot be built: ${String(cause)}`, cause });
  }
  if (existsSync(join(dist, wanted))) rmSync(own, { recursive: true });
  else renameSync(own, join(dist, wanted));
  writeFileSync(`${own}.txt`, wanted);
  renameSync(`${own}.txt`, pointer);
  if (before !== "" && before !== wanted) rmSync(join(dist, before), { recursive: true, force: true });
  return "built";
}

/** Of every source file, and of the packages it is built with. */
function digestOf(folder: string, lockFile: string): string {
  const hash = createHash("sha256").update(readFileSync(lockFile));
  const names = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(join(folder, "dist")))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const name of names) hash.update(name.slice(folder.length)).update(readFileSync(name));
  return hash.digest("hex").slice(0, 16);
}

/** Loaded only where something is to be built: it is most of a start. */
async function runVite(folder: string, outDir: string): Promise<void> {
  const { build } = await import("vite");
  await build({
    root: folder,
    configFile: false,
    envFile: false,
    logLevel: "error",
    // One page, the same at every address it may be served from.
    base: "/",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir,
      emptyOutDir: true,
      // Under the strict policy of the page nothing may be inlined.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  });
}
