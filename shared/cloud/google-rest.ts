import { openAuthorize } from "./access-token.ts";
import { callJson, type JsonAnswer } from "./http-json.ts";

/** One of Google's APIs over REST, called as this instance's service account. */
export interface GoogleApi {
  /** Status and body of one call, whatever the status. Rejects where no answer came in time, or no token was to be had. */
  call(method: "GET" | "POST", path: string, body?: object): Promise<JsonAnswer>;
}

export interface GoogleApiOptions {
  /** `https://pubsub.googleapis.com`, without a trailing slash. */
  readonly root: string;
  /** An emulator takes no token. */
  readonly anonymous?: boolean;
  /** One call may take this long, its answer's body included. */
  readonly timeoutMs: number;
}

/** The API at an address. Nothing is asked before the first call. */
export function openGoogleApi({ root, anonymous = false, timeoutMs }: GoogleApiOptions): GoogleApi {
  const authorize = anonymous ? undefined : openAuthorize(process.env);
  return {
    async call(method, path, body) {
      const headers = authorize === undefined ? {} : { authorization: await authorize() };
      return callJson({ method, url: `${root}${path}`, headers, timeoutMs, ...(body !== undefined && { body }) });
    },
  };
}
