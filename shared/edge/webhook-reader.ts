import type { AccountConfig } from "../config.ts";
import { LockstepError } from "../errors.ts";
import type { Provider, WebhookReader } from "../ports/provider.ts";

/** How a source's webhook reads. Throws NOT_FOUND where its provider has none. */
export function webhookReaderOf(
  providers: Readonly<Record<string, Provider>>,
  account: AccountConfig,
  source: string,
): WebhookReader {
  const provider = Object.hasOwn(providers, account.provider) ? providers[account.provider] : undefined;
  if (provider?.kind !== "source" || provider.webhook === undefined) {
    throw new LockstepError("NOT_FOUND", { detail: `The source ${source} takes no webhooks.` });
  }
  return provider.webhook;
}
