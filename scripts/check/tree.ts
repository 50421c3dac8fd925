import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** The project as the structure checks see it: paths from its root with `/`, and their text. */
export interface Tree {
  readonly files: readonly string[];
  /** Throws where the file is not in `files`. */
  read(path: string): string;
}

/** What is wrong, where, and what to do about it. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly says: string;
  readonly remedy: string;
}

export type StructureCheck = (tree: Tree) => Finding[];

const IGNORED = new Set(["node_modules", ".git", ".lockstep", "dist", "coverage"]);

/** All files below `root` that belong to the project; what git ignores is left out. */
export function readTree(root: string): Tree {
  return { files: listFiles(root, root).sort(), read: (path) => readFileSync(join(root, path), "utf8") };
}

/** A tree from path → text, for tests. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  const texts = new Map(Object.entries(files));
  return {
    files: [...texts.keys()].sort(),
    read: (path) => {
      const text = texts.get(path);
      if (text === undefined) throw new Error(`No such file: ${path}`);
      return text;
    },
  };
}

function listFiles(root: string, folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !IGNORED.has(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? listFiles(root, path) : [relative(root, path).split(sep).join("/")];
    });
}

/** The 1-based line of an offset into a text. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
