import { build } from "esbuild";
import { DEPLOYED } from "./esbuild-options.ts";
import { trimmedPackages } from "./trimmed-packages.ts";

/** One module as it is inside every bundle, in a file of its own; answers the file. For tests of what is deployed. */
export async function bundleModule(root: string, module: string, outfile: string): Promise<string> {
  const plugins = [trimmedPackages(root)];
  await build({ ...DEPLOYED, absWorkingDir: root, entryPoints: [module], outfile, plugins });
  return outfile;
}
