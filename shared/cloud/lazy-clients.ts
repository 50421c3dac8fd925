import type { Publisher } from "../ports/bus.ts";
import type { Secrets } from "../ports/secrets.ts";
import type { DocumentStore, StoreFactory } from "../ports/store.ts";

/**
 * Google's client libraries are most of a cold start (TOOLCHAIN). A function loads each with the first call
 * that needs it, so that a webhook's answer never waits for Firestore.
 */
function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open();
    return opened;
  };
}

/** Stores that are opened with the first read or write. */
export function lazyStores(open: () => Promise<StoreFactory>): StoreFactory {
  const opened = once(open);
  let used = false;
  const factory = () => {
    used = true;
    return opened();
  };
  return {
    workspace: (ws) => lazyStore(once(async () => (await factory()).workspace(ws))),
    close: async () => {
      if (used) await (await opened()).close();
    },
  };
}

function lazyStore(store: () => Promise<DocumentStore>): DocumentStore {
  return {
    get: async (ref) => (await store()).get(ref),
    getMany: async (refs) => (await store()).getMany(refs),
    commit: async (writes) => (await store()).commit(writes),
    query: async (query) => (await store()).query(query),
    count: async (query) => (await store()).count(query),
  };
}

/** A publisher that is opened with the first message. */
export function lazyPublisher(open: () => Promise<Publisher>): Publisher {
  const opened = once(open);
  let used = false;
  return {
    publish: async (topic, messages) => {
      used = true;
      await (await opened()).publish(topic, messages);
    },
    close: async () => {
      if (used) await (await opened()).close();
    },
  };
}

/** Secrets whose client is opened with the first read or write. */
export function lazySecrets(open: () => Promise<Secrets>): Secrets {
  const opened = once(open);
  return {
    read: async (name, how) => (await opened()).read(name, how),
    write: async (name, value) => (await opened()).write(name, value),
  };
}
