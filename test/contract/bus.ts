import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OutgoingMessage, Publisher, PushEnvelope, SubscriptionSpec } from "../../shared/ports/bus.ts";

/** One delivery, answered with an HTTP status; a rejection is a function that dies without an answer. */
export type Handler = (subscription: string, envelope: PushEnvelope) => Promise<number>;

/** What a backing may be unable to show; the cases that need it are then left out, and that is printed. */
export type Feature =
  | "status" // which HTTP statuses acknowledge
  | "status-202" // that 202 is one of them
  | "attempt" // deliveryAttempt in the envelope
  | "attempt-limit" // no further delivery after n attempts
  | "death" // a consumer that ends without an answer
  | "key" // orderingKey in the envelope
  | "order" // one at a time per key, in order
  | "order-under-failure" // what follows a refused message of the same key waits
  | "backoff" // growing pauses between attempts
  | "dead-letter"; // forwarding after n attempts, with the attributes Pub/Sub adds

export interface BusBacking {
  readonly name: string;
  /** Each with the reason, in the words that are printed. */
  readonly notModelled: Partial<Record<Feature, string>>;
  /** Prepares what all cases share; `close` is called once at the end. */
  open(handler: Handler): Promise<OpenBus>;
}

export interface OpenBus {
  readonly publisher: Publisher;
  /** Topics `{prefix}work`, `{prefix}dead`; subscriptions as in `contractSubscriptions`. */
  readonly prefix: string;
  close(): Promise<void>;
}

/** Two subscriptions of one topic, one ordered with a dead-letter topic, and the one that takes its letters. */
export function contractSubscriptions(prefix: string): SubscriptionSpec[] {
  const common = {
    target: "none",
    minBackoffMs: 100,
    maxBackoffMs: 1000,
    ackDeadlineMs: 10_000,
    maxDeliveryAttempts: 5,
  };
  const deadLetterTopic = `${prefix}dead`;
  return [
    { ...common, name: `${prefix}sync`, topic: `${prefix}work`, ordered: true, deadLetterTopic },
    { ...common, name: `${prefix}copy`, topic: `${prefix}work`, ordered: true },
    { ...common, name: `${prefix}letters`, topic: deadLetterTopic, ordered: false },
  ];
}

interface Seen {
  readonly subscription: string;
  readonly text: string;
  readonly envelope: PushEnvelope;
  readonly at: number;
}

/** A case's own view: it tells its messages from others' by a prefix of their text and key. */
interface Bench {
  readonly bus: () => OpenBus;
  readonly seen: Seen[];
  /** Answers by the case's own rule; 204 where there is none. */
  rules: Map<string, (delivery: Seen) => number | Promise<number>>;
}

let cases = 0;

/** The contract of `shared/ports/bus.ts`; every backing passes what it models. */
export function testBusContract(backing: BusBacking): void {
  describe(`message bus on ${backing.name}`, () => {
    let open: OpenBus;
    const bench: Bench = { bus: () => open, seen: [], rules: new Map() };
    beforeAll(async () => {
      open = await backing.open((subscription, envelope) => handle(bench, subscription, envelope));
    }, 60_000);
    afterAll(() => open.close());

    for (const line of notModelledBy(backing)) process.stderr.write(`   not modelled: ${line}\n`);
    const without: Without = (feature) => (backing.notModelled[feature] === undefined ? test : leaveOut);
    testDelivery(bench, without);
    testOrder(bench, without);
    testRetry(bench, without);
    testRefusals(bench);
    testDeadLetter(bench, without);
  });
}

/** What a backing leaves unproven, one line each. */
export function notModelledBy({ name, notModelled }: BusBacking): string[] {
  return Object.entries(notModelled).map(([feature, reason]) => `${name}: ${feature} (${reason})`);
}

type Register = (name: string, run: () => Promise<void>, timeoutMs?: number) => void;
type Without = (feature: Feature) => Register;
const leaveOut: Register = () => {};

function testDelivery(bench: Bench, without: Without): void {
  test("brings each message to each subscription of its topic, in Google's envelope", async () => {
    const { id, publish, deliveries } = startCase(bench);
    await publish([{ data: `${id} hällo`, attributes: { kind: "poll", ws: "loft" } }]);

    await eventually(() => expect(deliveries("sync").concat(deliveries("copy"))).toHaveLength(2));

    const [{ envelope } = none()] = deliveries("sync");
    expect(Buffer.from(envelope.message.data ?? "", "base64").toString()).toBe(`${id} hällo`);
    expect(envelope.message.attributes).toEqual({ kind: "poll", ws: "loft" });
    expect(envelope.message.messageId).toMatch(/^\d+$/);
    expect(Math.abs(Date.parse(envelope.message.publishTime) - Date.now())).toBeLessThan(60_000);
    expect(envelope.subscription).toMatch(/^projects\/[a-z0-9-]+\/subscriptions\/.*sync$/);
  });

  without("key")("carries the ordering key", async () => {
    const { id, publish, deliveries } = startCase(bench);
    await publish([{ data: `${id} 1`, attributes: {}, orderingKey: `${id}/bay-1` }]);

    await eventually(() => expect(deliveries("sync")).toHaveLength(1));

    expect(deliveries("sync")[0]?.envelope.message.orderingKey).toBe(`${id}/bay-1`);
  });

  without("status")("takes the acknowledging statuses as such and delivers after all others again", async () => {
    const { id, publish, deliveries, answer } = startCase(bench);
    const accepted = without("status-202") === leaveOut ? [200, 201, 204] : [200, 201, 202, 204];
    const refused = [301, 400, 404, 429, 500, 503];
    const times = (status: number) => deliveries("sync").filter(({ text }) => text === `${id} ${status}`).length;
    answer(({ text, subscription }) => {
      const status = Number(text.split(" ")[1]);
      return subscription.endsWith("sync") && times(status) === 1 ? status : 204;
    });

    await publish(accepted.map((status) => ({ data: `${id} ${status}`, attributes: {} })));
    await eventually(() => expect(accepted.map(times)).toEqual(accepted.map(() => 1)));
    await pause(1500);
    expect(accepted.map(times)).toEqual(accepted.map(() => 1));

    await publish(refused.map((status) => ({ data: `${id} ${status}`, attributes: {} })));
    await eventually(() => expect(refused.map(times)).toEqual(refused.map(() => 2)));
  });

  test("delivers messages without a key side by side", async () => {
    const { id, publish, deliveries, answer } = startCase(bench);
    answer(() => eventually(() => expect(deliveries("sync").length).toBeGreaterThan(1)).then(() => 204));

    await publish([1, 2].map((n) => ({ data: `${id} ${n}`, attributes: {} })));

    await eventually(() => expect(new Set(deliveries("sync").map((each) => each.text)).size).toBe(2));
  });
}

function testOrder(bench: Bench, without: Without): void {
  without("order")("delivers each key's messages in order and one at a time, keys side by side", async () => {
    const { id, publish, deliveries, answer } = startCase(bench);
    const running = new Map<string, number>();
    const meetings = { sameKey: 0, otherKey: 0 };
    answer(async ({ text, subscription }) => {
      const key = `${subscription} ${text.split(" ")[1]}`;
      const others = [...running].filter(([name, n]) => n > 0 && name !== key && name.startsWith(subscription));
      if ((running.get(key) ?? 0) > 0) meetings.sameKey += 1;
      if (others.length > 0) meetings.otherKey += 1;
      running.set(key, (running.get(key) ?? 0) + 1);
      await pause(1 + (text.length % 5) * 3);
      running.set(key, (running.get(key) ?? 0) - 1);
      return 204;
    });
    const numbers = Array.from({ length: 15 }, (_, n) => n);
    for (const n of numbers) await publish(["a", "b", "c"].map((key) => keyed(id, key, n)));

    await eventually(() => expect(deliveries("sync").concat(deliveries("copy"))).toHaveLength(90));

    for (const key of ["a", "b", "c"]) {
      expect(numbersOf(deliveries("sync"), key)).toEqual(numbers);
      expect(numbersOf(deliveries("copy"), key)).toEqual(numbers);
    }
    expect(meetings.sameKey).toBe(0);
    expect(meetings.otherKey).toBeGreaterThan(0);
  });

  without("order-under-failure")("a refused message holds back what follows under its key, and only that", async () => {
    const { id, publish, deliveries, answer } = startCase(bench);
    answer(({ text, subscription }) => {
      const tried = deliveries("sync").filter((each) => each.text === text).length;
      return subscription.endsWith("sync") && text === `${id} a 0` && tried <= 2 ? 503 : 204;
    });

    await publish([0, 1, 2].flatMap((n) => [keyed(id, "a", n), keyed(id, "b", n)]));
    await eventually(() => expect(numbersOf(deliveries("sync"), "a")).toEqual([0, 0, 0, 1, 2]));

    const lastOfB = deliveries("sync").findIndex((each) => each.text === `${id} b 2`);
    const secondTry = deliveries("sync").findLastIndex((each) => each.text === `${id} a 0`);
    expect(numbersOf(deliveries("sync"), "b")).toEqual([0, 1, 2]);
    expect(lastOfB).toBeLessThan(secondTry);
  });
}

function testRetry(bench: Bench, without: Without): void {
  without("backoff")("delivers a refused message again with growing pauses until it is taken", async () => {
    const { id, publish, deliveries, answer } = startCase(bench);
    answer(({ subscription }) => (subscription.endsWith("sync") && deliveries("sync").length <= 3 ? 500 : 204));

    await publish([keyed(id, "a", 0)]);
    await eventually(() => expect(deliveries("sync")).toHaveLength(4));
    await pause(500);

    const times = deliveries("sync").map((each) => each.at);
    const pauses = times.slice(1).map((at, n) => at - (times[n] ?? at));
    expect(pauses[0]).toBeGreaterThanOrEqual(95);
    expect(pauses[2]).toBeGreaterThan((pauses[0] ?? 0) * 1.5);
    expect(deliveries("sync")).toHaveLength(4);
    await eventually(() => expect(deliveries("copy")).toHaveLength(1));
  });

  test("delivers a refused message again until it is taken, under the same id", async () => {
    const { id, publish, deliveries, answer } = startCase(bench);
    answer(({ subscription }) => (subscription.endsWith("sync") && deliveries("sync").length <= 2 ? 500 : 204));

    await publish([{ data: `${id} 1`, attributes: {} }]);
    await eventually(() => expect(deliveries("sync")).toHaveLength(3));

    expect(new Set(deliveries("sync").map((each) => each.envelope.message.messageId)).size).toBe(1);
    await eventually(() => expect(deliveries("copy")).toHaveLength(1));
  });

  without("death")("delivers again what a function was working on when it died", async () => {
    const { id, publish, deliveries, answer } = startCase(bench);
    answer(({ subscription }) => {
      if (subscription.endsWith("sync") && deliveries("sync").length === 1) throw new Error("killed");
      return 204;
    });

    await publish([keyed(id, "a", 0), keyed(id, "a", 1)]);

    await eventually(() => expect(numbersOf(deliveries("sync"), "a")).toEqual([0, 0, 1]));
  });

  without("attempt")("counts the attempts in the envelope where there is a dead-letter topic", async () => {
    const { id, publish, deliveries, answer } = startCase(bench);
    answer(({ subscription }) => (subscription.endsWith("sync") && deliveries("sync").length <= 2 ? 500 : 204));

    await publish([keyed(id, "a", 0)]);
    await eventually(() => expect(deliveries("sync")).toHaveLength(3));

    expect(deliveries("sync").map((each) => each.envelope.deliveryAttempt)).toEqual([1, 2, 3]);
    expect(deliveries("copy")[0]?.envelope.deliveryAttempt).toBeUndefined();
  });
}

/** Last, since the emulator's pull subscription delivers nothing more once it has given a message up. */
function testDeadLetter(bench: Bench, without: Without): void {
  test("a poison message does not block other keys", async () => {
    const { id, publish, deliveries, answer } = startCase(bench);
    const poisoned = () => deliveries("sync").filter(({ text }) => text === `${id} a 1`).length;
    answer(({ text, subscription }) =>
      subscription.endsWith("sync") && text === `${id} a 1` && poisoned() < 5 ? 500 : 204,
    );

    await publish([keyed(id, "a", 1), ...[0, 1, 2].map((n) => keyed(id, "b", n))]);

    await eventually(() => expect(new Set(numbersOf(deliveries("sync"), "b"))).toEqual(new Set([0, 1, 2])));
    const lastOfB = deliveries("sync").findIndex(({ text }) => text === `${id} b 2`);
    await eventually(() => expect(poisoned()).toBe(5));
    expect(lastOfB).toBeLessThan(deliveries("sync").findLastIndex(({ text }) => text === `${id} a 1`));
  });

  const poison = (bus: ReturnType<typeof startCase>) =>
    bus.answer(({ text, subscription }) => (subscription.endsWith("sync") && text === `${bus.id} a 1` ? 500 : 204));

  without("dead-letter")(
    "forwards what it gave up to the dead-letter topic, with where it came from",
    async () => {
      const bus = startCase(bench);
      poison(bus);

      await bus.publish([keyed(bus.id, "a", 1)]);
      await eventually(() => expect(bus.deliveries("letters")).toHaveLength(1), 20_000);

      const [letter = none()] = bus.deliveries("letters");
      const attributes = letter.envelope.message.attributes ?? {};
      const published = attributes["CloudPubSubDeadLetterSourceTopicPublishTime"] ?? "";
      expect(letter.text).toBe(`${bus.id} a 1`);
      expect(attributes).toMatchObject({
        n: "1",
        CloudPubSubDeadLetterSourceDeliveryCount: "5",
        CloudPubSubDeadLetterSourceSubscription: `${bench.bus().prefix}sync`,
      });
      expect(Math.abs(Date.parse(published) - Date.now())).toBeLessThan(60_000);
    },
    40_000,
  );

  without("attempt-limit")(
    "gives a message up after n attempts, and its key goes on",
    async () => {
      const bus = startCase(bench);
      poison(bus);

      await bus.publish([0, 1, 2].map((n) => keyed(bus.id, "a", n)));
      await eventually(() => expect(numbersOf(bus.deliveries("sync"), "a")).toEqual([0, 1, 1, 1, 1, 1, 2]), 20_000);
      await pause(1500);

      expect(numbersOf(bus.deliveries("sync"), "a")).toHaveLength(7);
      expect(numbersOf(bus.deliveries("copy"), "a")).toEqual([0, 1, 2]);
    },
    40_000,
  );
}

function testRefusals(bench: Bench): void {
  test("refuses what no bus takes, before anything of the call is sent", async () => {
    const { id, publish, deliveries } = startCase(bench);
    const good = { data: `${id} good`, attributes: {} };

    const tooLarge = { data: "x".repeat(1_000_001), attributes: {} };
    await expect(publish([good, tooLarge])).rejects.toMatchObject({ code: "PAYLOAD_TOO_LARGE" });
    const longValue = { data: "x", attributes: { a: "x".repeat(1025) } };
    await expect(publish([good, longValue])).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    await pause(300);

    expect(deliveries("sync")).toHaveLength(0);
  });

  test("a topic that does not exist is BUS_UNAVAILABLE, with and without a key", async () => {
    const { publisher, prefix } = bench.bus();
    const message = { data: "x", attributes: {} };

    await expect(publisher.publish(`${prefix}none`, [message])).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
    const keyed = { ...message, orderingKey: "k" };
    await expect(publisher.publish(`${prefix}none`, [keyed])).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
  });
}

function startCase(bench: Bench) {
  const id = `case-${++cases}`;
  const { publisher, prefix } = bench.bus();
  return {
    id,
    publish: (messages: readonly OutgoingMessage[]) => publisher.publish(`${prefix}work`, messages),
    /** What this case got so far on the subscription whose name ends so. */
    deliveries: (subscription: string) =>
      bench.seen.filter((each) => each.text.startsWith(`${id} `) && each.subscription.endsWith(subscription)),
    answer: (rule: (delivery: Seen) => number | Promise<number>) => void bench.rules.set(id, rule),
  };
}

async function handle(bench: Bench, subscription: string, envelope: PushEnvelope): Promise<number> {
  const text = Buffer.from(envelope.message.data ?? "", "base64").toString();
  const delivery = { subscription, text, envelope, at: performance.now() };
  bench.seen.push(delivery);
  return (await bench.rules.get(text.split(" ")[0] ?? "")?.(delivery)) ?? 204;
}

function keyed(id: string, key: string, n: number): OutgoingMessage {
  return { data: `${id} ${key} ${n}`, attributes: { n: String(n) }, orderingKey: `${id}/${key}` };
}

function numbersOf(deliveries: readonly Seen[], key: string): number[] {
  return deliveries.filter(({ text }) => text.split(" ")[1] === key).map(({ text }) => Number(text.split(" ")[2]));
}

async function eventually(check: () => void, withinMs = 8000): Promise<void> {
  for (const end = performance.now() + withinMs; ; ) {
    try {
      return check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await pause(10);
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function none(): never {
  throw new Error("nothing was delivered");
}
