import { isError, LockstepError } from "../../errors.ts";
import type { GrantKeeper, MailboxReader } from "../../ports/mailbox.ts";
import type { World } from "../world.ts";
import { type ConnectionDoc, grantSecret } from "./connection.ts";
import { takeLease } from "./lease.ts";

const HOLD_MS = 30_000;
const WAIT_MS = 250;
/** The other worker's renewal takes seconds at most; then its lease has run out. */
const MAX_WAITS = 60;

/** The mailbox behind a connection. Throws NEEDS_RECONNECT with its first call where no permission stands behind it. */
export function openMailbox(world: World, ws: string, connection: ConnectionDoc): MailboxReader {
  return world.mailboxes(ws).open(keeperOf(world, ws, connection));
}

/** The permission of a connection, in Secret Manager. Only one worker at a time renews it (S46). */
function keeperOf(world: World, ws: string, { id, grant }: ConnectionDoc): GrantKeeper {
  const name = grantSecret(id);
  return {
    id: `${ws}/${id}/${grant}`,
    async renew(use) {
      const lease = await waitForLease(world, ws, `grant~${id}`);
      try {
        const current = await currentToken(world, name);
        const { refreshToken, value } = await use(current);
        if (refreshToken !== undefined && refreshToken !== current) await world.secrets.write(name, refreshToken);
        return value;
      } finally {
        await lease.release();
      }
    },
  };
}

/** Past any cache: another instance may have got a new one a moment ago. */
async function currentToken(world: World, name: string): Promise<string> {
  try {
    const token = await world.secrets.read(name, { fresh: true });
    if (token !== "") return token;
  } catch (error) {
    if (!isError(error, "SECRET_MISSING")) throw error;
  }
  throw new LockstepError("NEEDS_RECONNECT", {
    detail: "No permission to read this mailbox is kept: connect it again.",
  });
}

async function waitForLease(world: World, ws: string, name: string) {
  for (let waits = 0; waits <= MAX_WAITS; waits++) {
    const lease = await takeLease(world, ws, name, HOLD_MS);
    if (lease !== undefined) return lease;
    await world.clock.sleep(WAIT_MS);
  }
  throw new LockstepError("PROVIDER_UNAVAILABLE", {
    detail: "Another worker renews this mailbox's permission too long.",
  });
}
