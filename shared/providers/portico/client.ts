import type { Pool, PoolClient } from "pg";
import { isError, LockstepError } from "../../errors.ts";
import type { Connection } from "../../ports/provider.ts";
import { openPause, retry } from "../retry.ts";
import { readFailure, toError } from "./failures.ts";
import type { Settings } from "./schema.ts";

/** Where `root` points while nobody said where the database is (RFC 2606). */
export const NOWHERE = "postgres://portico.invalid";

/** Connections of one instance. Its messages of one room come one by one; more would only wait in the database. */
const MAX_CONNECTIONS = 3;
const CONNECT_MS = 5_000;
/** An idle connection is given back after this long. */
const IDLE_MS = 10_000;
/** The server gives up first, so that the lock of a statement we stopped waiting for is free. */
const SERVER_SHARE = 0.8;

/** A connection that is ours until the work is done. */
export interface Session {
  /** The rows, not yet checked; `count` is how many were read or changed. */
  run(text: string, values?: readonly unknown[]): Promise<{ readonly rows: unknown[]; readonly count: number }>;
}

export interface Work<T> {
  /** For errors: `reading`. */
  readonly what: string;
  readonly with: (session: Session) => Promise<T>;
  /** Told of every attempt that may have taken effect without our knowing. */
  readonly onUnsure?: () => void;
}

export interface Client {
  readonly settings: Settings;
  /** By whose wall clock Portico's times are read. */
  readonly timeZone: string;
  /** Does it up to three times where that helps: it must be repeatable. Throws what the port documents. */
  work<T>(work: Work<T>): Promise<T>;
  /** The same between BEGIN and COMMIT; what throws leaves nothing behind. */
  transaction<T>(work: Work<T>): Promise<T>;
}

/** Opens the database without a call. Throws CONFIG_INVALID where nobody said where it is. */
export function openClient(connection: Connection<Settings>): Client {
  const { settings, timeZone, clock } = connection;
  if (connection.root === NOWHERE && settings.url === undefined) {
    throw new LockstepError("CONFIG_INVALID", {
      detail: "portico needs `url`, the name of the secret with the database's URL.",
    });
  }
  const unlessPaused = openPause(clock, "Portico");
  let opened: Promise<Pool> | undefined;

  async function attempt<T>({ what, with: run, onUnsure }: Work<T>): Promise<T> {
    opened ??= openPool(connection);
    const pool = await opened.catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    try {
      return await useSession(pool, what, run, onUnsure);
    } catch (error) {
      // The next call reads the URL again: its password may be a new one.
      if (isError(error, "PROVIDER_UNAUTHORIZED")) opened = undefined;
      throw error;
    }
  }
  const work = <T>(asked: Work<T>) => unlessPaused(() => retry(clock, () => attempt(asked)));
  return {
    settings,
    timeZone,
    work,
    transaction: (asked) => work({ ...asked, with: (session) => inTransaction(session, asked.with) }),
  };
}

async function inTransaction<T>(session: Session, run: (session: Session) => Promise<T>): Promise<T> {
  await session.run("BEGIN");
  try {
    const result = await run(session);
    await session.run("COMMIT");
    return result;
  } catch (error) {
    // Where this cannot be sent, the connection is given up, and the server rolls back by itself.
    await session.run("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** Runs on a connection of the pool; one that failed without a word of the server is thrown away. */
async function useSession<T>(
  pool: Pool,
  what: string,
  run: (session: Session) => Promise<T>,
  onUnsure: (() => void) | undefined,
): Promise<T> {
  const client = await connect(pool, what);
  let isBroken = false;
  const session: Session = {
    async run(text, values = []) {
      if (isBroken) throw toError({ reason: "connection lost" }, what);
      try {
        const { rows, rowCount } = await client.query(text, [...values]);
        return { rows, count: rowCount ?? 0 };
      } catch (error) {
        const failure = readFailure(error);
        if (failure.state === undefined || failure.state.startsWith("57P")) {
          isBroken = true;
          onUnsure?.();
        }
        throw toError(failure, what);
      }
    },
  };
  try {
    return await run(session);
  } finally {
    client.release(isBroken);
  }
}

async function connect(pool: Pool, what: string): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw toError(readFailure(error), what);
  }
}

/** The client library is loaded with the first call: an instance that never asks Portico starts without it. */
async function openPool({ root, settings, secrets }: Connection<Settings>): Promise<Pool> {
  const { url } = settings;
  const place = readUrl(root === NOWHERE && url !== undefined ? (await secrets.read(url)).trim() : root);
  const { Pool } = await import("pg");
  const limitMs = settings.timeoutSeconds * 1_000;
  const pool = new Pool({
    ...place,
    ssl: settings.tls === "verify" ? { rejectUnauthorized: true } : false,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: Math.min(CONNECT_MS, limitMs),
    idleTimeoutMillis: IDLE_MS,
    allowExitOnIdle: true,
    query_timeout: limitMs,
    statement_timeout: Math.round(limitMs * SERVER_SHARE),
    idle_in_transaction_session_timeout: limitMs,
    application_name: "lockstep",
  });
  // A connection that broke, idle or at work: the call that used it has its own error, the next one opens another.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => void client.on("error", () => undefined));
  return pool;
}

interface Place {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** Throws CONFIG_INVALID, which shows nothing of the text: it holds the password. */
function readUrl(text: string): Place {
  const place = placeOf(text);
  if (place !== undefined) return place;
  throw new LockstepError("CONFIG_INVALID", {
    detail:
      "The URL of Portico's database is postgres://user:password@host:port/database, special characters written as %XX, and nothing behind it: TLS is the setting `tls`.",
  });
}

function placeOf(text: string): Place | undefined {
  try {
    const { protocol, hostname, port, username, password, pathname, search } = new URL(text);
    const database = decodeURIComponent(pathname.slice(1));
    if (!/^postgres(ql)?:$/.test(protocol) || hostname === "" || database === "" || search !== "") return undefined;
    return {
      host: hostname.replace(/^\[|\]$/g, ""),
      port: port === "" ? 5432 : Number(port),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database,
    };
  } catch {
    return undefined;
  }
}
