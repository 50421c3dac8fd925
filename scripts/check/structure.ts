import type { RuleId } from "../../shared/sync/rule-id.ts";
import { RULES } from "../../shared/sync/rules.ts";
import { checkFileLength } from "./file-length.ts";
import { checkFileNames } from "./file-names.ts";
import { checkFunctionFolders } from "./function-folders.ts";
import { checkProviderFolders } from "./provider-folders.ts";
import { checkRuleIds } from "./rule-ids.ts";
import { checkScenarios } from "./scenarios.ts";
import { checkTopLevel } from "./top-level.ts";
import type { Finding, StructureCheck, Tree } from "./tree.ts";

/** The rules beside the table: the breaker's behind it, that of imports in front of it. */
const BESIDE = ["held-by-breaker", "import-meeting"] as const satisfies RuleId[];

/** What STYLE.md and DESIGN §4 ask of the shape of the project, by name. */
export const STRUCTURE_CHECKS: Readonly<Record<string, StructureCheck>> = {
  "top level": checkTopLevel,
  "file names": checkFileNames,
  "file length": checkFileLength,
  "function folders": checkFunctionFolders,
  "provider folders": checkProviderFolders,
  "rule ids": (tree: Tree) => checkRuleIds(tree, [...Object.keys(RULES), ...BESIDE]),
  scenarios: checkScenarios,
};

/** One line for a finding: place, what is wrong, what to do. */
export function describeFinding(finding: Finding): string {
  return `${finding.file}:${finding.line} ${finding.says}. Remedy: ${finding.remedy}.`;
}
