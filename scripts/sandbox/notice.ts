/**
 * Notifications that are still to be delivered: channel messages, webhooks.
 *
 *   change ──▶ post (in the same commit) ──▶ due ──▶ attempt ──▶ delivered
 *                 lost, doubled, late           ▲        └── refused: later again, or given up
 */
export interface PendingNotice {
  readonly id: string;
  /** The simulated API that sends it. */
  readonly from: string;
  /** Messages to one receiver leave one after another. */
  readonly receiver: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly dueMs: number;
  readonly attempts: number;
}

export type NewNotice = Pick<PendingNotice, "from" | "receiver" | "url" | "headers" | "body">;
