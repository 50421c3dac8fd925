import { GoogleAuth, PassThroughClient } from "google-auth-library";

/** One of Google's APIs over REST, called as this instance's service account. */
export interface GoogleApi {
  /**
   * Status and body of one call, whatever the status. Rejects where no answer came in time, or no token was to be had; `code`
   * is then 0.
   */
  call(method: "GET" | "POST", path: string, body?: object): Promise<ApiAnswer>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface GoogleApiOptions {
  /** `https://pubsub.googleapis.com`, without a trailing slash. */
  readonly root: string;
  /** An emulator takes no token. */
  readonly anonymous?: boolean;
  /** One call may take this long, its answer's body included. */
  readonly timeoutMs: number;
}

const SCOPE = "https://www.googleapis.com/auth/cloud-platform";

/** The API at an address. Nothing is asked before the first call. */
export function openGoogleApi({ root, anonymous = false, timeoutMs }: GoogleApiOptions): GoogleApi {
  const auth = new GoogleAuth({ scopes: [SCOPE], ...(anonymous && { authClient: new PassThroughClient() }) });
  return {
    async call(method, path, body) {
      const client = await auth.getClient();
      const { status, data } = await client.request({
        url: `${root}${path}`,
        method,
        timeout: timeoutMs,
        responseType: "json",
        // Tries are the caller's: some calls must not be repeated blindly.
        retryConfig: { retry: 0, noResponseRetries: 0 },
        validateStatus: () => true,
        ...(body !== undefined && { data: body }),
      });
      return { status, body: data };
    },
  };
}
