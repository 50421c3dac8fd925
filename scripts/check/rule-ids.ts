import { testNames } from "./test-names.ts";
import { type Finding, lineAt, type Tree } from "./tree.ts";

const SPEC = "shared/sync/SPEC.md";
const RULES_FILE = "shared/sync/rules.ts";
const ID = "[a-z][a-z0-9]*(?:-[a-z0-9]+)+";

/**
 * Style rule 4: a rule's id stands in SPEC.md (first in a list item, table row or heading, in
 * backticks), in rules.ts and in a test's name, each both ways. A test names rules in front of a
 * colon: `create-event: a live booking …`.
 */
export function checkRuleIds(tree: Tree, ids: readonly string[]): Finding[] {
  if (!tree.files.includes(SPEC)) {
    return [{ file: SPEC, line: 1, says: "is missing", remedy: "write the laws and rules down there" }];
  }
  return [...checkSpec(tree, ids), ...checkTests(tree, ids)];
}

function checkSpec(tree: Tree, ids: readonly string[]): Finding[] {
  const spec = tree.read(SPEC);
  const listed = [...spec.matchAll(new RegExp(`^[ \\t]*(?:[-*|]|\\d+\\.|#+)[ \\t]*(?:\\*\\*)?\`(${ID})\``, "gm"))].map(
    (match) => ({
      id: match[1] ?? "",
      line: lineAt(spec, match.index),
    }),
  );
  const unwritten = ids
    .filter((id) => !listed.some((entry) => entry.id === id))
    .map((id) => ({
      ...whereDefined(tree, id),
      says: `rule ${id} is not in SPEC.md`,
      remedy: `add a row or item \`${id}\` to ${SPEC}`,
    }));
  const stale = listed
    .filter((entry) => !ids.includes(entry.id))
    .map(({ id, line }) => ({
      file: SPEC,
      line,
      says: `${id} is no rule of rules.ts`,
      remedy: "remove it, or write the rule",
    }));
  return [...unwritten, ...stale];
}

function checkTests(tree: Tree, ids: readonly string[]): Finding[] {
  const tests = testNames(tree);
  const untested = ids
    .filter((id) => !tests.some((test) => namesIn(test.name).includes(id)))
    .map((id) => ({
      ...whereDefined(tree, id),
      says: `no test is named after rule ${id}`,
      remedy: `write a test named "${id}: ..."`,
    }));
  const unknown = tests
    .filter((test) => test.file.startsWith("test/sync/"))
    .flatMap((test) => namesBeforeColon(test.name).map((id) => ({ ...test, id })))
    .filter((test) => !ids.includes(test.id))
    .map(({ file, line, id }) => ({
      file,
      line,
      says: `${id} is no rule of rules.ts`,
      remedy: "name an existing rule",
    }));
  return [...untested, ...unknown];
}

function namesIn(name: string): string[] {
  return name.match(new RegExp(ID, "g")) ?? [];
}

/** `a-rule: …` and `a-rule, b-rule: …`; other text before a colon is no rule. */
function namesBeforeColon(name: string): string[] {
  const head = new RegExp(`^(${ID}(?:, ${ID})*): `).exec(name)?.[1];
  return head === undefined ? [] : head.split(", ");
}

function whereDefined(tree: Tree, id: string): { file: string; line: number } {
  const text = tree.files.includes(RULES_FILE) ? tree.read(RULES_FILE) : "";
  return { file: RULES_FILE, line: lineAt(text, Math.max(0, text.indexOf(`"${id}"`))) };
}
