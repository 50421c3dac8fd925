import type { Context } from "@microsoft/microsoft-graph-client";
import { isError } from "../../errors.ts";
import type { Connection } from "../../ports/provider.ts";
import { openPause, retry } from "../retry.ts";
import { tryJson } from "../try-json.ts";
import { openAuth } from "./auth.ts";
import { brokenAnswer, type Call, failureOf, networkFailure, toError } from "./failures.ts";
import { openGate } from "./gate.ts";
import { rootsOf } from "./roots.ts";
import type { Settings } from "./schema.ts";

/** One request may take this long. */
const TIMEOUT_MS = 20_000;
/** Calls of one app that a mailbox takes at a time. */
export const PLACES = 4;

const VERSION = "/v1.0";

/**
 * Said with every request: ids that stay when an event is moved within its mailbox, times that no hour
 * names twice, and bodies as text.
 */
const PREFER = ['IdType="ImmutableId"', 'outlook.timezone="UTC"', 'outlook.body-content-type="text"'].join(", ");

export interface GraphRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below the version, percent-encoded; of a link all that stood there, to the letter. */
  readonly path: string;
  /** Whose places it takes, and how many (1). Without a mailbox: none. */
  readonly mailbox?: string;
  readonly weight?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Added to what is always preferred. */
  readonly prefer?: string;
  readonly body?: unknown;
}

export interface Client {
  /**
   * What `read` makes of the answer's body (undefined: empty). Tries again where that helps, on every
   * method: inserts carry their transactionId, changes an etag, so a repetition takes effect once. Throws
   * what the port documents.
   */
  call<T>(call: Call, request: GraphRequest, read: (data: unknown) => T): Promise<T>;
}

/** What is preferred of an answer, as a header. */
export function preferring(more?: string): { readonly Prefer: string } {
  return { Prefer: more === undefined ? PREFER : `${PREFER}, ${more}` };
}

/** The part of a link that is ours to follow: where it points to is decided by the configuration alone. */
export function pathOfLink(link: string): string | undefined {
  const at = link.indexOf(`${VERSION}/`);
  return at === -1 ? undefined : link.slice(at + VERSION.length);
}

/** Throws CONFIG_INVALID where no credentials are named for the real Graph. */
export function openClient(connection: Connection<Settings>): Client {
  const { clock } = connection;
  const roots = rootsOf(connection.settings, connection.root);
  const authorize = openAuth(connection, roots);
  const paused = openPause(clock, "Microsoft Graph");
  const gate = openGate(PLACES);
  const base = `${roots.graph}${VERSION}`;

  async function attempt<T>(call: Call, request: GraphRequest, authorization: string, read: (data: unknown) => T) {
    const { status, text, retryAfter } = await send(connection.fetch, base, request, authorization, call);
    const body = text.trim() === "" ? undefined : tryJson(text);
    if (status < 200 || status > 299) throw toError(failureOf(status, body, retryAfter, clock), call);
    if (body === undefined && text.trim() !== "") throw brokenAnswer(call.does, "it is no JSON");
    return read(body);
  }

  async function authorized<T>(call: Call, request: GraphRequest, read: (data: unknown) => T) {
    const authorization = await authorize();
    try {
      return await attempt(call, request, authorization, read);
    } catch (error) {
      if (!isError(error, "PROVIDER_UNAUTHORIZED")) throw error;
      return await attempt(call, request, await authorize(authorization), read);
    }
  }

  return {
    call(call, request, read) {
      const { mailbox, weight = 1 } = request;
      const once = () => paused(() => authorized(call, request, read));
      return retry(clock, () => (mailbox === undefined ? once() : gate(mailbox, weight, once)));
    },
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
}

/**
 * Through the client library, with the connection's fetch as its only middleware: without the ones it comes
 * with it neither tries again nor follows nor counts time. It gives back the raw answer, since of an error
 * page it keeps no headers.
 */
async function send(
  transport: typeof fetch,
  base: string,
  request: GraphRequest,
  authorization: string,
  call: Call,
): Promise<Answer> {
  // Loaded with the first call: a function that never asks Graph starts without it.
  const { Client, ResponseType } = await import("@microsoft/microsoft-graph-client");
  let broken: unknown;
  const execute = async (context: Context) => {
    const { method, headers, body } = context.options ?? {};
    try {
      // The library sorts a link's parameters; Graph wants its own back as they were.
      context.response = await transport(`${base}${request.path}`, {
        ...(method !== undefined && { method }),
        ...(headers !== undefined && { headers }),
        ...(body != null && { body }),
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      broken = error;
      throw error;
    }
  };
  const api = Client.initWithMiddleware({ middleware: { execute } })
    .api(request.path)
    .headers({ ...preferring(request.prefer), ...request.headers, Authorization: authorization })
    .responseType(ResponseType.RAW);
  try {
    const response: unknown = await perform(api, request);
    if (!(response instanceof Response)) throw new TypeError("the client library gave no response");
    const { status, headers } = response;
    return { status, text: await response.text(), retryAfter: headers.get("retry-after") };
  } catch (error) {
    // The library keeps no cause of an error.
    throw toError(networkFailure(broken ?? error), call);
  }
}

type Api = ReturnType<import("@microsoft/microsoft-graph-client").Client["api"]>;

function perform(api: Api, { method, body }: GraphRequest): Promise<unknown> {
  switch (method) {
    case "GET":
      return api.get();
    case "POST":
      return api.post(body);
    case "PATCH":
      return api.patch(body);
    case "DELETE":
      return api.delete();
  }
}
