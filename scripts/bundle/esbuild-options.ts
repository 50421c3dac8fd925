import { join } from "node:path";
import type { BuildOptions } from "esbuild";

/**
 * In place of Node's own `fetch` and its classes every bundle has those of node-fetch, which Google's clients speak through
 * anyway. Loading Node's means its JavaScript and a WebAssembly parser: a quarter of a worker's start.
 */
const WEB = ["fetch", "FormData", "Headers", "Request", "Response"];

/** How everything that is deployed is bundled; decision 087 has what each line is worth. */
export const DEPLOYED = {
  bundle: true,
  platform: "node",
  target: "node24",
  // A native ES module's import of node:http loads undici: twice the start (TOOLCHAIN).
  format: "cjs",
  // Names stay: Firestore's REST path asks for `constructor.name`.
  minifyWhitespace: true,
  minifySyntax: true,
  mainFields: ["module", "main"],
  inject: [join(import.meta.dirname, "web-classes.mjs")],
  define: Object.fromEntries(
    WEB.flatMap((name) => [name, `globalThis.${name}`].map((it) => [it, `webClasses.${name}`])),
  ),
  legalComments: "none",
  logLevel: "silent",
} as const satisfies BuildOptions;
