import { type CreateSubscriptionOptions, PubSub } from "@google-cloud/pubsub";
import type { SubscriptionSpec } from "../ports/bus.ts";

export interface Topology {
  readonly projectId: string;
  readonly subscriptions: readonly SubscriptionSpec[];
  /** Where a subscription's messages are POSTed; undefined makes it a pull subscription. */
  readonly endpoint: (spec: SubscriptionSpec) => string | undefined;
}

/**
 * Creates the topics and subscriptions that do not exist yet, as `function.yaml` declares them; what
 * exists is left as it is. For the emulator: in the cloud, deployment does it (with OIDC and IAM).
 */
export async function createSubscriptions({ projectId, subscriptions, endpoint }: Topology): Promise<void> {
  const pubsub = new PubSub({ projectId });
  const topics = new Set(subscriptions.flatMap(({ topic, deadLetterTopic }) => [topic, deadLetterTopic ?? topic]));
  await Promise.all([...topics].map((topic) => unlessThere(pubsub.createTopic(topic))));
  const create = (spec: SubscriptionSpec) =>
    unlessThere(pubsub.topic(spec.topic).createSubscription(spec.name, optionsOf(spec, projectId, endpoint(spec))));
  await Promise.all(subscriptions.map(create));
  await pubsub.close();
}

function optionsOf(spec: SubscriptionSpec, projectId: string, pushEndpoint?: string): CreateSubscriptionOptions {
  const { deadLetterTopic, maxDeliveryAttempts } = spec;
  return {
    ackDeadlineSeconds: Math.ceil(spec.ackDeadlineMs / 1000),
    enableMessageOrdering: spec.ordered,
    retryPolicy: { minimumBackoff: durationOf(spec.minBackoffMs), maximumBackoff: durationOf(spec.maxBackoffMs) },
    // Never: a subscription that idles for 31 days would be deleted otherwise (API_FACTS §4).
    expirationPolicy: {},
    ...(pushEndpoint === undefined ? {} : { pushConfig: { pushEndpoint } }),
    ...(deadLetterTopic === undefined
      ? {}
      : {
          deadLetterPolicy: {
            deadLetterTopic: `projects/${projectId}/topics/${deadLetterTopic}`,
            maxDeliveryAttempts,
          },
        }),
  };
}

function durationOf(ms: number): { seconds: number; nanos: number } {
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000 };
}

const ALREADY_EXISTS = 6;

async function unlessThere(creation: Promise<unknown>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === ALREADY_EXISTS)) throw error;
  }
}
