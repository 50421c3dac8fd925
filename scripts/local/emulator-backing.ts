import { openFirestoreStores } from "../../shared/cloud/firestore-store.ts";
import { openPubsubPublisher } from "../../shared/cloud/pubsub-publisher.ts";
import { createSubscriptions } from "../../shared/cloud/pubsub-topology.ts";
import { LockstepError } from "../../shared/errors.ts";
import type { SubscriptionSpec } from "../../shared/ports/bus.ts";
import { type Emulators, startEmulators } from "../emulators.ts";
import type { BackingParts, LocalBacking } from "./local-backing.ts";
import { openPushRelay, type PushRelay } from "./push-relay.ts";

const PROJECT = "lockstep-local";
const DEADLINE_MS = 600_000;

/**
 * The cloud's own adapters on the official emulators, delivering by push. Emulators started here keep their
 * state in memory: a restart begins with empty maps and offers the marked events for adoption. Throws
 * CONFIG_INVALID where there are no emulators, with how to get them.
 */
export async function openEmulatorBacking({ subscriptions, calls }: BackingParts): Promise<LocalBacking> {
  const emulators = await findEmulators();
  // The client libraries look nowhere else.
  process.env.FIRESTORE_EMULATOR_HOST = emulators.firestoreHost;
  process.env.PUBSUB_EMULATOR_HOST = emulators.pubsubHost;
  const targets = subscriptions.map((spec) => spec.target);
  const relay = await openPushRelay(targets, (target, body) =>
    calls.post(target, body, AbortSignal.timeout(DEADLINE_MS)),
  );
  const stores = openFirestoreStores({ projectId: PROJECT });
  const publisher = openPubsubPublisher(PROJECT);
  return {
    stores,
    publisher,
    name: `emulators: Firestore ${emulators.firestoreHost}, Pub/Sub ${emulators.pubsubHost} (in memory)`,
    start: () => subscribe(emulators.pubsubHost, subscriptions, relay),
    stop: () => relay.close(),
    async close() {
      await publisher.close();
      await stores.close();
      await emulators.stop();
    },
  };
}

async function findEmulators(): Promise<Extract<Emulators, { kind: "running" }>> {
  const emulators = await startEmulators();
  if (emulators.kind === "running") return emulators;
  throw new LockstepError("CONFIG_INVALID", {
    detail: `--emulators: ${emulators.reason}. Install the gcloud SDK with its emulators, or start them elsewhere and name them in FIRESTORE_EMULATOR_HOST and PUBSUB_EMULATOR_HOST.`,
  });
}

/** Creates what is missing; subscriptions of an earlier run, in emulators that outlived it, are pointed here. */
async function subscribe(host: string, subscriptions: readonly SubscriptionSpec[], relay: PushRelay): Promise<void> {
  await createSubscriptions({ projectId: PROJECT, subscriptions, endpoint: (spec) => relay.endpoint(spec.target) });
  await Promise.all(subscriptions.map((spec) => pointTo(host, spec.name, relay.endpoint(spec.target))));
}

async function pointTo(host: string, subscription: string, pushEndpoint: string): Promise<void> {
  const url = `http://${host}/v1/projects/${PROJECT}/subscriptions/${subscription}:modifyPushConfig`;
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ pushConfig: { pushEndpoint } }),
  });
  if (!answer.ok) {
    throw new LockstepError("CONFIG_INVALID", {
      detail: `The Pub/Sub emulator refused ${subscription} (${answer.status}).`,
    });
  }
}
