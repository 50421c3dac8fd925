/**
 * The document store, bound to one workspace: no path can leave it. Documents are JSON objects in
 * named collections (DESIGN §5). Arrays of arrays and `undefined` are not stored.
 */
export interface DocumentStore {
  /** The document, or undefined where there is none. Throws STORE_UNAVAILABLE. */
  get<T extends object>(ref: DocumentRef): Promise<Stored<T> | undefined>;
  /** The documents in the order asked for, in one round trip. Throws STORE_UNAVAILABLE. */
  getMany(refs: readonly DocumentRef[]): Promise<(Stored<object> | undefined)[]>;
  /**
   * All writes or none. Throws STORE_CONFLICT where a precondition does not hold (nothing is
   * written) and STORE_UNAVAILABLE where the outcome is unknown. At most 500 writes. Answers the new
   * version of each document, in the order of the writes ("absent" for a deleted one), so that a
   * second commit in the same turn needs no read between.
   */
  commit(writes: readonly Write[]): Promise<string[]>;
  /** Documents of one collection, ordered by id unless said otherwise. Throws STORE_UNAVAILABLE. */
  query<T extends object>(query: Query): Promise<Stored<T>[]>;
  /** How many documents a query would answer, without reading them. */
  count(query: Omit<Query, "limit" | "after" | "orderBy">): Promise<number>;
}

export interface DocumentRef {
  readonly collection: string;
  /** 1 to 400 characters, no `/`. */
  readonly id: string;
}

export interface Stored<T> {
  readonly ref: DocumentRef;
  readonly data: T;
  /** Opaque; changes with every write that changes something. Given back as `ifVersion`. */
  readonly version: string;
}

export type Write =
  | {
      readonly kind: "put";
      readonly ref: DocumentRef;
      readonly data: object;
      /** The version that must still stand, or "absent". Left out: whatever is there is replaced. */
      readonly ifVersion?: string;
      /** When the document may be dropped (TTL); ISO instant. */
      readonly expiresAt?: string;
    }
  | { readonly kind: "delete"; readonly ref: DocumentRef; readonly ifVersion?: string };

/** The precondition that no document stands there yet. */
export const ABSENT = "absent";

export interface Query {
  readonly collection: string;
  /**
   * All must hold. Fields are top level and hold strings, numbers or booleans; a value of another
   * type never matches. Ranges are on one field.
   */
  readonly where?: readonly Where[];
  /** Default: by the field of a range, else by document id, ascending. With a range only by its field. */
  readonly orderBy?: { readonly field: string; readonly descending?: boolean };
  /** 1 to 1000, default 1000. */
  readonly limit?: number;
  /** Continue behind this document id; only without `orderBy` and ranges. */
  readonly after?: string;
}

export interface Where {
  readonly field: string;
  readonly op: "==" | "<" | "<=" | ">" | ">=";
  readonly value: string | number | boolean;
}

/** Opens the store of one workspace. `workspace` is 1 to 60 characters of `a-z0-9-`. */
export interface StoreFactory {
  workspace(workspace: string): DocumentStore;
  close(): Promise<void>;
}
