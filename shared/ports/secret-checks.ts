import { LockstepError } from "../errors.ts";

/** A name every backing takes: Secret Manager's alphabet, lower case, so that it also names a variable. */
const NAME = /^[a-z][a-z0-9-]{0,199}$/;

/** The name, where it is one. Throws INVALID_REQUEST. */
export function checkSecretName(name: string): string {
  if (NAME.test(name)) return name;
  throw new LockstepError("INVALID_REQUEST", {
    detail: "A secret's name has 1 to 200 characters of a-z, 0-9 and -, and starts with a letter.",
  });
}
