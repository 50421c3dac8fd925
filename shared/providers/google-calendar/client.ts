import type { calendar_v3 } from "googleapis/build/src/apis/calendar/index.js";
import { isError } from "../../errors.ts";
import type { Connection } from "../../ports/provider.ts";
import { plainFetch } from "../plain-fetch.ts";
import { openPause, retry } from "../retry.ts";
import { openAuth } from "./auth.ts";
import { type Call, readFailure, toError } from "./failures.ts";
import type { Settings } from "./schema.ts";

/** What every request of the client library is given. */
interface RequestOptions {
  readonly headers: Record<string, string>;
  readonly rootUrl: string;
  readonly retry: false;
  readonly responseType: "json";
  readonly fetchImplementation: typeof fetch;
}

type Request = (api: calendar_v3.Calendar, options: RequestOptions) => Promise<{ readonly data: unknown }>;

export interface Client {
  /**
   * The answer's body, not yet checked. Tries again where that helps, on every method: inserts carry
   * their own id, changes an etag, so a repetition takes effect once. Throws what the port documents.
   */
  call(call: Call, request: Request, headers?: Readonly<Record<string, string>>): Promise<unknown>;
}

/** Google's client library, loaded with the first call: a webhook that never asks Google starts without it. */
export function loadLibrary() {
  return import("googleapis/build/src/apis/calendar/index.js");
}

/** Throws CONFIG_INVALID where no credentials are named for the real Google. */
export function openClient(connection: Connection<Settings>): Client {
  const { root, clock } = connection;
  const authorize = openAuth(connection);
  const paused = openPause(clock, "Google Calendar");
  const options = {
    // Given here as well as above: with only the one above, the client drops a path in the root.
    rootUrl: root,
    retry: false,
    responseType: "json",
    fetchImplementation: plainFetch(connection.fetch),
  } as const;

  let opened: Promise<calendar_v3.Calendar> | undefined;
  const openApi = () => {
    opened ??= loadLibrary().then(({ calendar }) => calendar({ version: "v3", rootUrl: root }));
    return opened;
  };

  async function attempt(fresh: boolean, call: Call, request: Request, headers: Readonly<Record<string, string>>) {
    const api = await openApi();
    const authorization = await authorize(fresh);
    try {
      return (await request(api, { ...options, headers: { ...headers, authorization } })).data;
    } catch (error) {
      throw toError(readFailure(error, clock), call);
    }
  }

  return {
    call: (call, request, headers = {}) =>
      retry(clock, () =>
        paused(async () => {
          try {
            return await attempt(false, call, request, headers);
          } catch (error) {
            if (!isError(error, "PROVIDER_UNAUTHORIZED")) throw error;
            return await attempt(true, call, request, headers);
          }
        }),
      ),
  };
}
