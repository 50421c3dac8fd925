import {
  Client,
  type Context,
  HTTPMessageHandler,
  type Middleware,
  RetryHandler,
} from "@microsoft/microsoft-graph-client";
import { type RunningSandbox, type SandboxOptions, startSandbox } from "../../scripts/sandbox/sandbox.ts";
import { seedTown } from "../../scripts/sandbox/seed-demo.ts";
import { countedIds, type HandClock, handClock } from "./harness.ts";

export const ROOM = "room-1@sandbox";
export const OTHER_ROOM = "room-2@sandbox";
export const KEY = "String {11111111-2222-3333-4444-555555555555} Name bookingKey";
/** Half past ten to half past eleven in Oslo. */
export const HALF_PAST_TEN = {
  start: { dateTime: "2027-01-12T10:30:00", timeZone: "Europe/Oslo" },
  end: { dateTime: "2027-01-12T11:30:00", timeZone: "Europe/Oslo" },
};
export const JANUARY = "startDateTime=2027-01-01T00:00:00Z&endDateTime=2027-02-01T00:00:00Z";

/** What tests look at in an answer; which of it is there depends on the path. */
export interface GraphBody {
  readonly id: string;
  readonly value: readonly GraphBody[];
  readonly error: { readonly code: string; readonly message: string };
  readonly "@odata.nextLink"?: string;
  readonly "@odata.deltaLink"?: string;
  readonly "@odata.etag": string;
  readonly "@removed"?: { readonly reason: string };
  readonly subject: string;
  readonly type: string;
  readonly start: { readonly dateTime: string; readonly timeZone: string };
  readonly [field: string]: unknown;
}

export interface GraphAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: GraphBody;
}

export interface Town {
  readonly sandbox: RunningSandbox;
  readonly clock: HandClock;
  /** The real client: Graph's own addresses, rewritten on their way out. */
  readonly client: Client;
  /** A path below `/graph/v1.0`, or a link as it was answered, with a good token. */
  graph(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<GraphAnswer>;
  /** What people do: POST to `/sandbox/graph/<action>`. */
  person(action: string, body: unknown, headers?: Record<string, string>): Promise<GraphAnswer>;
  control(path: string, body?: unknown): Promise<GraphAnswer>;
  /** Logs in anew, once the token has ended. */
  newToken(): Promise<void>;
}

/** The municipality's rooms without bookings on a free port. */
export async function openTown(options: Partial<SandboxOptions> = {}): Promise<Town> {
  const clock = handClock();
  const sandbox = await startSandbox({ port: 0, clock, newId: countedIds(), ...options });
  seedTown(sandbox);
  const send = async (method: string, url: string, body: unknown, headers: Record<string, string>) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(url, { method, ...sent, headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? {} : JSON.parse(text) };
  };
  let token = await fetchToken(sandbox.url);
  return {
    sandbox,
    clock,
    client: graphClient(sandbox.url, () => token),
    graph: (method, path, body, headers = {}) =>
      send(method, addressOf(sandbox.url, path), body, {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        ...headers,
      }),
    person: (action, body, headers = {}) => send("POST", `${sandbox.url}/sandbox/graph/${action}`, body, headers),
    newToken: async () => {
      token = await fetchToken(sandbox.url);
    },
    control: (path, body) => send(body === undefined ? "GET" : "POST", `${sandbox.url}/sandbox/${path}`, body, {}),
  };
}

export const CREDENTIALS = {
  grant_type: "client_credentials",
  client_id: "lockstep",
  client_secret: "secret",
  scope: "https://graph.microsoft.com/.default",
};

export async function fetchToken(url: string, form: Record<string, string> = CREDENTIALS): Promise<string> {
  const response = await fetch(`${url}/graph/tenant/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams(form),
  });
  const { access_token } = JSON.parse(await response.text());
  return access_token;
}

function addressOf(url: string, path: string): string {
  return path.startsWith("https://") ? rewritten(path, url) : `${url}/graph/v1.0/${path}`;
}

/** The client keeps Graph's own addresses, since it neither sends a token nor follows links over plain http. */
function graphClient(url: string, token: () => string): Client {
  const retry = new RetryHandler();
  retry.setNext(new OriginRewriter(url, token));
  return Client.initWithMiddleware({ middleware: retry });
}

/** The last of the chain: the token, and the sandbox's origin in place of Graph's. */
class OriginRewriter implements Middleware {
  readonly #wire = new HTTPMessageHandler();
  readonly #url: string;
  readonly #token: () => string;

  constructor(url: string, token: () => string) {
    this.#url = url;
    this.#token = token;
  }

  async execute(context: Context): Promise<void> {
    const headers = new Headers(context.options?.headers as Record<string, string>);
    headers.set("authorization", `Bearer ${this.#token()}`);
    const options = { ...context.options, headers };
    const inner: Context = { request: rewritten(String(context.request), this.#url), options };
    await this.#wire.execute(inner);
    if (inner.response !== undefined) context.response = inner.response;
  }
}

function rewritten(link: string, url: string): string {
  return link.replace("https://graph.microsoft.com", `${url}/graph`);
}

/** Status and code of a refused call of the client library. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    const { statusCode, code } = error as { statusCode?: number; code?: string };
    return `${statusCode} ${code}`;
  }
  return "answered";
}
