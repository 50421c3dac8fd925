import type { FunctionFile } from "../../shared/cloud/function-file.ts";

const WIRES = {
  all: { wire: "wireWorld", from: "wire.ts" },
  routes: { wire: "wireRoutes", from: "wire.ts" },
  none: { wire: "wireEdge", from: "wire-edge.ts" },
} as const;

/** The program of a deployed function, relative to the project's root: it defines itself, then its instance is served. */
export function entryOf(name: string, { configuration }: Pick<FunctionFile, "configuration">): string {
  const { wire, from } = WIRES[configuration];
  return [
    `import "./functions/${name}/index.ts";`,
    `import { serve } from "./shared/cloud/serve.ts";`,
    `import { ${wire} } from "./shared/cloud/${from}";`,
    `serve("${name}", process.env, ${wire});`,
  ].join("\n");
}
