import type { z } from "zod";
import { isError, LockstepError } from "../../errors.ts";
import type { SourceConnection } from "../../ports/provider.ts";
import type { Instant } from "../../sync/time.ts";
import { retry } from "../retry.ts";
import { tryJson } from "../try-json.ts";
import { brokenAnswer, toError } from "./failures.ts";
import { type Governor, openGovernor } from "./governor.ts";
import { Envelope, type Settings } from "./schema.ts";
import { openSession } from "./session.ts";
import { type Answer, exchange, TIMEOUT_MS } from "./transport.ts";

export interface Query<Schema extends z.ZodType> {
  /** In words for people: `the list of provisional bookings`. */
  readonly what: string;
  readonly path: string;
  /** Reads `data` of the envelope. */
  readonly answer: Schema;
  /** True for what is refused first where calls become scarce, and never repeated. */
  readonly mayWait?: boolean;
  /** Whoever asks does not wait longer: nothing is repeated. */
  readonly until?: Instant;
}

type Limits = Pick<Query<z.ZodType>, "path" | "mayWait" | "until">;

export interface Found<T> {
  readonly data: T;
  readonly meta: unknown;
}

export interface Client {
  readonly connection: SourceConnection<Settings>;
  readonly governor: Governor;
  /** Undefined where OSM itself says that there is no such record. Throws what the port documents. */
  find<Schema extends z.ZodType>(query: Query<Schema>): Promise<Found<z.output<Schema>> | undefined>;
}

/** Opens the campsite without a call. Throws CONFIG_INVALID where the real OSM is meant and no client is named. */
export function openClient(connection: SourceConnection<Settings>): Client {
  requireCredentials(connection);
  const { clock, memory } = connection;
  const governor = openGovernor(clock, memory);
  const session = openSession(connection, governor);

  async function send(query: Limits, token: string): Promise<Answer> {
    const { path, mayWait = false, until } = query;
    const timeoutMs = until === undefined ? TIMEOUT_MS : Math.max(1, Date.parse(until) - Date.parse(clock.now()));
    return governor.run(() => exchange(connection, { path, token, timeoutMs }), mayWait);
  }

  /** A 401 is answered by one renewal, whichever of several calls meets it first. */
  async function sendAuthorised(query: Limits): Promise<Answer> {
    const token = await session.token(query);
    const answer = await send(query, token);
    if (answer.ok || answer.status !== 401) return answer;
    return send(query, await session.token({ ...query, stale: token }));
  }

  async function attempt<Schema extends z.ZodType>(query: Query<Schema>) {
    const { what, answer: schema } = query;
    const answer = await sendAuthorised(query);
    const envelope = Envelope.safeParse(tryJson(answer.text));
    if (!answer.ok) {
      if (answer.status === 404 && envelope.success && !envelope.data.status) return undefined;
      throw toError(answer, what);
    }
    if (!envelope.success) throw brokenAnswer(what, "it is not OSM's envelope");
    if (!envelope.data.status) throw brokenAnswer(what, "it says status false");
    const read = schema.safeParse(envelope.data.data);
    if (!read.success) throw brokenAnswer(what, "its data have another shape");
    return { data: read.data, meta: envelope.data.meta };
  }

  return {
    connection,
    governor,
    find: (query) =>
      query.mayWait === true || query.until !== undefined ? attempt(query) : retry(clock, () => attempt(query)),
  };
}

/** True for what concerns the whole account: then no part of a list is of use. */
export function isOfAccount(error: unknown): boolean {
  return isError(error, "PROVIDER_UNAUTHORIZED", "PROVIDER_RATE_LIMITED", "PROVIDER_BLOCKED");
}

function requireCredentials({ root, settings }: SourceConnection<Settings>): void {
  const { hostname } = new URL(root);
  if (hostname !== "onlinescoutmanager.co.uk" && !hostname.endsWith(".onlinescoutmanager.co.uk")) return;
  const missing = (["clientId", "clientSecret"] as const).filter((name) => settings[name] === undefined);
  if (missing.length === 0) return;
  throw new LockstepError("CONFIG_INVALID", {
    detail: `osm at ${root} needs ${missing.join(" and ")} (clientSecret is the name of a secret).`,
  });
}
