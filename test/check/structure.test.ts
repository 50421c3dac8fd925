import { describe, expect, test } from "vitest";
import { checkFileLength } from "../../scripts/check/file-length.ts";
import { checkFileNames } from "../../scripts/check/file-names.ts";
import { checkFunctionFolders } from "../../scripts/check/function-folders.ts";
import { checkProviderFolders } from "../../scripts/check/provider-folders.ts";
import { checkRuleIds } from "../../scripts/check/rule-ids.ts";
import { COVERED, checkScenarios } from "../../scripts/check/scenarios.ts";
import { checkTopLevel } from "../../scripts/check/top-level.ts";
import { treeOf } from "../../scripts/check/tree.ts";

describe("structure checks", () => {
  test("a folder that nobody agreed on at the top level is found, dotfiles are not", () => {
    const tree = treeOf({ "lib/a.ts": "", ".npmrc": "", "README.md": "", "shared/errors.ts": "" });

    expect(checkTopLevel(tree).map((finding) => finding.file)).toEqual(["lib"]);
  });

  test("names that say nothing and names not in kebab-case are found", () => {
    const tree = treeOf({ "shared/flows/utils.ts": "", "shared/eventMap.ts": "", "shared/sync/event-map.ts": "" });

    expect(checkFileNames(tree).map((finding) => finding.file)).toEqual([
      "shared/eventMap.ts",
      "shared/flows/utils.ts",
    ]);
  });

  test("a file of 401 lines is found, one of 400 is not", () => {
    const tree = treeOf({ "shared/long.ts": "x\n".repeat(401), "shared/fits.ts": "x\n".repeat(400) });

    expect(checkFileLength(tree).map((finding) => finding.file)).toEqual(["shared/long.ts"]);
  });

  test("a function without its declaration is found, and a file beside the functions", () => {
    const tree = treeOf({ "functions/sync/index.ts": "", "functions/shared.ts": "" });

    expect(checkFunctionFolders(tree).map((finding) => finding.file)).toEqual([
      "functions/sync",
      "functions/shared.ts",
    ]);
  });

  test("a provider that the registry does not list is found, and a line without its folder", () => {
    const tree = treeOf({
      "shared/providers/registry.ts": 'import { gone } from "./gone/index.ts";',
      ...Object.fromEntries(
        ["index.ts", "schema.ts", "translate.ts", "README.md", "fixtures/a.json"].map((name) => [
          `shared/providers/uschedule/${name}`,
          "",
        ]),
      ),
    });

    const says = checkProviderFolders(tree).map((finding) => finding.says);

    expect(says).toEqual(["does not list uschedule", "lists gone, which is no folder"]);
  });
});

describe("rule ids", () => {
  const spec = "- `create-event`: a live booking gets one.\nMentions `source-wins` in passing.\n";

  test("all is well where each id stands in the specification and in a test's name", () => {
    const tree = treeOf({
      "shared/sync/SPEC.md": spec,
      "test/sync/table.test.ts": 'test("create-event: a live booking without an event gets one", () => {});',
    });

    expect(checkRuleIds(tree, ["create-event"])).toEqual([]);
  });

  test("one item may define several rules, and one test file may name them by a variable", () => {
    const tree = treeOf({
      "shared/sync/SPEC.md": "- `a-rule`, `b-rule`: what they do.\n",
      "test/sync/table.test.ts": 'const CELLS = ["a-rule", "b-rule"]; test(`does ${rule}`, () => {});',
    });

    expect(checkRuleIds(tree, ["a-rule", "b-rule"])).toEqual([]);
  });

  test("a rule without specification or test is found, and both the other way round", () => {
    const tree = treeOf({
      "shared/sync/SPEC.md": spec,
      "test/sync/table.test.ts": 'test("old-rule: what it did", () => {});',
    });

    const says = checkRuleIds(tree, ["new-rule"]).map((finding) => finding.says);

    expect(says).toEqual([
      "rule new-rule is not in SPEC.md",
      "create-event is no rule of rules.ts",
      "no test is named after rule new-rule",
      "old-rule is no rule of rules.ts and no word of SPEC.md",
    ]);
  });
});

describe("scenario ids", () => {
  test("a scenario that no test names is found, and a name that is no scenario", () => {
    const names = [...COVERED.slice(1), "S99"].map((id) => `test("${id}: something", () => {});`);
    const tree = treeOf({ "test/all.test.ts": names.join("\n") });

    const says = checkScenarios(tree).map((finding) => finding.says);

    expect(says).toEqual([`no test names ${COVERED[0]}`, "S99 is no scenario"]);
  });
});
