import { LockstepError } from "../errors.ts";
import type { DocumentRef, Stored } from "../ports/store.ts";
import { TOPIC as CALENDAR_TOUCHED } from "../topics/calendar-touched.ts";
import { TOPIC as OBSERVATIONS } from "../topics/observations.ts";
import { documentId } from "./document-id.ts";
import { DEAD_LETTERS, type DeadLetter } from "./keep-dead-letter.ts";
import { closeAlert } from "./review.ts";
import type { World } from "./world.ts";

/** Where a subscription's messages are published: there a letter goes again. */
const TOPICS: ReadonlyMap<string, string> = new Map([
  ["sync", OBSERVATIONS],
  ["calendar-pull", CALENDAR_TOUCHED],
  ["booking-inbox", "booking-inbox"],
]);

/** Letters of one call; what is left comes with the next (law 12). */
const MAX_LETTERS = 100;

export interface ReplayedAll {
  readonly replayed: number;
  /** Letters that cannot be published again, each with its reason; they stay. */
  readonly refused: readonly { readonly messageId: string; readonly reason: string }[];
  /** There may be more. */
  readonly more: boolean;
}

/**
 * Publishes a letter's message again, then notes that. Whoever dies in between leaves it to be replayed twice, which
 * does nothing twice. Throws NOT_FOUND; INVALID_STATE where it was decided before, or cannot be published any more.
 */
export async function replayLetter(world: World, ws: string, messageId: string, actor: string): Promise<DeadLetter> {
  const stored = await loadKept(world, ws, messageId);
  const topic = topicOf(stored.data);
  const { data, attributes, orderingKey } = stored.data;
  const ours = Object.entries(attributes).filter(([name]) => !name.startsWith("CloudPubSubDeadLetter"));
  const message = { data, attributes: Object.fromEntries(ours), ...(orderingKey !== null && { orderingKey }) };
  await world.publisher.publish(topic, [message]);
  return decide(world, ws, stored, { status: "replayed", decidedBy: actor });
}

/** Replays every letter that is kept, the oldest ids first. */
export async function replayAll(world: World, ws: string, actor: string): Promise<ReplayedAll> {
  const kept = await world.store(ws).query<DeadLetter>({
    collection: DEAD_LETTERS,
    where: [{ field: "status", op: "==", value: "kept" }],
    limit: MAX_LETTERS,
  });
  const refused: { messageId: string; reason: string }[] = [];
  for (const { data } of kept) {
    try {
      await replayLetter(world, ws, data.messageId, actor);
    } catch (error) {
      if (!(error instanceof LockstepError) || error.code !== "INVALID_STATE") throw error;
      refused.push({ messageId: data.messageId, reason: error.message });
    }
  }
  return { replayed: kept.length - refused.length, refused, more: kept.length === MAX_LETTERS };
}

/** Nobody needs the message any more, and why. Throws as `replayLetter`. */
export async function dropLetter(
  world: World,
  ws: string,
  messageId: string,
  by: { readonly actor: string; readonly reason: string },
): Promise<DeadLetter> {
  const stored = await loadKept(world, ws, messageId);
  return decide(world, ws, stored, { status: "dropped", decidedBy: by.actor, dropReason: by.reason });
}

async function loadKept(world: World, ws: string, messageId: string): Promise<Stored<DeadLetter>> {
  const ref: DocumentRef = { collection: DEAD_LETTERS, id: documentId(messageId) };
  const stored = await world.store(ws).get<DeadLetter>(ref);
  if (stored === undefined) throw new LockstepError("NOT_FOUND", { detail: "This workspace has no such dead letter." });
  if (stored.data.status !== "kept") {
    throw new LockstepError("INVALID_STATE", { detail: `The letter is ${stored.data.status} already.` });
  }
  return stored;
}

function topicOf({ cut, encoding, subscription }: DeadLetter): string {
  const topic = TOPICS.get(subscription.split("/").at(-1) ?? "");
  if (cut === true) throw cannot("it was too large to be kept whole");
  if (encoding !== "text") throw cannot("its content is no text");
  if (topic === undefined) throw cannot(`nothing is known of a subscription ${subscription}`);
  return topic;
}

function cannot(why: string): LockstepError {
  return new LockstepError("INVALID_STATE", { detail: `The letter cannot be published again: ${why}.` });
}

async function decide(
  world: World,
  ws: string,
  stored: Stored<DeadLetter>,
  decision: Pick<DeadLetter, "status" | "decidedBy" | "dropReason">,
): Promise<DeadLetter> {
  const data: DeadLetter = { ...stored.data, ...decision, decidedAt: world.clock.now() };
  await world.store(ws).commit([{ kind: "put", ref: stored.ref, data, ifVersion: stored.version }]);
  await closeAlert(world.store(ws), "dead-letter", data.messageId);
  return data;
}
