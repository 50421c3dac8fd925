import { LockstepError } from "../../shared/errors.ts";
import type { SourceMemory } from "../../shared/ports/source-memory.ts";

/** A source's memory in a Map: as strict as the store about who was faster. */
export function memoryOfSource(): SourceMemory {
  const kept = new Map<string, { readonly text: string; readonly version: string }>();
  let versions = 0;
  return {
    async recall(name) {
      const found = kept.get(name);
      return found === undefined ? undefined : { data: JSON.parse(found.text), version: found.version };
    },
    async keep(name, data, recalled) {
      if (kept.get(name)?.version !== recalled?.version) {
        throw new LockstepError("STORE_CONFLICT", { detail: `${name} changed since it was recalled` });
      }
      kept.set(name, { text: JSON.stringify(data), version: String(++versions) });
    },
  };
}
