import { z } from "zod";

/**
 * Topic `mailbox-touched`: there may be new mail. Gmail publishes its own notice, an address and a number, without any
 * attribute or ordering key; we name a connection. Which comes when does not matter: each is a hint, and a lease in
 * the store lets one worker at a time read a connection.
 */
export const TOPIC = "mailbox-touched";

/** Gmail's own words (API_FACTS §2). Its number is not where to start: that is what was read last. */
const Notice = z
  .object({ emailAddress: z.string().min(1).max(320), historyId: z.union([z.number(), z.string()]) })
  .transform(({ emailAddress }) => ({ kind: "notice" as const, account: emailAddress.toLowerCase() }));

const Connection = z.object({
  kind: z.literal("connection"),
  ws: z.string(),
  connectionId: z.string(),
  /** `poll`: the floor under lost notices; `request`: a person asked; `more`: the last run left something. */
  via: z.enum(["poll", "request", "more"]),
});

export const MailboxTouched = z.union([Connection, Notice]);
export type MailboxTouched = z.infer<typeof MailboxTouched>;

/** The message to publish for one connection. */
export function messageOf(touched: Omit<z.infer<typeof Connection>, "kind">): {
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
} {
  const { ws, via } = touched;
  return { data: JSON.stringify({ kind: "connection", ...touched }), attributes: { ws, via } };
}
