import { documentId } from "../flows/document-id.ts";
import type { AccountMemory, Remembered } from "../ports/account-memory.ts";
import type { NewId } from "../ports/clock.ts";
import { ABSENT, type DocumentRef, type DocumentStore } from "../ports/store.ts";

/** The memory of one account, as documents `{account}~{name}` of collection `sources`. */
export function memoryOf(open: () => DocumentStore, account: string, newId: NewId): AccountMemory {
  const refTo = (name: string): DocumentRef => ({ collection: "sources", id: documentId(`${account}~${name}`) });
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
