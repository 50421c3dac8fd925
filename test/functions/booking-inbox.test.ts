import { Webhook } from "standardwebhooks";
import { afterEach, expect, test } from "vitest";
import "../../functions/booking-inbox/index.ts";
import { readFunctions, subscriptionsOf } from "../../scripts/local/function-folders.ts";
import { openSqliteBus } from "../../shared/embedded/sqlite-bus.ts";
import { LockstepError } from "../../shared/errors.ts";
import type { PushEnvelope } from "../../shared/ports/bus.ts";
import { type Bench, openBench, problem, WEBHOOK_SECRET } from "./edge-bench.ts";

let bench: Bench;
afterEach(() => bench.close());

const NOW = "2027-01-10T08:00:00.000Z";

async function open(): Promise<void> {
  bench = await openBench("booking-inbox");
  bench.now = NOW;
  bench.secrets.set("webhook-town-booking", WEBHOOK_SECRET);
}

function bodyOf(data: object): string {
  return JSON.stringify({ type: "reservation.changed", timestamp: NOW, data });
}

const BODY = bodyOf({ id: "2001", version: 3 });

interface Told {
  readonly id?: string;
  /** When it was signed. */
  readonly at?: string;
  readonly secret?: string;
  /** When the queue took it. */
  readonly publishedAt?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** The body as the booking system of `secret` publishes it. */
function published(body: string, told: Told = {}): PushEnvelope {
  const { id = "msg_1", at = NOW, secret = WEBHOOK_SECRET, publishedAt = NOW, attributes = {} } = told;
  return {
    message: {
      data: Buffer.from(body).toString("base64"),
      attributes: {
        ...{ ws: "town", source: "booking", "webhook-id": id },
        "webhook-timestamp": String(Math.floor(Date.parse(at) / 1000)),
        "webhook-signature": new Webhook(secret).sign(id, new Date(at), body),
        ...attributes,
      },
      messageId: `queue-${id}`,
      publishTime: publishedAt,
    },
    subscription: "projects/local/subscriptions/booking-inbox",
    deliveryAttempt: 1,
  };
}

const push = (envelope: PushEnvelope) =>
  bench.call("/booking-inbox", { method: "POST", body: JSON.stringify(envelope) });

async function letters() {
  return (await bench.world.store("town").query<{ reason: string }>({ collection: "deadLetters" })).map(
    ({ data }) => data,
  );
}

const refusals = () =>
  bench.lines.filter(({ message }) => message === "webhook refused").map(({ fields }) => fields.reason);

test("a signed webhook in a message is the same hint as by HTTP, and touches no store", async () => {
  await open();

  expect((await push(published(BODY))).status).toBe(204);

  expect(bench.publisher.published.map(({ topic }) => topic)).toEqual(["observations"]);
  expect(bench.publisher.take()).toEqual([
    {
      ...{ kind: "booking-seen", ws: "town", source: "booking", resource: "unrouted", seenAt: NOW },
      run: { id: "msg_1", complete: false, absent: 0 },
      items: [{ bookingId: "2001", evidence: "seen", deliveryId: "msg_1", version: 3 }],
    },
  ]);
  expect(bench.opened).toBe(0);
});

test("a message that the queue delivers days late counts: what was signed in time was published in time", async () => {
  await open();
  bench.now = "2027-01-16T08:00:00.000Z";

  expect((await push(published(BODY))).status).toBe(204);

  expect(bench.publisher.published).toHaveLength(1);
});

test.each<[string, Told]>([
  ["signed six minutes before it was published", { publishedAt: "2027-01-10T08:06:00.000Z" }],
  ["signed with another secret", { secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD" }],
  ["with another body's signature", { attributes: { "webhook-signature": "v1,AAAA" } }],
  ["without a signature", { attributes: { "webhook-signature": "" } }],
  ["without an id", { attributes: { "webhook-id": "" } }],
])("S33: a message %s is dropped without work, counted, and not delivered again", async (_what, told) => {
  await open();

  expect((await push(published(BODY, told))).status).toBe(204);

  expect(bench.publisher.published).toEqual([]);
  expect(bench.opened).toBe(0);
  expect(refusals()).toHaveLength(1);
});

test("S33: what was captured and is published once more is not taken twice", async () => {
  await open();
  await push(published(BODY));

  expect((await push(published(BODY))).status).toBe(204);

  expect(bench.publisher.published).toHaveLength(1);
});

test.each<[string, string, Told, RegExp]>([
  ["a body that is no JSON", "{", {}, /not JSON/],
  ["a body without an id", bodyOf({ version: 1 }), {}, /id/],
  ["no source", BODY, { attributes: { source: "" } }, /message\.attributes\.source/],
])("a message with %s is kept with its reason: nobody is there to be told", async (_what, body, told, reason) => {
  await open();

  expect((await push(published(body, told))).status).toBe(204);

  expect((await letters()).map((letter) => letter.reason)).toEqual([expect.stringMatching(reason)]);
  expect(bench.publisher.published).toEqual([]);
});

test("a message for a source without an agreed secret is kept until one is there", async () => {
  await open();
  bench.secrets.delete("webhook-town-booking");

  await push(published(BODY));

  expect((await letters())[0]?.reason).toContain("webhook-town-booking");
});

test.each([{ ws: "atlantis" }, { source: "atlantis" }])(
  "a message about %j is acknowledged and told in the log",
  async (attributes) => {
    await open();

    expect((await push(published(BODY, { attributes }))).status).toBe(204);

    expect(bench.publisher.published).toEqual([]);
    expect(bench.lines.map(({ message }) => message)).toContain("message refused for good");
  },
);

test("a message whose hint the bus does not take is delivered again, and taken then", async () => {
  await open();
  bench.publisher.failNext();

  expect((await push(published(BODY))).status).toBe(503);
  expect((await push(published(BODY))).status).toBe(204);

  expect(bench.publisher.published).toHaveLength(1);
});

test("a caller without the bus's token is refused", async () => {
  bench = await openBench("booking-inbox", {
    verifyToken: async () => {
      throw new LockstepError("UNAUTHENTICATED", { detail: "no token" });
    },
  });

  expect(await problem(await push(published(BODY)))).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
});

test("published to its topic on one machine, it comes in by the subscription that its file declares", async () => {
  await open();
  const bus = openSqliteBus({
    file: ":memory:",
    subscriptions: subscriptionsOf(readFunctions(process.cwd())),
    push: async ({ target }, envelope) =>
      target === "booking-inbox" ? { status: (await push(envelope)).status } : { status: 204 },
  });
  const at = new Date().toISOString();
  const { data = "", attributes = {} } = published(BODY, { at }).message;

  await bus.publish("booking-inbox", [{ data: Buffer.from(data, "base64").toString(), attributes }]);
  bus.start();
  await bus.idle();
  await bus.close();

  expect(bench.publisher.take()).toMatchObject([{ items: [{ bookingId: "2001" }] }]);
});
