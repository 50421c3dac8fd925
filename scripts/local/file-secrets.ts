import { LockstepError } from "../../shared/errors.ts";
import type { SecretReader } from "../../shared/ports/secrets.ts";
import { readSecrets } from "./secrets.ts";

/** Secrets from a JSON file of names and texts, read anew each time, so that an edit counts at once. */
export function openFileSecrets(file: string): SecretReader {
  return {
    read: async (name) => {
      const value = readSecrets(file)[name];
      if (value !== undefined) return value;
      throw new LockstepError("SECRET_MISSING", { detail: `There is no secret ${name}: add it to ${file}.` });
    },
  };
}
