import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";
import { z } from "zod";

/** Bytes of each installed package in an output; what is ours is not named. */
export function packagesIn({ inputs }: Metafile["outputs"][string]): Record<string, number> {
  const bytes: Record<string, number> = {};
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const name = packageOf(path);
    if (name !== undefined && bytesInOutput > 0) bytes[name] = (bytes[name] ?? 0) + bytesInOutput;
  }
  return bytes;
}

/** Of `node_modules/a/node_modules/@b/c/d.js`: the innermost, as a path below the project. */
function packageOf(path: string): string | undefined {
  const [found] = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path) ?? [];
  return found?.slice(found.indexOf("node_modules/") + "node_modules/".length);
}

const Manifest = z.object({ name: z.string(), version: z.string(), license: z.unknown().optional() });

/** The licence texts of the packages in a bundle, each once: most of them ask that they go with every copy. */
export function licencesOf(root: string, packages: readonly string[]): string {
  return packages
    .toSorted()
    .map((path) => licenceOf(join(root, "node_modules", path)))
    .join(`\n${"-".repeat(80)}\n`);
}

function licenceOf(folder: string): string {
  const { name, version, license } = Manifest.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const title = `${name} ${version} (${typeof license === "string" ? license : "licence as below"})`;
  return [title, ...texts.map((file) => readFileSync(join(folder, file), "utf8").trim())].join("\n\n");
}
