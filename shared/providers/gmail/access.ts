import type { Clock } from "../../ports/clock.ts";
import type { GrantKeeper } from "../../ports/mailbox.ts";
import { later } from "../../sync/time.ts";
import type { SignIn } from "./sign-in.ts";

/** A token is renewed this long before it ends, so that none ends on its way. */
const MARGIN_MS = 60_000;

/** Gives the `Authorization` header; `refused` is the one that Google did not take. */
export type Authorize = (refused?: string) => Promise<string>;

/** The access token of one permission, kept in memory; calls that need a new one at once share its renewal (S46). */
export function openAccess(signIn: SignIn, grant: GrantKeeper, clock: Clock): Authorize {
  let held: { readonly header: string; readonly until: string } | undefined;
  let renewal: Promise<string> | undefined;

  async function renew(): Promise<string> {
    const token = await grant.renew(async (refreshToken) => {
      const { refresh_token: next, ...value } = await signIn.refresh(refreshToken);
      return { value, ...(next === undefined ? {} : { refreshToken: next }) };
    });
    held = {
      header: `Bearer ${token.access_token}`,
      until: later(clock.now(), token.expires_in * 1000 - MARGIN_MS),
    };
    return held.header;
  }

  return async (refused) => {
    if (held !== undefined && held.header !== refused && clock.now() < held.until) return held.header;
    renewal ??= renew().finally(() => {
      renewal = undefined;
    });
    return renewal;
  };
}
