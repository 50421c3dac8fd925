import { expect, test } from "vitest";
import { type BusBacking, notModelledBy, testBusContract } from "./bus.ts";
import { onEmulators } from "./emulated.ts";
import { pubsubOverPull } from "./pubsub-pull.ts";
import { pubsubOverPush } from "./pubsub-push.ts";

/**
 * Pub/Sub is its official emulator here. What it does not model is proven on the embedded bus and
 * read in Google's documentation (API_FACTS §4); OIDC and filters are no part of this contract.
 */
const overPull: BusBacking = {
  name: "Pub/Sub, pulled",
  notModelled: {
    status: "a pull subscription has no HTTP status",
    death: "the emulator fails the next stream where a consumer was killed",
    backoff: "the emulator ignores the retry policy: it delivers again at once",
    "dead-letter": "the emulator gives up after n attempts, but forwards nothing and ends the stream",
  },
  open: pubsubOverPull,
};

const overPush: BusBacking = {
  name: "Pub/Sub, pushed",
  notModelled: {
    "status-202": "the emulator takes 202 as a refusal",
    attempt: "the emulator's push envelope has no deliveryAttempt",
    "attempt-limit": "the emulator's push delivers for ever",
    key: "the emulator's push envelope has no orderingKey",
    backoff: "the emulator pauses one second between attempts, whatever the retry policy says",
    "dead-letter": "the emulator's push delivers for ever",
  },
  open: pubsubOverPush,
};

test("what the Pub/Sub emulator leaves unproven has not grown", () => {
  const unproven = (backing: BusBacking) => Object.keys(backing.notModelled).toSorted();

  expect(unproven(overPull)).toEqual(["backoff", "dead-letter", "death", "status"]);
  expect(unproven(overPush)).toEqual(["attempt", "attempt-limit", "backoff", "dead-letter", "key", "status-202"]);
  expect([...notModelledBy(overPull), ...notModelledBy(overPush)]).toHaveLength(10);
});

await onEmulators("message bus on Pub/Sub", () => {
  testBusContract(overPull);
  testBusContract(overPush);
});
