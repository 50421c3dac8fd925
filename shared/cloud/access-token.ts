import { z } from "zod";
import { LockstepError } from "../errors.ts";
import { callJson } from "./http-json.ts";

/** Gives the `Authorization` header of this instance's own account; the token is kept until shortly before its end. */
export type Authorize = () => Promise<string>;

const CALL_MS = 5_000;
/** The metadata server itself makes a new token five minutes before the end; sooner it answers the old one. */
const BEFORE_END_MS = 240_000;
const PATH = "/computeMetadata/v1/instance/service-accounts/default/token";

const Token = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/**
 * On Cloud Run the metadata server is asked, by one plain call. Elsewhere (a person's own machine) Google's library looks for
 * credentials; it is loaded only there. Rejects with STORE_UNAVAILABLE where no token is to be had.
 */
export function openAuthorize(environment: NodeJS.ProcessEnv): Authorize {
  const host = environment.GCE_METADATA_HOST ?? (environment.K_SERVICE && "metadata.google.internal");
  return host ? fromMetadata(host) : fromLibrary();
}

function fromMetadata(host: string): Authorize {
  let kept: { readonly header: string; readonly until: number } | undefined;
  let asked: Promise<string> | undefined;
  const ask = async () => {
    const { header, seconds } = await tokenOf(host);
    kept = { header, until: Date.now() + seconds * 1000 - BEFORE_END_MS };
    return header;
  };
  return () => {
    if (kept !== undefined && Date.now() < kept.until) return Promise.resolve(kept.header);
    asked ??= ask().finally(() => {
      asked = undefined;
    });
    return asked;
  };
}

async function tokenOf(host: string): Promise<{ readonly header: string; readonly seconds: number }> {
  const headers = { "metadata-flavor": "Google" };
  const call = { method: "GET", url: `http://${host}${PATH}`, headers, timeoutMs: CALL_MS } as const;
  const answer = await callJson(call).catch(() => undefined);
  const token = Token.safeParse(answer?.body);
  if (answer?.status === 200 && token.success) {
    return { header: `Bearer ${token.data.access_token}`, seconds: token.data.expires_in };
  }
  throw new LockstepError("STORE_UNAVAILABLE", { detail: "The metadata server gave no token." });
}

function fromLibrary(): Authorize {
  const scopes = ["https://www.googleapis.com/auth/cloud-platform"];
  const opened = import("google-auth-library").then(({ GoogleAuth }) => new GoogleAuth({ scopes }));
  opened.catch(() => {});
  return async () => {
    try {
      return (await (await opened).getRequestHeaders()).get("authorization") ?? "";
    } catch (cause) {
      const detail = "There are no Google credentials here: gcloud auth application-default login.";
      throw new LockstepError("STORE_UNAVAILABLE", { detail, cause });
    }
  };
}
