import { PubSub, type Topic } from "@google-cloud/pubsub";
import { LockstepError } from "../errors.ts";
import type { OutgoingMessage, Publisher } from "../ports/bus.ts";
import { checkMessages } from "../ports/bus-checks.ts";

/** The client would try for a minute; whoever publishes has to answer its own caller before that. */
const TIMEOUT_MS = 15_000;

/** A publisher on Pub/Sub, or on its emulator where PUBSUB_EMULATOR_HOST is set. */
export function openPubsubPublisher(projectId: string): Publisher {
  const pubsub = new PubSub({ projectId });
  const topics = new Map<string, Topic>();
  const topicOf = (name: string): Topic => {
    // Without batching a message leaves at once instead of after the client's 10 ms (TOOLCHAIN).
    const batching = { maxMessages: 1, maxMilliseconds: 0 };
    const options = { batching, messageOrdering: true, gaxOpts: { timeout: TIMEOUT_MS } };
    const topic = topics.get(name) ?? pubsub.topic(name, options);
    topics.set(name, topic);
    return topic;
  };
  return {
    async publish(name, messages) {
      checkMessages(messages);
      const topic = topicOf(name);
      const sent = await Promise.allSettled(messages.map((message) => send(topic, message)));
      const failed = sent.find((each) => each.status === "rejected");
      if (failed === undefined) return;
      resume(topic, messages);
      throw new LockstepError("BUS_UNAVAILABLE", { detail: `Pub/Sub did not take ${name}.`, cause: failed.reason });
    },
    async close() {
      await Promise.all([...topics.values()].map((topic) => topic.flush()));
      await pubsub.close();
    },
  };
}

function send(topic: Topic, { data, attributes, orderingKey }: OutgoingMessage): Promise<string> {
  const message = { data: Buffer.from(data), attributes: { ...attributes } };
  return topic.publishMessage(orderingKey === undefined ? message : { ...message, orderingKey });
}

/** After an error the client refuses a key until told to go on; publishing again is the caller's to decide. */
function resume(topic: Topic, messages: readonly OutgoingMessage[]): void {
  for (const key of new Set(messages.flatMap(({ orderingKey }) => orderingKey ?? []))) topic.resumePublishing(key);
}
