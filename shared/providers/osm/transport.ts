import type { Connection } from "../../ports/provider.ts";
import { networkReason } from "../network-reason.ts";
import { readRetryAfter } from "../retry.ts";
import type { Failure } from "./failures.ts";
import type { Settings } from "./schema.ts";

/** Of one call, where nobody waits less long. */
export const TIMEOUT_MS = 10_000;
const MAX_CHARACTERS = 20_000_000;
const MAX_RESET_SECONDS = 86_400;

/** What the answer's head tells of our budget. */
export interface Told {
  readonly limit?: number;
  readonly remaining?: number;
  /** The header counts seconds left, no epoch. */
  readonly resetsInMs?: number;
  readonly blocked: boolean;
}

export type Answer =
  | { readonly ok: true; readonly text: string; readonly told: Told }
  | ({ readonly ok: false; readonly text: string; readonly told: Told } & Failure);

export interface Request {
  readonly path: string;
  /** Sent as a form by POST; left out: a GET. */
  readonly form?: URLSearchParams;
  readonly token?: string;
  readonly timeoutMs: number;
}

const NOTHING_TOLD: Told = { blocked: false };

/** Sends one request, once, and reads its whole answer within its time. Never throws. */
export async function exchange(
  connection: Connection<Settings>,
  { path, form, token, timeoutMs }: Request,
): Promise<Answer> {
  const { root, clock, fetch: send } = connection;
  try {
    const response = await send(`${root}${path}`, {
      method: form === undefined ? "GET" : "POST",
      headers: { accept: "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      ...(form === undefined ? {} : { body: form }),
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    const told = toldBy(response.headers);
    const { status } = response;
    if (text.length > MAX_CHARACTERS) return { ok: false, text: "", told, status, reason: "too large" };
    if (response.ok) return { ok: true, text, told };
    const retryAfterMs = readRetryAfter(response.headers.get("retry-after"), clock);
    return { ok: false, text, told, status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  } catch (error) {
    return { ok: false, text: "", told: NOTHING_TOLD, reason: networkReason(error) };
  }
}

function toldBy(headers: Headers): Told {
  const [limit, remaining] = [countIn(headers, "x-ratelimit-limit"), countIn(headers, "x-ratelimit-remaining")];
  const seconds = countIn(headers, "x-ratelimit-reset");
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(seconds === undefined ? {} : { resetsInMs: Math.min(seconds, MAX_RESET_SECONDS) * 1000 }),
    blocked: headers.get("x-blocked") !== null,
  };
}

function countIn(headers: Headers, name: string): number | undefined {
  const text = headers.get(name)?.trim() ?? "";
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
