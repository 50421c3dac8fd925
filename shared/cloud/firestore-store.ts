import {
  type CollectionReference,
  type DocumentSnapshot,
  FieldPath,
  FieldValue,
  Firestore,
  type Query as FirestoreQuery,
  Timestamp,
  type WriteBatch,
} from "@google-cloud/firestore";
import { PassThroughClient } from "google-auth-library";
import { LockstepError } from "../errors.ts";
import {
  ABSENT,
  type DocumentRef,
  type DocumentStore,
  type Query,
  type Stored,
  type StoreFactory,
  type Write,
} from "../ports/store.ts";
import {
  checkQuery,
  checkRef,
  checkRefs,
  checkWorkspace,
  checkWrites,
  encodeDocument,
  MAX_ROWS,
  orderOf,
} from "../ports/store-checks.ts";

/**
 * The document store on Firestore. `workspaces/{ws}/{collection}/{id}` holds two fields: `data`, the
 * document itself, and `expireAt`, which the TTL policy watches. One map holds the data because a
 * conditional write can replace a named field whole, but not a document (the API's `set` knows no
 * precondition), and because index exemptions are inherited by what is inside the map.
 */
export interface FirestoreOptions {
  readonly projectId: string;
  /** Default: the database called `(default)`. */
  readonly databaseId?: string;
}

/**
 * Opens Firestore, or its emulator where FIRESTORE_EMULATOR_HOST is set. Connects with the first call, over REST: nothing
 * here listens, and gRPC would be most of a cold start (decision 087).
 */
export function openFirestoreStores({ projectId, databaseId }: FirestoreOptions): StoreFactory {
  const firestore = new Firestore({
    projectId,
    preferRest: true,
    ignoreUndefinedProperties: true,
    ...(databaseId === undefined ? {} : { databaseId }),
    ...whereItIs(process.env),
  });
  return {
    workspace: (workspace) => openWorkspace(firestore, checkWorkspace(workspace)),
    close: () => firestore.terminate(),
  };
}

/** Over REST the client wants credentials even for the emulator, which takes none. */
function whereItIs({ FIRESTORE_EMULATOR_HOST: emulator, FIRESTORE_API_ROOT: root }: NodeJS.ProcessEnv): object {
  if (emulator) return { authClient: new PassThroughClient() };
  return root === undefined ? {} : { host: new URL(root).host };
}

function openWorkspace(firestore: Firestore, workspace: string): DocumentStore {
  const root = firestore.collection("workspaces").doc(workspace);
  const doc = (ref: DocumentRef) => root.collection(ref.collection).doc(ref.id);
  return {
    async get<T extends object>(ref: DocumentRef) {
      checkRef(ref);
      return guarded(async () => storedOf<T>(ref.collection, await doc(ref).get()));
    },
    async getMany(refs) {
      checkRefs(refs);
      if (refs.length === 0) return [];
      return guarded(async () => {
        const found = await firestore.getAll(...refs.map(doc));
        return found.map((each) => storedOf<object>(each.ref.parent.id, each));
      });
    },
    async commit(writes) {
      checkWrites(writes);
      if (writes.length === 0) return [];
      const batch = firestore.batch();
      for (const write of writes) addWrite(batch, doc(write.ref), write);
      const results = await guarded(() => batch.commit());
      return results.map(({ writeTime }, n) => (writes[n]?.kind === "delete" ? ABSENT : versionOf(writeTime)));
    },
    async query<T extends object>(query: Query) {
      checkQuery(query);
      const select = pageOf(matching(root.collection(query.collection), query), query);
      const { docs } = await guarded(() => select.get());
      return docs.flatMap((each) => storedOf<T>(query.collection, each) ?? []);
    },
    async count(query) {
      checkQuery(query);
      const answer = await guarded(() => matching(root.collection(query.collection), query).count().get());
      return answer.data().count;
    },
  };
}

type Target = ReturnType<CollectionReference["doc"]>;

/** A conditional put is a `create`, or an `update` that replaces both fields under the version read. */
function addWrite(batch: WriteBatch, target: Target, write: Write): void {
  if (write.kind === "delete") {
    batch.delete(target, preconditionOf(write));
    return;
  }
  encodeDocument(write.ref, write.data);
  const data = write.data;
  const expireAt = write.expiresAt === undefined ? undefined : Timestamp.fromMillis(Date.parse(write.expiresAt));
  if (write.ifVersion === undefined) batch.set(target, { data, expireAt });
  else if (write.ifVersion === ABSENT) batch.create(target, { data, expireAt });
  else batch.update(target, { data, expireAt: expireAt ?? FieldValue.delete() }, preconditionOf(write));
}

function preconditionOf({ ref, ifVersion }: Write): { exists?: boolean; lastUpdateTime?: Timestamp } {
  if (ifVersion === undefined) return {};
  if (ifVersion === ABSENT) return { exists: false };
  const parts = /^(\d{1,12})\.(\d{9})$/.exec(ifVersion);
  if (parts) return { lastUpdateTime: new Timestamp(Number(parts[1]), Number(parts[2])) };
  throw new LockstepError("STORE_CONFLICT", { detail: `${ref.collection}/${ref.id} never had that version.` });
}

function matching(from: CollectionReference, { where = [] }: Query): FirestoreQuery {
  let query: FirestoreQuery = from;
  for (const { field, op, value } of where) query = query.where(inData(field), op, value);
  return query;
}

/** The order is always said, so that it does not hang on the client's own defaults. */
function pageOf(query: FirestoreQuery, asked: Query): FirestoreQuery {
  const { limit = MAX_ROWS, after } = asked;
  const order = orderOf(asked);
  if (order) return query.orderBy(inData(order.field), order.descending ? "desc" : "asc").limit(limit);
  const byId = query.orderBy(FieldPath.documentId()).limit(limit);
  return after === undefined ? byId : byId.startAfter(after);
}

function inData(field: string): FieldPath {
  return new FieldPath("data", field);
}

function storedOf<T extends object>(collection: string, snapshot: DocumentSnapshot): Stored<T> | undefined {
  const { updateTime } = snapshot;
  if (updateTime === undefined) return undefined;
  // What was put under this reference comes back; its type is the caller's claim, as the port says.
  const data = (snapshot.get("data") ?? {}) as T;
  return { ref: { collection, id: snapshot.id }, data, version: versionOf(updateTime) };
}

/** Firestore's update time to the nanosecond; milliseconds would let two writes look the same. */
function versionOf(time: Timestamp): string {
  return `${time.seconds}.${String(time.nanoseconds).padStart(9, "0")}`;
}

/** gRPC codes of a precondition that does not hold, or of too much contention on a document. */
const NOT_FOUND = 5;
const CONFLICTS: readonly unknown[] = [NOT_FOUND, 6, 9, 10];
const INVALID_ARGUMENT = 3;

/**
 * The client repeats a commit whose answer was lost; a conflict may then be our own write. That is
 * the caller's normal path: it reads again and finds its work done.
 */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (CONFLICTS.includes(code)) {
      throw new LockstepError("STORE_CONFLICT", { detail: "A document changed since it was read.", cause });
    }
    if (code === INVALID_ARGUMENT) {
      throw new LockstepError("INVALID_REQUEST", { detail: "Firestore does not take this document or query.", cause });
    }
    throw new LockstepError("STORE_UNAVAILABLE", { detail: `Firestore did not answer (code ${code}).`, cause });
  }
}
