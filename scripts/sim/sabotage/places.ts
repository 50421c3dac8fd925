import { readFileSync } from "node:fs";
import { join } from "node:path";
import { applyEdit, type Safeguard } from "./safeguard.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** Throws where a safeguard is not where its edit looks for it: else a refactoring would disarm the check unseen. */
export function checkPlaces(safeguards: readonly Safeguard[]): void {
  for (const safeguard of safeguards) {
    for (const edit of safeguard.edits) applyEdit(readFileSync(join(ROOT, edit.file), "utf8"), safeguard, edit);
  }
}
