import type { DocumentStore, StoreFactory } from "../../../shared/ports/store.ts";

/** Documents read and written, and commits, as Firestore bills them. */
export interface StoreCounts {
  /** A document asked for, found or not; a query costs what it answers, at least one; a count costs one. */
  reads: number;
  /** Documents in commits that succeeded, deletions included. */
  writes: number;
  commits: number;
}

/** The same stores, counting into `counts`. */
export function countStores(stores: StoreFactory, counts: StoreCounts): StoreFactory {
  return {
    close: () => stores.close(),
    workspace: (name) => countStore(stores.workspace(name), counts),
  };
}

function countStore(store: DocumentStore, counts: StoreCounts): DocumentStore {
  return {
    get: (ref) => {
      counts.reads += 1;
      return store.get(ref);
    },
    getMany: (refs) => {
      counts.reads += refs.length;
      return store.getMany(refs);
    },
    async commit(writes) {
      const versions = await store.commit(writes);
      counts.writes += writes.length;
      counts.commits += 1;
      return versions;
    },
    async query(query) {
      const found = await store.query<never>(query);
      counts.reads += Math.max(1, found.length);
      return found;
    },
    count: (query) => {
      counts.reads += 1;
      return store.count(query);
    },
  };
}
