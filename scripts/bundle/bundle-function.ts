import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import type { FunctionFile } from "../../shared/cloud/function-file.ts";
import { copyDashboard } from "../dashboard/build.ts";
import { entryOf } from "./entry.ts";
import { DEPLOYED } from "./esbuild-options.ts";
import { lazyProviders } from "./lazy-providers.ts";
import { licencesOf, packagesIn } from "./licences.ts";
import { lockFileOf, PROCFILE, packageFileOf } from "./package-file.ts";
import { trimmedPackages } from "./trimmed-packages.ts";
import { undeclaredClients } from "./undeclared-clients.ts";

/** One function, ready to be deployed from its folder. */
export interface Bundle {
  readonly name: string;
  /**
   * Holds `function.js`, the `index.js` that starts it, `Procfile`, `package.json`, `package-lock.json` and `LICENCES.txt`:
   * nothing is installed where it runs.
   */
  readonly folder: string;
  /** Of `function.js`. */
  readonly bytes: number;
  /** What of the installed packages is in it, by name, in bytes. */
  readonly packages: Readonly<Record<string, number>>;
}

export interface BundleOptions {
  /** The project's folder. */
  readonly root: string;
  /** Where the bundles' folders are made. */
  readonly out: string;
  /** Source maps go to `<out>/maps/`, which is never uploaded; they take as long as all the rest. */
  readonly maps: boolean;
}

/** Makes `<out>/<name>/` anew. Rejects with esbuild's own words. */
export async function bundleFunction(name: string, file: FunctionFile, options: BundleOptions): Promise<Bundle> {
  const { root, out, maps } = options;
  const folder = join(out, name);
  rmSync(folder, { recursive: true, force: true });
  const result = await build({
    ...DEPLOYED,
    stdin: { contents: entryOf(name, file), resolveDir: root, loader: "ts", sourcefile: `${name}.entry.ts` },
    outfile: join(folder, "function.js"),
    // What `start.cjs` calls; put round it there, the text would be in memory twice.
    banner: { js: "(function (exports, require, module) {" },
    footer: { js: "})" },
    absWorkingDir: root,
    write: false,
    metafile: true,
    sourcemap: maps ? "external" : false,
    sourcesContent: false,
    plugins: [undeclaredClients(root, file), lazyProviders(), trimmedPackages(root)],
  });
  const packages = packagesIn(codeOf(result.metafile));
  write(out, name, folder, result.outputFiles);
  if (name === "api") await copyDashboard(root, folder);
  copyFileSync(join(import.meta.dirname, "start.cjs"), join(folder, "index.js"));
  writeFileSync(join(folder, "Procfile"), PROCFILE);
  writeFileSync(join(folder, "package.json"), packageFileOf(name));
  writeFileSync(join(folder, "package-lock.json"), lockFileOf(name));
  writeFileSync(join(folder, "LICENCES.txt"), licencesOf(root, Object.keys(packages)));
  return { name, folder, packages, bytes: codeOf(result.metafile).bytes };
}

function codeOf({ outputs }: Metafile): Metafile["outputs"][string] {
  const code = Object.entries(outputs).find(([path]) => path.endsWith(".js"));
  if (code === undefined) throw new Error("esbuild wrote no code.");
  return code[1];
}

function write(out: string, name: string, folder: string, files: readonly { path: string; contents: Uint8Array }[]) {
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(out, "maps"), { recursive: true });
  for (const { path, contents } of files) {
    writeFileSync(path.endsWith(".map") ? join(out, "maps", `${name}.js.map`) : path, contents);
  }
}
