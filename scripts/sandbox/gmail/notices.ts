import { postNotice } from "../outbox.ts";
import type { Call } from "../world.ts";
import { accountsOf, watchesOf } from "./shelves.ts";

/** Publishes to the watch's topic as Gmail does: an address and a number, nothing of the mail. */
export function publishNotice(call: Call, email: string, touched: readonly string[]): void {
  const { world } = call;
  const watch = watchesOf(world).get("watches", email);
  const root = world.options().gmailPubsub;
  if (watch === undefined || watch.silent || watch.expiresMs <= world.now() || root === null) return;
  if (watch.labelIds.length > 0 && !watch.labelIds.some((id) => touched.includes(id))) return;
  if (world.now() - watch.lastMs < world.options().gmailNoticeMs) return;
  watchesOf(world).put("watches", email, { ...watch, lastMs: world.now() });
  const historyId = accountsOf(world).get("accounts", email)?.historyId ?? 0;
  const data = Buffer.from(JSON.stringify({ emailAddress: email, historyId })).toString("base64");
  postNotice(call, {
    from: "gmail",
    receiver: `gmail ${email}`,
    url: `${root}/v1/${watch.topicName}:publish`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ messages: [{ data }] }),
  });
}
