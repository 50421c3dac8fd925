import { LockstepError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";
import { checkSecretName } from "../ports/secret-checks.ts";
import type { Secrets } from "../ports/secrets.ts";
import { type Instant, later } from "../sync/time.ts";

/**
 * How long a value may be served without asking again: a rotated secret is seen within this time. Each asking is billed, and a
 * poll every two minutes would ask each time (decision 011).
 */
export const SECRET_KEPT_MS = 10 * 60_000;
/** One call of Secret Manager. */
export const SECRET_CALL_MS = 10_000;

/** Secret Manager, however it is spoken to. Both throw what `refusal` says of the answer. */
export interface SecretService {
  newest(name: string): Promise<string>;
  /** Adds a version, and makes the secret where there is none. */
  add(name: string, value: string): Promise<void>;
}

/** Secret Manager takes no empty value; one that was taken back is written like this. */
const EMPTY = "(empty)";

function withEmpty(value: string): string {
  return value === EMPTY ? "" : value;
}

interface Cached {
  readonly until: Instant;
  readonly value: Promise<string>;
}

/**
 * Secrets in Secret Manager. Values are asked for once in ten minutes at most and then kept in the instance's memory only. Where
 * the service does not answer: STORE_UNAVAILABLE, so that it is tried again.
 */
export function openCloudSecrets(service: SecretService, clock: Clock): Secrets {
  const cache = new Map<string, Cached>();
  const remember = (name: string, value: Promise<string>) => {
    const cached = { until: later(clock.now(), SECRET_KEPT_MS), value };
    cache.set(name, cached);
    value.catch(() => cache.get(name) === cached && cache.delete(name));
    return value;
  };
  return {
    async read(name, { fresh = false } = {}) {
      checkSecretName(name);
      const cached = cache.get(name);
      if (!fresh && cached !== undefined && clock.now() < cached.until) return cached.value;
      return remember(name, service.newest(name).then(withEmpty));
    },
    async write(name, value) {
      checkSecretName(name);
      await service.add(name, value || EMPTY);
      await remember(name, Promise.resolve(value));
    },
  };
}

/** What a failed call means for its caller; `path` is `projects/…/secrets/…`. */
export function refusal(path: string, why: "forbidden" | "missing" | { readonly status: string }): LockstepError {
  if (why === "forbidden") {
    const detail = `This account may not use the secret ${path}: grant it roles/secretmanager.secretAccessor there.`;
    return new LockstepError("SECRET_MISSING", { detail });
  }
  if (why === "missing") {
    const detail = `The secret ${path} has no enabled version: gcloud secrets versions add.`;
    return new LockstepError("SECRET_MISSING", { detail });
  }
  return new LockstepError("STORE_UNAVAILABLE", { detail: `Secret Manager did not answer (${why.status}).` });
}
