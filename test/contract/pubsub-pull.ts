import { type Message, PubSub } from "@google-cloud/pubsub";
import { openPubsubPublisher } from "../../shared/cloud/pubsub-publisher.ts";
import { createSubscriptions } from "../../shared/cloud/pubsub-topology.ts";
import type { PushEnvelope } from "../../shared/ports/bus.ts";
import { contractSubscriptions, type Handler, type OpenBus } from "./bus.ts";
import { PROJECT } from "./emulated.ts";

const ACKNOWLEDGED: readonly number[] = [102, 200, 201, 202, 204];

/**
 * Ordered pull subscriptions, consumed as a push subscription would be: one message per key at a
 * time. A refused one is nacked, and what follows under its key is held until it has come again.
 */
export async function pubsubOverPull(handler: Handler): Promise<OpenBus> {
  const prefix = `pull-${Date.now().toString(36)}-`;
  const subscriptions = contractSubscriptions(prefix);
  await createSubscriptions({ projectId: PROJECT, subscriptions, endpoint: () => undefined });
  const pubsub = new PubSub({ projectId: PROJECT });
  const publisher = openPubsubPublisher(PROJECT);
  for (const { name, ordered } of subscriptions) {
    const lanes = new Map<string, Lane>();
    const subscription = pubsub.subscription(name);
    // The emulator ends the stream with UNKNOWN when it should forward a dead letter.
    subscription.on("error", () => {});
    subscription.on("message", (message) => {
      const key = ordered && message.orderingKey ? message.orderingKey : message.id;
      const lane = lanes.get(key) ?? { waiting: [], busy: false };
      lanes.set(key, lane);
      lane.waiting.push(message);
      void work(lane, (each) => handler(name, envelopeOf(each, name)));
    });
  }
  return {
    publisher,
    prefix,
    async close() {
      await publisher.close();
      await pubsub.close();
    },
  };
}

interface Lane {
  waiting: Message[];
  busy: boolean;
  /** Id of the refused message that has to come again before anything else. */
  refused?: string;
  givenUpAt?: NodeJS.Timeout;
}

async function work(lane: Lane, handle: (message: Message) => Promise<number>): Promise<void> {
  if (lane.busy) return;
  const at = lane.refused === undefined ? 0 : lane.waiting.findIndex(({ id }) => id === lane.refused);
  const [message] = at < 0 ? [] : lane.waiting.splice(at, 1);
  if (message === undefined) return;
  clearTimeout(lane.givenUpAt);
  delete lane.refused;
  lane.busy = true;
  const status = await handle(message);
  lane.busy = false;
  if (ACKNOWLEDGED.includes(status)) message.ack();
  else refuse(lane, message, () => void work(lane, handle));
  await work(lane, handle);
}

/** What has not come again for a second was given up by the bus: the key goes on. */
function refuse(lane: Lane, message: Message, goOn: () => void): void {
  lane.refused = message.id;
  lane.givenUpAt = setTimeout(() => {
    delete lane.refused;
    goOn();
  }, 1000);
  message.nack();
}

function envelopeOf(message: Message, subscription: string): PushEnvelope {
  const { deliveryAttempt, orderingKey } = message;
  return {
    message: {
      data: message.data.toString("base64"),
      attributes: message.attributes,
      messageId: message.id,
      publishTime: message.publishTime.toISOString(),
      ...(orderingKey ? { orderingKey } : {}),
    },
    subscription: `projects/${PROJECT}/subscriptions/${subscription}`,
    ...(deliveryAttempt ? { deliveryAttempt } : {}),
  };
}
