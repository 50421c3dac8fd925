import type { Publisher } from "../../shared/ports/bus.ts";
import type { DocumentStore, StoreFactory } from "../../shared/ports/store.ts";

/** What a stretch of requests did behind the edges. */
export interface Effects {
  /** Workspaces whose documents were read, each once per call of the store. */
  readonly reads: readonly string[];
  /** `loft apiKeys/4f1d`, one for each document of a commit that succeeded. */
  readonly writes: readonly string[];
  readonly published: readonly { readonly topic: string; readonly data: string; readonly ws: string }[];
  /** `GET /google/calendar/v3/…`, calls of the providers. */
  readonly calls: readonly string[];
}

/** Stands between the edges and everything they could touch, and counts. */
export interface Watch {
  stores(inner: StoreFactory): StoreFactory;
  publisher(inner: Publisher): Publisher;
  fetch(inner: typeof fetch): typeof fetch;
  /** What happened since this was asked last. */
  take(): Effects;
}

export function openWatch(): Watch {
  let reads: string[] = [];
  let writes: string[] = [];
  let published: Effects["published"][number][] = [];
  let calls: string[] = [];
  return {
    stores: (inner) => ({
      workspace: (ws) => watchStore(inner.workspace(ws), ws, reading, writing),
      close: () => inner.close(),
    }),
    publisher: (inner) => ({
      async publish(topic, messages) {
        await inner.publish(topic, messages);
        published.push(...messages.map(({ data, attributes }) => ({ topic, data, ws: attributes["ws"] ?? "" })));
      },
      close: () => inner.close(),
    }),
    fetch: (inner) => (input, init) => {
      const { method, url } = new Request(input, init);
      calls.push(`${method} ${new URL(url).pathname}`);
      return inner(input, init);
    },
    take() {
      const taken = { reads, writes, published, calls };
      [reads, writes, published, calls] = [[], [], [], []];
      return taken;
    },
  };

  function reading(ws: string): void {
    reads.push(ws);
  }

  function writing(document: string): void {
    writes.push(document);
  }
}

function watchStore(
  store: DocumentStore,
  ws: string,
  reading: (ws: string) => void,
  writing: (document: string) => void,
): DocumentStore {
  return {
    get: (ref) => {
      reading(ws);
      return store.get(ref);
    },
    getMany: (refs) => {
      reading(ws);
      return store.getMany(refs);
    },
    async commit(writes) {
      const versions = await store.commit(writes);
      for (const { ref } of writes) writing(`${ws} ${ref.collection}/${ref.id}`);
      return versions;
    },
    query: (query) => {
      reading(ws);
      return store.query(query);
    },
    count: (query) => {
      reading(ws);
      return store.count(query);
    },
  };
}
