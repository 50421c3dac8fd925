import type { Finding, Tree } from "./tree.ts";

const REQUIRED = ["index.ts", "function.yaml"];

/** DESIGN §3: every function is one folder with its entry and its declaration. */
export function checkFunctionFolders(tree: Tree): Finding[] {
  const present = new Set(tree.files);
  const inside = tree.files.filter((file) => file.startsWith("functions/"));
  const folders = new Set(inside.filter((file) => file.split("/").length > 2).map((file) => file.split("/")[1] ?? ""));
  const missing = [...folders].flatMap((folder) =>
    REQUIRED.filter((name) => !present.has(`functions/${folder}/${name}`)).map((name) => ({
      file: `functions/${folder}`,
      line: 1,
      says: `has no ${name}`,
      remedy: `add functions/${folder}/${name} (STYLE rules 19 and 20)`,
    })),
  );
  const loose = inside
    .filter((file) => file.split("/").length === 2)
    .map((file) => ({
      file,
      line: 1,
      says: "stands beside the functions",
      remedy: "move it to shared/ or a function's folder",
    }));
  return [...missing, ...loose];
}
