import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

/** One call of an HTTP API that speaks JSON. */
export interface JsonCall {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** For all of it, the answer's body included. */
  readonly timeoutMs: number;
}

export interface JsonAnswer {
  readonly status: number;
  /** Undefined where the answer is no JSON. */
  readonly body: unknown;
}

/** More than any answer that is asked for here; what is longer is cut off as if nothing had come. */
const MAX_BYTES = 1_000_000;

/**
 * The answer, whatever its status. Rejects where none came in time. Connections are kept. Node's own `fetch` would do
 * the same, but loading it is a fifth of a cold start (decision 087).
 */
export function callJson(call: JsonCall): Promise<JsonAnswer> {
  const text = call.body === undefined ? undefined : JSON.stringify(call.body);
  const send = call.url.startsWith("https:") ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request = send(call.url, { method: call.method, headers: headersOf(call, text) });
    const limit = setTimeout(() => request.destroy(new Error("no answer in time")), call.timeoutMs);
    const settle = (work: () => void) => {
      clearTimeout(limit);
      work();
    };
    request.once("error", (error) => settle(() => reject(error)));
    request.once("response", (response) => {
      textOf(response).then(
        (body) => settle(() => resolve({ status: response.statusCode ?? 0, body: jsonOf(body) })),
        (error: unknown) => settle(() => reject(error)),
      );
    });
    request.end(text);
  });
}

function headersOf({ headers }: JsonCall, text: string | undefined): Record<string, string> {
  return {
    accept: "application/json",
    ...headers,
    ...(text !== undefined && {
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(text)),
    }),
  };
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BYTES) throw new Error("the answer is too long");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
