import type { World } from "../world.ts";
import { accountsOf, grantsOf, labelsOf, messagesOf, watchesOf } from "./shelves.ts";

/** Every mailbox but what the mails say, and how many live grants there are, without their tokens. */
export function showGmail(world: World): Record<string, unknown> {
  const accounts = accountsOf(world)
    .all("accounts")
    .map((account) => ({
      ...account,
      labels: labelsOf(world).all(account.email),
      messages: messagesOf(world)
        .all(account.email)
        .map(({ raw: _, ...message }) => message),
      grants: grantsOf(world)
        .all("grants")
        .filter(({ email, revoked }) => email === account.email && !revoked).length,
    }));
  return { accounts, watches: watchesOf(world).all("watches") };
}
