import { documentId } from "../flows/document-id.ts";
import type { SourceMemory } from "../ports/source-memory.ts";
import { ABSENT, type DocumentRef, type DocumentStore } from "../ports/store.ts";

/** Collection `memories`: what a source itself keeps from one call to the next, under names of its own. */
interface MemoryDoc {
  readonly source: string;
  readonly name: string;
  readonly data: object;
}

/** One source's memory in its workspace's store, opened at its first use. */
export function sourceMemory(open: () => DocumentStore, source: string): SourceMemory {
  return {
    async recall(name) {
      const stored = await open().get<MemoryDoc>(memoryRef(source, name));
      return stored === undefined ? undefined : { data: stored.data.data, version: stored.version };
    },
    async keep(name, data, recalled) {
      const doc: MemoryDoc = { source, name, data };
      const ifVersion = recalled?.version ?? ABSENT;
      await open().commit([{ kind: "put", ref: memoryRef(source, name), data: doc, ifVersion }]);
    },
  };
}

function memoryRef(source: string, name: string): DocumentRef {
  return { collection: "memories", id: documentId(`${source}~${name}`) };
}
