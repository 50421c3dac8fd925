import type { FunctionFile } from "../../shared/cloud/function-file.ts";

const WIRES = {
  all: { wire: "wireWorld", from: "wire.ts" },
  routes: { wire: "wireRoutes", from: "wire.ts" },
  none: { wire: "wireEdge", from: "wire-edge.ts" },
} as const;

/** The program of a deployed function, relative to the project's root: it defines itself, and `start.cjs` starts it. */
export function entryOf(name: string, { configuration }: Pick<FunctionFile, "configuration">): string {
  const { wire, from } = WIRES[configuration];
  return [
    `import "./shared/cloud/zod-without-compiler.ts";`,
    `import "./functions/${name}/index.ts";`,
    `import { rehearse as rehearseWith } from "./shared/cloud/rehearse.ts";`,
    `import { serve } from "./shared/cloud/serve.ts";`,
    `import { ${wire} } from "./shared/cloud/${from}";`,
    `export const start = () => serve("${name}", process.env, ${wire});`,
    `export const rehearse = () => rehearseWith("${name}", ${wire});`,
  ].join("\n");
}
