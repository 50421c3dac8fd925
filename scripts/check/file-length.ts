import type { Finding, Tree } from "./tree.ts";

const MAX_LINES = 400;

/** Style rule 22: no file of ours is longer than 400 lines. */
export function checkFileLength(tree: Tree): Finding[] {
  return tree.files
    .filter((file) => /^(functions|shared|scripts|test)\/.*\.(ts|mjs)$/.test(file))
    .map((file) => ({ file, lines: tree.read(file).split("\n").length - 1 }))
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ file, lines }) => ({
      file,
      line: MAX_LINES + 1,
      says: `has ${lines} lines, more than ${MAX_LINES}`,
      remedy: "split it along its ideas, each file named for one",
    }));
}
