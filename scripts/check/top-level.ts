import type { Finding, Tree } from "./tree.ts";

/** DESIGN §4: the customer's top level is closed but for what tools insist on finding there. */
const ALLOWED = new Set([
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "functions",
  "shared",
  "firestore.rules",
  "firebase.json",
  "firestore.indexes.json",
  "scripts",
  "test",
  "README.md",
]);

/** Nothing but the agreed names (and dotfiles) stands at the top level. */
export function checkTopLevel(tree: Tree): Finding[] {
  const names = new Set(tree.files.map((file) => file.split("/")[0] ?? file));
  return [...names]
    .filter((name) => !ALLOWED.has(name) && !name.startsWith("."))
    .map((name) => ({
      file: name,
      line: 1,
      says: "does not belong at the top level",
      remedy: "move it below functions/, shared/, scripts/ or test/, beside what it is for",
    }));
}
