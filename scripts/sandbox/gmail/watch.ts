import { isRecord, json, noContent, parseJson, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { invalid } from "./errors.ts";
import { openAccount } from "./mailbox.ts";
import { publishNotice } from "./notices.ts";
import { watchesOf } from "./shelves.ts";

const LIFE_MS = 7 * 86_400_000;
const TOPIC = /^projects\/[\w.:-]+\/topics\/[A-Za-z][\w.~+%-]{2,254}$/;

/** `users.watch`: one per user, the newest counts; a first notice leaves at once. */
export function watchMailbox(call: Call, email: string): Reply {
  const { world } = call;
  const sent = parseJson(call.request.body);
  const { topicName, labelIds = [] } = isRecord(sent) ? sent : {};
  if (typeof topicName !== "string" || !TOPIC.test(topicName)) return invalid("Invalid topicName.");
  if (!Array.isArray(labelIds)) return invalid("Invalid labelIds.");
  const expiresMs = world.now() + LIFE_MS;
  const labels = labelIds.map(String);
  watchesOf(world).put("watches", email, { email, topicName, labelIds: labels, expiresMs, silent: false, lastMs: 0 });
  publishNotice(call, email, labels);
  return json(200, { historyId: String(openAccount(world, email).historyId), expiration: String(expiresMs) });
}

/** `users.stop`. */
export function stopWatch(call: Call, email: string): Reply {
  watchesOf(call.world).remove("watches", email);
  return noContent();
}
