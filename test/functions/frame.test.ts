import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { defineFunction } from "../../shared/cloud/frame.ts";
import { readBody } from "../../shared/cloud/request-body.ts";
import { defineSubscriber } from "../../shared/cloud/subscriber.ts";
import { type ErrorCode, LockstepError } from "../../shared/errors.ts";
import { type Bench, openBench, problem } from "./edge-bench.ts";

let bench: Bench | undefined;
afterEach(() => bench?.close());

/** Thrown by the functions below, as told by the message they get. */
function fail(how: string): never {
  if (how === "defect") throw new TypeError("Jane Doe is not a function");
  // Proof: the tests below name codes of the catalogue alone.
  throw new LockstepError(how as ErrorCode, { detail: "as the test asked", retryAfterMs: 2500 });
}

const Payload = z.object({
  fail: z.string().exactOptional(),
  items: z.array(z.object({ id: z.string() })).exactOptional(),
  names: z.record(z.string(), z.string()).exactOptional(),
});
const handled: unknown[] = [];

defineSubscriber({
  name: "frame-subscriber",
  schema: Payload,
  handle: async (_world, payload, delivery) => {
    if (payload.fail !== undefined) fail(payload.fail);
    handled.push([payload, delivery]);
  },
});
defineFunction({
  name: "frame-public",
  auth: "public",
  methods: ["GET", "POST"],
  handle: async (request) => {
    const how = request.query.get("fail");
    if (how !== null) fail(how);
    const long = request.query.get("long");
    if (long !== null) throw new LockstepError("NOT_FOUND", { detail: `There is no ${long}.` });
    return { status: 200, json: { path: request.path, body: request.body.toString() } };
  },
});

function envelope(data: unknown, change: object = {}): RequestInit {
  const body = {
    message: {
      messageId: "901",
      publishTime: "2027-01-10T09:00:00.1Z",
      data: Buffer.from(typeof data === "string" ? data : JSON.stringify(data)).toString("base64"),
      attributes: { ws: "loft" },
      orderingKey: "loft/bay-1",
    },
    subscription: "projects/p/subscriptions/s",
    ...change,
  };
  return { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
}

function withAttributes(attributes: object): RequestInit {
  return envelope({}, { message: { messageId: "901", publishTime: "2027-01-10T09:00:00Z", attributes } });
}

test("a message reaches its handler with the number of the try and the time it was published", async () => {
  bench = await openBench("frame-subscriber");
  handled.length = 0;

  const response = await bench.call("/frame-subscriber", envelope({ items: [] }, { deliveryAttempt: 2 }));

  expect(response.status).toBe(204);
  expect(handled).toEqual([[{ items: [] }, { publishedAt: "2027-01-10T09:00:00.100Z", attempt: 2 }]]);
});

test("a race is delivered again too, whatever its status would be to a person", async () => {
  bench = await openBench("frame-subscriber");

  const refused = await problem(await bench.call("/", envelope({ fail: "STORE_CONFLICT" })));

  expect(refused).toMatchObject({ status: 503, code: "STORE_CONFLICT" });
  expect(bench.lines).toMatchObject([{ severity: "WARNING", message: "message to be delivered again" }]);
});

test("what may pass is delivered again: a retry is 503 and says how long to wait", async () => {
  bench = await openBench("frame-subscriber");

  const response = await bench.call("/", envelope({ fail: "STORE_UNAVAILABLE" }));

  expect(response.headers.get("retry-after")).toBe("3");
  expect(await problem(response)).toMatchObject({ status: 503, code: "STORE_UNAVAILABLE" });
});

for (const code of ["NOT_FOUND", "UNKNOWN_RESOURCE"] as const) {
  test(`what will never pass is acknowledged and logged (${code})`, async () => {
    bench = await openBench("frame-subscriber");

    const response = await bench.call("/", envelope({ fail: code }));

    expect(response.status).toBe(204);
    expect(bench.lines).toMatchObject([{ message: "message refused for good", fields: { code } }]);
  });
}

test("a defect is delivered again, so that dead-lettering catches it, and its stack is logged without its words", async () => {
  bench = await openBench("frame-subscriber");

  const refused = await problem(await bench.call("/", envelope({ fail: "defect" })));

  expect(refused).toMatchObject({ status: 500, code: "INTERNAL" });
  expect(bench.lines).toMatchObject([{ severity: "ERROR", message: "request failed", fields: { code: "INTERNAL" } }]);
  expect(bench.lines[0]?.fields["stack_trace"]).toMatch(/^TypeError: message withheld\n\s+at fail .*frame\.test\.ts/);
  expect(JSON.stringify([refused, bench.lines])).not.toContain("Jane");
});

test("a message its schema refuses is kept with the place that is wrong, once, and acknowledged", async () => {
  bench = await openBench("frame-subscriber");
  const wrong = envelope({ items: [{ id: "a" }, { id: 7 }] });

  const first = await bench.call("/", wrong);
  const second = await bench.call("/", wrong);

  expect([first.status, second.status]).toEqual([204, 204]);
  const letters = await bench.world.store("loft").query({ collection: "deadLetters" });
  expect(letters).toMatchObject([{ ref: { id: "901" }, data: { encoding: "text", status: "kept" } }]);
  expect(letters[0]?.data).toHaveProperty("reason", expect.stringContaining("message.data.items.1.id"));
});

test("a message that is no JSON is kept too", async () => {
  bench = await openBench("frame-subscriber");

  const response = await bench.call("/", envelope("not { json"));

  expect(response.status).toBe(204);
  expect(await bench.world.store("loft").count({ collection: "deadLetters" })).toBe(1);
});

const BAD_ENVELOPES: [string, RequestInit, string][] = [
  ["no body", { method: "POST" }, "body"],
  [
    "malformed JSON",
    { method: "POST", body: '{"message": Jane', headers: { "content-type": "application/json" } },
    "JSON",
  ],
  ["no message", envelope({}, { message: undefined }), "body.message"],
  ["a message without an id", envelope({}, { message: { publishTime: "2027-01-10T09:00:00Z" } }), "messageId"],
  ["a subscription that is no text", envelope({}, { subscription: 7 }), "body.subscription"],
  ["an attribute no store keeps", withAttributes({ ws: "loft", __name__: "x" }), "body.message.attributes.__name__"],
  ["an attribute longer than Pub/Sub's", withAttributes({ ws: "x".repeat(1_025) }), "body.message.attributes.ws"],
];

for (const [what, init, named] of BAD_ENVELOPES) {
  test(`an envelope with ${what} is refused by the name of the place`, async () => {
    bench = await openBench("frame-subscriber");

    const refused = await problem(await bench.call("/frame-subscriber", init));

    expect(refused).toMatchObject({ status: 400, code: "INVALID_REQUEST" });
    expect(refused.detail).toContain(named);
    expect(refused.detail).not.toContain("Jane");
  });
}

test("a body that breaks off is its sender's matter: no defect is thrown, to be logged as one", async () => {
  const req = new IncomingMessage(new Socket());
  setImmediate(() => req.destroy(Object.assign(new Error("aborted"), { code: "ECONNRESET" })));

  await expect(readBody(req, 100)).rejects.toMatchObject({ code: "INVALID_REQUEST" });
});

test("a wrong place is named, and cut where its name is what somebody sent", async () => {
  bench = await openBench("frame-subscriber");

  await bench.call("/", envelope({ names: { ["Jane".repeat(100_000)]: 7 } }));

  const [letter] = await bench.world.store("loft").query<{ reason: string }>({ collection: "deadLetters" });
  expect(letter?.data.reason).toMatch(/^message\.data\.names\.JaneJane/);
  expect(letter?.data.reason.length).toBeLessThan(300);
});

test("a detail leaves in part where it is long, since it may say again what was sent", async () => {
  bench = await openBench("frame-public");

  const refused = await problem(await bench.call(`/frame-public?long=${"y".repeat(8_000)}`));

  expect(refused).toMatchObject({ status: 404, code: "NOT_FOUND" });
  expect(refused.detail).toHaveLength(1_001);
});

test("an internal body may be 10 MB and no more", async () => {
  bench = await openBench("frame-subscriber");

  const large = await bench.call("/", { method: "POST", body: "x".repeat(2_000_000) });
  const larger = await problem(await bench.call("/", { method: "POST", body: "x".repeat(10 * 1024 * 1024 + 1) }));

  expect(large.status).toBe(400);
  expect(larger).toMatchObject({ status: 413, code: "PAYLOAD_TOO_LARGE" });
});

test("a public edge answers each error with its own status and a remedy", async () => {
  bench = await openBench("frame-public");

  const response = await bench.call("/frame-public?fail=UNKNOWN_RESOURCE", {
    headers: { traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` },
  });

  expect(response.status).toBe(422);
  expect(await response.json()).toEqual({
    type: "urn:problem-type:lockstep:unknown-resource",
    title: "A booking names a bay, room or property that no resource in the configuration has.",
    status: 422,
    code: "UNKNOWN_RESOURCE",
    detail: "as the test asked",
    remedy: "Add the resource to lockstep.config.yaml, or mend the name in the booking system.",
    trace: "a".repeat(32),
  });
});

const ODD_BODIES: [string, Record<string, string>, string][] = [
  ["JSON that is cut off", { "content-type": "application/json" }, '{"a":'],
  ["JSON in an unknown charset", { "content-type": "application/json; charset=klingon" }, "{}"],
  ["a broken form", { "content-type": "application/x-www-form-urlencoded" }, "a[b=%E0%A4%A"],
  ["a content type that is none", { "content-type": "/;;" }, "x"],
];

for (const [what, headers, body] of ODD_BODIES) {
  test(`the framework never answers for us: ${what} reaches the function as it is`, async () => {
    bench = await openBench("frame-public");

    const response = await bench.call("/x", { method: "POST", headers, body });

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ path: ["x"], body });
  });
}

test("a packed body is refused, since it may unpack to anything", async () => {
  bench = await openBench("frame-public");

  const refused = await problem(
    await bench.call("/", { method: "POST", headers: { "content-encoding": "gzip" }, body: "no gzip" }),
  );

  expect(refused).toMatchObject({ status: 400, code: "INVALID_REQUEST" });
});

test("a broken percent escape in the address is a problem", async () => {
  bench = await openBench("frame-public");

  const refused = await problem(await bench.call("/frame-public/%E0%A4%A"));

  expect(refused).toMatchObject({ status: 400, code: "INVALID_REQUEST", type: "application/problem+json" });
});
