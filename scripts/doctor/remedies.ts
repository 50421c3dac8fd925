import { LockstepError } from "../../shared/errors.ts";
import type { Finding } from "./finding.ts";

/** What helps, by what went wrong, where a provider was asked for something. */
const REMEDIES: Readonly<Record<string, string>> = {
  SECRET_MISSING: "Put its value there: gcloud secrets versions add NAME --data-file=-.",
  CONFIG_INVALID: "The secret holds something else than the provider expects; its page in shared/providers says what.",
  PROVIDER_UNAUTHORIZED:
    "The credential is refused: make a new one at the provider and add it to the secret as a new version.",
  PROVIDER_FORBIDDEN: "The account may not see it: share it with the account, with the right to make changes.",
  PROVIDER_RATE_LIMITED: "The quota is used up for now. If it stays so, ask the provider for a higher one.",
  PROVIDER_UNAVAILABLE:
    "It did not answer. Look at its status page, and whether the address in the configuration is right.",
  NOT_FOUND: "There is none by this id: copy it from the provider's own settings into the configuration.",
  STORE_UNAVAILABLE: "Log in: gcloud auth application-default login, as somebody who may read the project.",
};

const LAST_RESORT = "The log of the function that uses it says more.";

/** A failure as a finding. Errors of ours say what they mean without anybody's data; of others only the kind is told. */
export function illness(about: string, error: unknown): Finding {
  if (!(error instanceof LockstepError)) {
    const kind = error instanceof Error ? error.name : "an error";
    return { kind: "ill", about, says: `it failed by ${kind}`, remedy: LAST_RESORT };
  }
  const remedy = REMEDIES[error.code] ?? LAST_RESORT;
  return { kind: "ill", about, says: `${error.code}, ${error.message.replace(/\.$/, "")}`, remedy };
}
