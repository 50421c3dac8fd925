/**
 * What one booking source knows from one call to the next, the same in all instances: a home's known stays, a rate
 * budget, who renews a token, what was read at a price. Small documents (at most 900 kB as JSON) under names of the
 * source's own; what is secret in them is sealed by whoever writes it.
 */
export interface SourceMemory {
  /** Tells this instance from the others, as long as it lives. */
  holder(): string;
  /** The document; undefined where there is none. Throws STORE_UNAVAILABLE. */
  read<T extends object>(name: string): Promise<Remembered<T> | undefined>;
  /**
   * Puts the document in the place of that version, or where there was none, and answers its new version. Throws
   * STORE_CONFLICT where another instance was faster, STORE_UNAVAILABLE.
   */
  save(name: string, data: object, ifVersion: string | undefined): Promise<string>;
}

export interface Remembered<T> {
  readonly data: T;
  readonly version: string;
}
