/** Where credentials live. Values never reach logs, errors or URLs. */
export interface SecretReader {
  /**
   * The newest value; `fresh` asks for it past any cache. Throws SECRET_MISSING with the secret's name and where to
   * put it.
   */
  read(name: string, how?: { readonly fresh?: boolean }): Promise<string>;
}

export interface SecretWriter {
  /** Adds a new version, which may be empty; readers see it within their cache time (at most a minute), fresh ones at once. */
  write(name: string, value: string): Promise<void>;
}

/** Both, where what an account grants is kept as well as read. */
export type Secrets = SecretReader & SecretWriter;
