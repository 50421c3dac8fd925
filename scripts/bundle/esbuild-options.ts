import type { BuildOptions } from "esbuild";

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
  legalComments: "none",
  logLevel: "silent",
} as const satisfies BuildOptions;
