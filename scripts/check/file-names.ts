import type { Finding, Tree } from "./tree.ts";

const EMPTY_NAMES = /^(utils?|helpers?|common|misc|manager|service)$/;
const OURS = /^(functions|shared|scripts|test)\//;
const CODE = /\.(ts|mjs|cjs|js|sh|grit)$/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*\.[a-z]+$/;

/** Style rule 21: kebab-case, named for one idea. */
export function checkFileNames(tree: Tree): Finding[] {
  return tree.files.filter((file) => OURS.test(file)).flatMap((file) => [...checkWords(file), ...checkSpelling(file)]);
}

function checkWords(file: string): Finding[] {
  const words = file.split("/").flatMap(wordsOf);
  const empty = words.find((word) => EMPTY_NAMES.test(word));
  if (empty === undefined) return [];
  return [
    {
      file,
      line: 1,
      says: `"${empty}" names no idea`,
      remedy: "name the file for the one thing it does (STYLE rule 21)",
    },
  ];
}

function checkSpelling(file: string): Finding[] {
  const name = file.split("/").at(-1) ?? file;
  if (!CODE.test(name) || KEBAB.test(name)) return [];
  return [{ file, line: 1, says: "is not in kebab-case", remedy: "rename it, e.g. event-map.ts" }];
}

/** Google calls one of its products Secret Manager. */
function wordsOf(part: string): string[] {
  return part.replace(/\..*$/, "").replace("secret-manager", "secrets").split("-");
}
