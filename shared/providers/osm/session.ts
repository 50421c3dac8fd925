import { isError, LockstepError } from "../../errors.ts";
import type { SourceConnection } from "../../ports/provider.ts";
import type { Remembered } from "../../ports/source-memory.ts";
import { type Instant, later } from "../../sync/time.ts";
import { tryJson } from "../try-json.ts";
import { brokenAnswer, toError } from "./failures.ts";
import type { Governor } from "./governor.ts";
import { type Settings, Token } from "./schema.ts";
import { open, seal } from "./seal.ts";
import { type Answer, exchange, TIMEOUT_MS } from "./transport.ts";

/** A token is renewed this long before it ends. */
const EARLY_MS = 60_000;
/** Whoever renews has this long; then another may. */
const LEASE_MS = 30_000;
const WAIT_MS = 500;
const MAX_WAITS = 20;
/** After a refusal nobody tries again for this long: repeated invalid requests get an account blocked. */
const REFUSED_MS = 5 * 60_000;
const DOC = "token";
const STAND_IN = "stand-in";

/** What all instances know of the token; itself it is sealed with the client's secret. */
interface TokenDoc {
  readonly sealed?: string;
  readonly expiresAt?: Instant;
  readonly lease?: { readonly by: string; readonly until: Instant };
  readonly refusedUntil?: Instant;
}

interface Tokens {
  readonly access: string;
  readonly refresh?: string;
  readonly expiresAt: Instant;
}

export interface Session {
  /** A token that is good as far as anybody knows; another than `stale`, which OSM did not take. */
  token(wanted?: { readonly stale?: string; readonly until?: Instant }): Promise<string>;
}

/**
 * One token for all instances, renewed by one of them at a time (S46): who holds the lease asks, the others wait for
 * what it saves. Throws PROVIDER_UNAUTHORIZED where OSM refuses to renew it.
 */
export function openSession(connection: SourceConnection<Settings>, governor: Governor): Session {
  const { clock, memory } = connection;
  let own: Tokens | undefined;
  let renewing: Promise<Tokens> | undefined;

  const isGood = (tokens: Tokens, stale: string | undefined) =>
    tokens.access !== stale && clock.now() < later(tokens.expiresAt, -EARLY_MS);

  async function shared(stored: Remembered<TokenDoc> | undefined): Promise<Tokens | undefined> {
    const { sealed, expiresAt } = stored?.data ?? {};
    if (sealed === undefined || expiresAt === undefined) return undefined;
    const opened = tokensIn(open(sealed, await clientSecret(connection)));
    return opened === undefined ? undefined : { ...opened, expiresAt };
  }

  async function find(stale: string | undefined, until: Instant | undefined): Promise<Tokens> {
    for (let waits = 0; waits < MAX_WAITS; waits++) {
      const stored = await memory.read<TokenDoc>(DOC);
      const tokens = await shared(stored);
      if (tokens !== undefined && isGood(tokens, stale)) return tokens;
      const { lease, refusedUntil } = stored?.data ?? {};
      if (refusedUntil !== undefined && clock.now() < refusedUntil) throw refused("it refused lately");
      if (lease === undefined || lease.until <= clock.now()) {
        const renewed = await renew(stored, tokens?.refresh);
        if (renewed !== undefined) return renewed;
      } else if (until !== undefined && later(clock.now(), WAIT_MS) >= until) break;
      else await clock.sleep(WAIT_MS);
    }
    throw new LockstepError("PROVIDER_UNAVAILABLE", { detail: "OSM: another instance is still renewing the token." });
  }

  /** Undefined where another instance took the lease first. */
  async function renew(stored: Remembered<TokenDoc> | undefined, refresh: string | undefined) {
    const lease = { by: memory.holder(), until: later(clock.now(), LEASE_MS) };
    let version: string;
    try {
      version = await memory.save(DOC, { ...stored?.data, lease }, stored?.version);
    } catch (error) {
      if (isError(error, "STORE_CONFLICT")) return undefined;
      throw error;
    }
    const { lease: _ours, ...before }: TokenDoc = stored?.data ?? {};
    try {
      const tokens = await requestTokens(connection, governor, refresh);
      const sealed = seal(JSON.stringify(tokens), await clientSecret(connection));
      await memory.save(DOC, { sealed, expiresAt: tokens.expiresAt }, version);
      return tokens;
    } catch (error) {
      const wait = isError(error, "PROVIDER_UNAUTHORIZED") ? { refusedUntil: later(clock.now(), REFUSED_MS) } : {};
      if (!isError(error, "STORE_CONFLICT", "STORE_UNAVAILABLE"))
        await memory.save(DOC, { ...before, ...wait }, version);
      throw error;
    }
  }

  return {
    async token({ stale, until } = {}) {
      if (own !== undefined && isGood(own, stale)) return own.access;
      renewing ??= find(stale, until).finally(() => {
        renewing = undefined;
      });
      own = await renewing;
      return own.access;
    },
  };
}

function tokensIn(text: string | undefined): Omit<Tokens, "expiresAt"> | undefined {
  // Proof: only this file seals, and a seal that opens was not changed.
  return text === undefined ? undefined : (JSON.parse(text) as Tokens);
}

/** The refresh token that came last goes before the one in the secrets: OSM may take each only once. */
async function requestTokens(
  connection: SourceConnection<Settings>,
  governor: Governor,
  last: string | undefined,
): Promise<Tokens> {
  const { settings, secrets, clock } = connection;
  const first = settings.refreshToken === undefined ? undefined : (await secrets.read(settings.refreshToken)).trim();
  const refresh = last ?? first;
  const form = new URLSearchParams({
    grant_type: refresh === undefined ? "client_credentials" : "refresh_token",
    client_id: settings.clientId ?? STAND_IN,
    client_secret: await clientSecret(connection),
    scope: settings.scopes.join(" "),
    ...(refresh === undefined ? {} : { refresh_token: refresh }),
  });
  const answer = await governor.run(
    () => exchange(connection, { path: "/oauth/token", form, timeoutMs: TIMEOUT_MS }),
    false,
  );
  if (!answer.ok) throw isRefusal(answer) ? refused(`${answer.status}`) : toError(answer, "the token request");
  const token = Token.safeParse(tryJson(answer.text));
  if (!token.success) throw brokenAnswer("the token request", "it holds no token");
  const next = token.data.refresh_token ?? refresh;
  return {
    access: token.data.access_token,
    expiresAt: later(clock.now(), token.data.expires_in * 1000),
    ...(next === undefined ? {} : { refresh: next }),
  };
}

/** `invalid_grant`, `invalid_client`: a person must act. */
function isRefusal({ ok, ...answer }: Answer): boolean {
  return !ok && "status" in answer && (answer.status === 400 || answer.status === 401);
}

function refused(why: string): LockstepError {
  return new LockstepError("PROVIDER_UNAUTHORIZED", {
    detail: "OSM does not renew our token; check clientId, clientSecret and refreshToken, or authorise Lockstep again.",
    provider: `token request: ${why}`,
  });
}

async function clientSecret({ settings, secrets }: SourceConnection<Settings>): Promise<string> {
  return settings.clientSecret === undefined ? STAND_IN : (await secrets.read(settings.clientSecret)).trim();
}
