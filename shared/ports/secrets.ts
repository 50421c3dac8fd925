/** Where credentials live. Values never reach logs, errors or URLs. */
export interface SecretReader {
  /** The newest value. Throws SECRET_MISSING with the secret's name and where to put it. */
  read(name: string): Promise<string>;
}

export interface SecretWriter {
  /** Adds a new version; readers see it within their cache time (at most a minute). */
  write(name: string, value: string): Promise<void>;
}
