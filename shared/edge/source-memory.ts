import { documentId } from "../flows/document-id.ts";
import type { NewId } from "../ports/clock.ts";
import type { Remembered, SourceMemory } from "../ports/source-memory.ts";
import { ABSENT, type DocumentRef, type DocumentStore } from "../ports/store.ts";

/** One source's memory in its workspace's store, opened at its first use: documents `{source}~{name}` of collection `memories`. */
export function sourceMemory(open: () => DocumentStore, source: string, newId: NewId): SourceMemory {
  const refTo = (name: string): DocumentRef => ({ collection: "memories", id: documentId(`${source}~${name}`) });
  let holder: string | undefined;
  return {
    holder: () => {
      holder ??= newId();
      return holder;
    },
    async read<T extends object>(name: string): Promise<Remembered<T> | undefined> {
      const stored = await open().get<T>(refTo(name));
      return stored === undefined ? undefined : { data: stored.data, version: stored.version };
    },
    async save(name, data, ifVersion) {
      const [version = ABSENT] = await open().commit([
        { kind: "put", ref: refTo(name), data, ifVersion: ifVersion ?? ABSENT },
      ]);
      return version;
    },
  };
}
