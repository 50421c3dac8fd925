import type { Push } from "../../shared/embedded/sqlite-bus.ts";
import type { Issuer } from "./issuer.ts";
import type { Job } from "./scheduler.ts";

/** How bus and scheduler call functions here: over HTTP through the gateway, with the local issuer's token. */
export interface LocalCalls {
  /** Answers the status. */
  post(target: string, body: string, signal: AbortSignal): Promise<number>;
  readonly push: Push;
  readonly call: (job: Job, signal: AbortSignal) => Promise<number>;
}

/** `url` is the gateway's. */
export function localCalls(url: string, issuer: Pick<Issuer, "authorization">): LocalCalls {
  const post = async (target: string, body: string, signal: AbortSignal): Promise<number> => {
    const answer = await fetch(`${url}/${target}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: await issuer.authorization() },
      body,
      signal,
    });
    await answer.body?.cancel();
    return answer.status;
  };
  return {
    post,
    push: async (subscription, envelope, signal) => ({
      status: await post(subscription.target, JSON.stringify(envelope), signal),
    }),
    call: (job, signal) => post(job.target, job.body ?? "{}", signal),
  };
}
