import { testNames } from "./test-names.ts";
import { type Finding, lineAt, type Tree } from "./tree.ts";

const SPEC = "shared/sync/SPEC.md";
const RULES_FILE = "shared/sync/rules.ts";
const ID = "[a-z][a-z0-9]*(?:-[a-z0-9]+)+";

/**
 * Style rule 4: a rule's id stands in SPEC.md, in rules.ts and in a test's name, each both ways.
 * SPEC.md defines rules as items of a list, ids in backticks in front of the colon; a test names them in
 * front of a colon too, or by `${rule}` in a file that spells the ids out.
 */
export function checkRuleIds(tree: Tree, ids: readonly string[]): Finding[] {
  if (!tree.files.includes(SPEC)) {
    return [{ file: SPEC, line: 1, says: "is missing", remedy: "write the laws and rules down there" }];
  }
  return [...checkSpec(tree, ids), ...checkTests(tree, ids)];
}

function checkSpec(tree: Tree, ids: readonly string[]): Finding[] {
  const defined = definedIn(tree.read(SPEC));
  const unwritten = ids
    .filter((id) => !defined.some((entry) => entry.id === id))
    .map((id) => ({
      ...whereDefined(tree, id),
      says: `rule ${id} is not in SPEC.md`,
      remedy: `add an item "- \`${id}\`: ..." to ${SPEC}`,
    }));
  const stale = defined
    .filter((entry) => !ids.includes(entry.id))
    .map(({ id, line }) => ({
      ...{ file: SPEC, line, says: `${id} is no rule of rules.ts` },
      remedy: "remove it, or write the rule",
    }));
  return [...unwritten, ...stale];
}

/** The ids in the heads of list items: `- \`a-rule\`, \`b-rule\`: what they do`. */
function definedIn(spec: string): { id: string; line: number }[] {
  const heads = spec.matchAll(new RegExp(`^[ \\t]*[-*] ((?:\`${ID}\`(?:, )?)+):`, "gm"));
  return [...heads].flatMap((head) => idsIn(head[1] ?? "").map((id) => ({ id, line: lineAt(spec, head.index) })));
}

function checkTests(tree: Tree, ids: readonly string[]): Finding[] {
  const tests = testNames(tree);
  const named = new Set([...tests.flatMap((test) => idsIn(test.name)), ...idsByVariable(tree)]);
  const words = new Set([...ids, ...idsIn(tree.read(SPEC))]);
  const untested = ids
    .filter((id) => !named.has(id))
    .map((id) => ({
      ...whereDefined(tree, id),
      says: `no test is named after rule ${id}`,
      remedy: `write a test named "${id}: ..."`,
    }));
  const unknown = tests
    .filter((test) => test.file.startsWith("test/sync/"))
    .flatMap((test) => idsBeforeColon(test.name).map((id) => ({ ...test, id })))
    .filter((test) => !words.has(test.id))
    .map(({ file, line, id }) => ({
      ...{ file, line, says: `${id} is no rule of rules.ts and no word of SPEC.md` },
      remedy: "name an existing rule",
    }));
  return [...untested, ...unknown];
}

/** The ids spelt out in files whose tests are named by `${rule}`. */
function idsByVariable(tree: Tree): string[] {
  const files = testNames(tree).filter((test) => test.name.includes("${rule}"));
  return files.flatMap(({ file }) =>
    [...tree.read(file).matchAll(new RegExp(`"(${ID})"`, "g"))].map((match) => match[1] ?? ""),
  );
}

function idsIn(text: string): string[] {
  return text.match(new RegExp(ID, "g")) ?? [];
}

/** `a-rule: …` and `a-rule, b-rule: …`; other text before a colon is no rule. */
function idsBeforeColon(name: string): string[] {
  const head = new RegExp(`^(${ID}(?:, ${ID})*): `).exec(name)?.[1];
  return head === undefined ? [] : head.split(", ");
}

function whereDefined(tree: Tree, id: string): { file: string; line: number } {
  const text = tree.files.includes(RULES_FILE) ? tree.read(RULES_FILE) : "";
  return { file: RULES_FILE, line: lineAt(text, Math.max(0, text.indexOf(`"${id}"`))) };
}
