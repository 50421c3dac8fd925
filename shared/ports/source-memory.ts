/**
 * What a booking source knows from one call to the next, by names of its own choice; all instances share it. For
 * sources whose records have no lasting names; others never touch it.
 */
export interface SourceMemory {
  /** What is kept under the name; undefined where nothing is. Throws STORE_UNAVAILABLE. */
  recall(name: string): Promise<Memory | undefined>;
  /**
   * Keeps `data` (at most 900 kB as JSON) where the name still is as it was recalled. Throws STORE_CONFLICT where
   * another instance was faster (recall it again), and STORE_UNAVAILABLE.
   */
  keep(name: string, data: object, recalled: Memory | undefined): Promise<void>;
}

export interface Memory {
  readonly data: unknown;
  /** Opaque; changes with every change. */
  readonly version: string;
}
