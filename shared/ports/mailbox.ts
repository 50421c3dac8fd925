import type { Instant } from "../sync/time.ts";

/**
 * A mailbox of somebody's, read with their permission. Every call may throw PROVIDER_UNAVAILABLE,
 * PROVIDER_RATE_LIMITED (with `retryAfterMs`: also before the provider says so, as its quota is known),
 * PROVIDER_UNAUTHORIZED, PROVIDER_FORBIDDEN, and NEEDS_RECONNECT where the permission is gone.
 */
export interface MailboxReader {
  /** Every label the account has, by its stable id and its present name. */
  labels(): Promise<readonly MailLabel[]>;
  /** Whose mailbox it is, and where its history stands now: the point to go on from after a full listing. */
  position(): Promise<{ readonly account: string; readonly cursor: string }>;
  /** Messages that carry the label, newest first, a page at a time. */
  list(query: { readonly labelId: string; readonly page?: string }): Promise<MailPage>;
  /**
   * Messages that came to carry the label since `cursor`: delivered with it, or given it later. The last page says
   * where to go on from. Throws CURSOR_EXPIRED where that is too long ago: list again.
   */
  changes(query: {
    readonly labelId: string;
    readonly cursor: string;
    readonly page?: string;
  }): Promise<MailPage & { readonly cursor?: string }>;
  /** The message as it is; undefined where it is gone, which listed ones may be. */
  read(id: string): Promise<RawMail | undefined>;
  /** Has changes of these labels told on the bus; replaces an earlier order, of which an account has one. Throws WATCH_REFUSED. */
  watch(labelIds: readonly string[]): Promise<{ readonly expiresAt: Instant }>;
}

export interface MailLabel {
  readonly id: string;
  readonly name: string;
}

export interface MailPage {
  readonly ids: readonly string[];
  /** Set on every page but the last. */
  readonly nextPage?: string;
}

export interface RawMail {
  readonly id: string;
  readonly threadId: string;
  readonly labelIds: readonly string[];
  /** By the provider's clock: what the mail's own `Date` says may be anything. */
  readonly receivedAt: Instant;
  readonly raw: Uint8Array;
}

/** Getting, and giving back, somebody's permission. */
export interface MailboxSignIn {
  /** Where the person's browser is sent. `challenge` is the S256 of a verifier that only that browser has. */
  address(request: { readonly state: string; readonly challenge: string; readonly redirectUri: string }): string;
  /** The refresh token for a code. Throws NEEDS_RECONNECT where the code is spent, too old or somebody else's. */
  exchange(answer: {
    readonly code: string;
    readonly verifier: string;
    readonly redirectUri: string;
  }): Promise<{ readonly refreshToken: string }>;
  /** Ends a permission at the provider; success also where it has ended. */
  revoke(refreshToken: string): Promise<void>;
}

/** The permission that stands behind a mailbox, kept outside of the provider. */
export interface GrantKeeper {
  /** Names this very permission: a new one is another mailbox. */
  readonly id: string;
  /**
   * Gives `use` the newest refresh token while nobody else has it, and keeps the one it answers, where the provider
   * gave another (S46). Throws NEEDS_RECONNECT where there is none, PROVIDER_UNAVAILABLE where somebody has it too long.
   */
  renew<T>(use: (refreshToken: string) => Promise<{ readonly refreshToken?: string; readonly value: T }>): Promise<T>;
}

/** What a provider of mailboxes does for a workspace. */
export interface Mailboxes extends MailboxSignIn {
  open(grant: GrantKeeper): MailboxReader;
}
