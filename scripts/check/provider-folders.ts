import { type Finding, lineAt, type Tree } from "./tree.ts";

const REGISTRY = "shared/providers/registry.ts";
const REQUIRED = ["index.ts", "schema.ts", "translate.ts", "README.md", "fixtures"];

/** Style rule 6: a provider is one folder with the same names everywhere, and one line in the registry. */
export function checkProviderFolders(tree: Tree): Finding[] {
  const inside = tree.files.filter((file) => file.startsWith("shared/providers/") && file.split("/").length > 3);
  const folders = new Set(inside.map((file) => file.split("/")[2] ?? ""));
  return [...[...folders].flatMap((folder) => missingNames(folder, inside)), ...compareRegistry(folders, tree)];
}

function missingNames(folder: string, inside: readonly string[]): Finding[] {
  const at = `shared/providers/${folder}`;
  return REQUIRED.filter(
    (name) => !inside.some((file) => file === `${at}/${name}` || file.startsWith(`${at}/${name}/`)),
  ).map((name) => ({
    file: at,
    line: 1,
    says: `has no ${name}`,
    remedy: `add ${at}/${name}, as every provider has it`,
  }));
}

function compareRegistry(folders: ReadonlySet<string>, tree: Tree): Finding[] {
  if (!tree.files.includes(REGISTRY)) {
    return folders.size === 0
      ? []
      : [{ file: REGISTRY, line: 1, says: "is missing", remedy: "add it with one line for each provider" }];
  }
  const text = tree.read(REGISTRY);
  const imports = [...text.matchAll(/from "\.\/([^/"]+)\/index\.ts"/g)].map((match) => ({
    folder: match[1] ?? "",
    line: lineAt(text, match.index),
  }));
  const unlisted = [...folders]
    .filter((folder) => !imports.some((known) => known.folder === folder))
    .map((folder) => ({
      file: REGISTRY,
      line: 1,
      says: `does not list ${folder}`,
      remedy: `import ./${folder}/index.ts and add its line`,
    }));
  const stale = imports
    .filter((known) => !folders.has(known.folder))
    .map(({ folder, line }) => ({
      file: REGISTRY,
      line,
      says: `lists ${folder}, which is no folder`,
      remedy: "remove the line",
    }));
  return [...unlisted, ...stale];
}
