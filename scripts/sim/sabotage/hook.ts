import { registerHooks } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NOT_APPLIED } from "./not-applied.ts";
import { applyEdit } from "./safeguard.ts";
import { chosenSafeguards } from "./safeguards.ts";

// Loaded before a worker: the product's files come with the edits of the safeguards named in LOCKSTEP_SABOTAGE.
// So the product itself knows nothing of being sabotaged.

const ROOT = join(import.meta.dirname, "../../..");
const chosen = chosenSafeguards((process.env["LOCKSTEP_SABOTAGE"] ?? "").split(","));
const edits = chosen.flatMap((safeguard) => safeguard.edits.map((edit) => ({ safeguard, edit })));
const applied = new Set<(typeof edits)[number]>();

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.startsWith("file:")) return loaded;
    const path = fileURLToPath(url);
    const here = edits.filter(({ edit }) => join(ROOT, edit.file) === path);
    if (here.length === 0) return loaded;
    let source = textOf(loaded.source);
    for (const each of here) {
      source = applyEdit(source, each.safeguard, each.edit);
      applied.add(each);
    }
    return { ...loaded, source };
  },
});

process.once("message", () => {
  if (applied.size !== edits.length) process.exit(NOT_APPLIED);
});

function textOf(source: string | NodeJS.ArrayBufferView | ArrayBuffer | null | undefined): string {
  if (typeof source === "string") return source;
  if (source === null || source === undefined) throw new Error("a source file came without its text");
  const bytes = source instanceof ArrayBuffer ? new Uint8Array(source) : source;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}
