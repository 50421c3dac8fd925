import type { DocumentRef, StoreFactory } from "../../shared/ports/store.ts";

/** The same stores, noting every document that a commit wrote. */
export function noteWrites(stores: StoreFactory, written: DocumentRef[]): StoreFactory {
  return {
    close: () => stores.close(),
    workspace(name) {
      const store = stores.workspace(name);
      return {
        ...store,
        async commit(writes) {
          const versions = await store.commit(writes);
          written.push(...writes.map(({ ref }) => ref));
          return versions;
        },
      };
    },
  };
}
