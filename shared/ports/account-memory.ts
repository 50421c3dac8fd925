/**
 * What one account at a provider must know in all instances at once: its rate budget, who renews its token, what was
 * read of it at a price. Small documents, kept in the workspace's store (collection `sources`), never in the open:
 * what is secret in them is sealed by whoever writes it.
 */
export interface AccountMemory {
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
