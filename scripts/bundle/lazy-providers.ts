import { readFileSync } from "node:fs";
import type { Plugin } from "esbuild";

/**
 * Loads a provider with its first use: the configuration of one customer names two of them, and the others need not
 * run their first lines. `registry.ts` stays what people read and extend, one import and one line for each; in the
 * bundle each line becomes a getter. Throws where the file does not look as expected any more.
 */
export function lazyProviders(): Plugin {
  return {
    name: "lazy-providers",
    setup(build) {
      build.onLoad({ filter: /[\\/]shared[\\/]providers[\\/]registry\.ts$/ }, ({ path }) => ({
        contents: lazyRegistry(readFileSync(path, "utf8")),
        loader: "ts",
      }));
    },
  };
}

/** The registry's text with getters in place of its imports. */
export function lazyRegistry(text: string): string {
  const imports = [...text.matchAll(/^import \{ (\w+) \} from "(\.\/[a-z-]+\/index\.ts)";$/gm)];
  const from = new Map(imports.map(([, name = "", file = ""]) => [name, file]));
  const [, record = ""] = /PROVIDERS[^=]*= \{\n([\s\S]*?)\n\};/.exec(text) ?? [];
  const lines = record.split("\n").flatMap((line) => {
    const [, key, name] = /^ {2}(?:"?([\w-]+)"?: )?(\w+),$/.exec(line) ?? [];
    return name === undefined ? [] : [{ key: key ?? name, name, file: from.get(name) }];
  });
  if (lines.length === 0 || lines.length !== from.size || lines.some(({ file }) => file === undefined)) {
    throw new Error("registry.ts is not one import and one line for each provider any more: see lazy-providers.ts.");
  }
  const getters = lines.map(
    ({ key, name, file }) => `get ${JSON.stringify(key)}() { return require(${JSON.stringify(file)}).${name}; },`,
  );
  return `export const PROVIDERS = {\n${getters.join("\n")}\n};\n`;
}
