import type { z } from "zod";
import { type ErrorCode, LockstepError } from "../../errors.ts";
import type { Connection } from "../../ports/provider.ts";
import type { Instant } from "../../sync/time.ts";
import { networkReason } from "../network-reason.ts";
import { openPause, readRetryAfter, retry } from "../retry.ts";
import { tryJson } from "../try-json.ts";
import { brokenAnswer, type Failure, toError } from "./failures.ts";
import { Problem, type Settings } from "./schema.ts";

const TIMEOUT_MS = 10_000;
const MAX_CHARACTERS = 20_000_000;
/** A stand-in lets anybody in who says something. */
const STAND_IN_TOKEN = "stand-in";

/** Where `root` points while nobody said where the system is (RFC 2606). */
export const NOWHERE = "https://booking-system.invalid";

export interface Request<Schema extends z.ZodType> {
  /** The contract's `operationId`, for errors. */
  readonly operation: string;
  readonly method: "GET" | "POST" | "PATCH";
  /** `/reservations`, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly answer: Schema;
  /** What codes of the contract mean here, where it is not the usual. */
  readonly means?: Readonly<Record<string, ErrorCode>>;
  /** Told of every attempt that may have taken effect without our knowing. */
  readonly onUnsure?: () => void;
}

export interface Client {
  readonly settings: Settings;
  /** For whole days, and for times that are sent without a zone of their own. */
  readonly timeZone: string;
  now(): Instant;
  /**
   * Sends it, up to three times where that helps: every call of the contract may be repeated. Throws
   * what the port documents.
   */
  call<Schema extends z.ZodType>(request: Request<Schema>): Promise<z.output<Schema>>;
}

/** Opens the system without a call. Throws CONFIG_INVALID where nobody said where it is, or a real one has no token. */
export function openClient(connection: Connection<Settings>): Client {
  const { settings, timeZone, clock } = connection;
  const isReal = connection.root === NOWHERE;
  const address = isReal ? settings.address : connection.root;
  if (address === undefined || (isReal && settings.token === undefined)) {
    throw new LockstepError("CONFIG_INVALID", {
      detail: "booking-api needs `address`, where the system is, and `token`, the name of the secret with its token.",
    });
  }
  const base = `${address.replace(/\/+$/, "")}${settings.basePath}`;
  const unlessPaused = openPause(clock, "Booking system");
  return {
    settings,
    timeZone,
    now: () => clock.now(),
    call: (request) => unlessPaused(() => retry(clock, () => attempt(connection, base, request))),
  };
}

async function attempt<Schema extends z.ZodType>(
  connection: Connection<Settings>,
  base: string,
  request: Request<Schema>,
): Promise<z.output<Schema>> {
  const { operation, means, answer, onUnsure } = request;
  const got = await exchange(connection, base, request);
  if (!got.ok) {
    if (got.status === undefined || got.status >= 500) onUnsure?.();
    throw toError(got, operation, means);
  }
  const read = answer.safeParse(tryJson(got.text));
  if (read.success) return read.data;
  onUnsure?.();
  throw brokenAnswer(operation, "it is not shaped as the contract has it");
}

type Answer = { readonly ok: true; readonly text: string } | ({ readonly ok: false } & Failure);

/** Sends one request, once, and reads its whole answer within ten seconds. */
async function exchange(
  connection: Connection<Settings>,
  base: string,
  { method, path, body, headers }: Request<z.ZodType>,
): Promise<Answer> {
  const { clock, fetch: send } = connection;
  const authorization = `Bearer ${await readToken(connection)}`;
  try {
    const response = await send(`${base}${path}`, {
      method,
      headers: { accept: "application/json", authorization, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    const { status } = response;
    if (text.length > MAX_CHARACTERS) return { ok: false, status, reason: "too large" };
    if (response.ok) return { ok: true, text };
    const problem = Problem.safeParse(tryJson(text));
    const retryAfterMs = readRetryAfter(response.headers.get("retry-after"), clock);
    return {
      ...{ ok: false, status },
      ...(problem.success ? { code: problem.data.code } : {}),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  } catch (error) {
    return { ok: false, reason: networkReason(error) };
  }
}

async function readToken({ settings, secrets }: Connection<Settings>): Promise<string> {
  return settings.token === undefined ? STAND_IN_TOKEN : (await secrets.read(settings.token)).trim();
}
