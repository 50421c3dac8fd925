import { type ErrorCode, LockstepError } from "../../errors.ts";
import type { MailboxReader } from "../../ports/mailbox.ts";
import type { Client } from "./client.ts";
import type { Failure } from "./failures.ts";
import { type Settings, Watching } from "./schema.ts";

/** Lasts seven days; asking again replaces it (API_FACTS §2). */
export function openWatcher(client: Client, { topic }: Settings): Pick<MailboxReader, "watch"> {
  return {
    async watch(labelIds) {
      if (topic === undefined) {
        throw new LockstepError("WATCH_REFUSED", {
          detail: "Gmail: no topic is configured, so new mail is polled for.",
        });
      }
      const requestBody = { topicName: topic, labelIds: [...labelIds], labelFilterBehavior: "INCLUDE" };
      const call = { does: "asking for notices", units: 100, means: refusal };
      const { expiration } = await client.call(call, Watching, (api, options) =>
        api.users.watch({ userId: "me", requestBody }, options),
      );
      return { expiresAt: new Date(expiration).toISOString() };
    },
  };
}

/** Gmail may not publish there: the topic is another project's, or its right is missing. */
function refusal({ status, reason }: Failure): ErrorCode | undefined {
  return status === 400 || (status === 403 && reason === "forbidden") ? "WATCH_REFUSED" : undefined;
}
