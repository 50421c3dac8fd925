import type { Connection } from "../../ports/provider.ts";
import { networkReason } from "../network-reason.ts";
import { readRetryAfter } from "../retry.ts";
import type { Failure } from "./failures.ts";
import type { Settings } from "./schema.ts";

const MAX_CHARACTERS = 20_000_000;

/** One HTTP request and its answer. */
export interface Exchange {
  readonly method: string;
  /** Sent as JSON by POST; left out: a GET. */
  readonly body?: object;
  readonly headers: Readonly<Record<string, string>>;
}

export type Answer = { readonly ok: true; readonly text: string } | ({ readonly ok: false } & Failure);

/** Sends one request, once, and reads its whole answer. Never throws. */
export async function exchange(connection: Connection<Settings>, request: Exchange): Promise<Answer> {
  const { root, settings, clock, fetch: send } = connection;
  const { body } = request;
  try {
    const response = await send(`${root}/api/${settings.alias}/${request.method}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { accept: "application/json", ...(body && { "content-type": "application/json" }), ...request.headers },
      ...(body && { body: JSON.stringify(body) }),
      redirect: "error",
    });
    const text = await response.text();
    const retryAfterMs = readRetryAfter(response.headers.get("retry-after"), clock);
    if (text.length > MAX_CHARACTERS) return { ok: false, status: response.status, reason: "too large", text: "" };
    if (response.ok) return { ok: true, text };
    return { ok: false, status: response.status, text, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  } catch (error) {
    return { ok: false, reason: networkReason(error), text: "" };
  }
}
