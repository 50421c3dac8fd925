import type { gmail_v1 } from "googleapis/build/src/apis/gmail/index.js";
import type { z } from "zod";
import { isError } from "../../errors.ts";
import type { Connection } from "../../ports/provider.ts";
import { plainFetch } from "../plain-fetch.ts";
import { openPause, retry } from "../retry.ts";
import type { Authorize } from "./access.ts";
import { brokenAnswer, type Call, readFailure, toError } from "./failures.ts";
import { openQuota } from "./quota.ts";
import type { Settings } from "./schema.ts";

/** What every request of the client library is given. */
interface RequestOptions {
  readonly headers: Record<string, string>;
  readonly rootUrl: string;
  readonly retry: false;
  readonly responseType: "json";
  readonly fetchImplementation: typeof fetch;
}

type Request = (api: gmail_v1.Gmail, options: RequestOptions) => Promise<{ readonly data: unknown }>;

export interface Client {
  /**
   * The answer's body as the schema reads it. Tries again where that helps: all that is asked here may be asked
   * twice. Throws what the port documents; NOT_FOUND for a 404.
   */
  call<T extends z.ZodType>(call: Call, schema: T, request: Request): Promise<z.output<T>>;
}

/** Google's client library, loaded with the first call. */
function loadLibrary() {
  return import("googleapis/build/src/apis/gmail/index.js");
}

export function openClient(
  { root, clock, settings, fetch: transport }: Connection<Settings>,
  authorize: Authorize,
): Client {
  const paused = openPause(clock, "Gmail");
  const spend = openQuota(clock, settings.unitsPerMinute);
  const options = {
    // Given with every call: with only the one at opening, the client drops a path in the root.
    rootUrl: root,
    retry: false,
    responseType: "json",
    fetchImplementation: plainFetch(transport),
  } as const;
  let opened: Promise<gmail_v1.Gmail> | undefined;
  const openApi = () => {
    opened ??= loadLibrary().then(({ gmail }) => gmail({ version: "v1", rootUrl: root }));
    return opened;
  };

  async function attempt(call: Call, request: Request, authorization: string): Promise<unknown> {
    const api = await openApi();
    spend(call.units);
    try {
      return (await request(api, { ...options, headers: { authorization } })).data;
    } catch (error) {
      throw toError(readFailure(error, clock), call);
    }
  }

  async function authorized(call: Call, request: Request): Promise<unknown> {
    const authorization = await authorize();
    try {
      return await attempt(call, request, authorization);
    } catch (error) {
      if (!isError(error, "PROVIDER_UNAUTHORIZED")) throw error;
      return await attempt(call, request, await authorize(authorization));
    }
  }

  return {
    async call(call, schema, request) {
      const data = await retry(clock, () => paused(() => authorized(call, request)));
      const read = schema.safeParse(data);
      if (!read.success) throw brokenAnswer(call.does);
      return read.data;
    },
  };
}
