import { afterEach, expect, test } from "vitest";
import "../../functions/graph-push/index.ts";
import { makePushToken } from "../../shared/edge/push-token.ts";
import { type Bench, openBench, PUSH_KEY, problem } from "./edge-bench.ts";

let bench: Bench;
afterEach(() => bench.close());

const ROOM_1 = { ws: "town", calendarId: "room-1@sandbox", channelId: "c".repeat(32) };
const ROOM_2 = { ws: "town", calendarId: "room-2@sandbox", channelId: "d".repeat(32) };

function notice(claims: typeof ROOM_1, more: object = {}) {
  return { subscriptionId: "s-1", clientState: makePushToken(claims, PUSH_KEY), changeType: "updated", ...more };
}

function push(...value: object[]): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ value }) };
}

const told = () => bench.publisher.published.map(({ data }) => JSON.parse(data));

test("the handshake is answered with the decoded token, as plain text", async () => {
  bench = await openBench("graph-push");
  const token = "Validation: 7/+&? ok";

  const response = await bench.call(`/graph-push?validationToken=${encodeURIComponent(token)}`, { method: "POST" });

  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
  expect(await response.text()).toBe(token);
  expect(bench.publisher.published).toEqual([]);
});

test("notices of two rooms in one message are one calendar-touched each, in its calendar's order", async () => {
  bench = await openBench("graph-push");

  const response = await bench.call("/graph-push", push(notice(ROOM_1), notice(ROOM_2), notice(ROOM_1)));

  expect(response.status).toBe(202);
  expect(told()).toEqual([
    { ...ROOM_1, via: "push" },
    { ...ROOM_2, via: "push" },
  ]);
  expect(bench.publisher.published[0]?.orderingKey).toBe("town/room-1@sandbox");
  expect(bench.opened).toBe(0);
});

test.each([
  ["subscriptionRemoved", true],
  ["reauthorizationRequired", true],
  ["missed", undefined],
])("the life-cycle event %s asks for a look, and says whether more will come", async (lifecycleEvent, ends) => {
  bench = await openBench("graph-push");

  await bench.call("/graph-push", push(notice(ROOM_1, { lifecycleEvent })));

  expect(told()).toEqual([{ ...ROOM_1, via: "push", ...(ends === undefined ? {} : { ends }) }]);
});

test("S33: a notice whose clientState is not ours is dropped alone and counted", async () => {
  bench = await openBench("graph-push");

  const response = await bench.call("/graph-push", push({ clientState: "guessed" }, notice(ROOM_1)));

  expect(response.status).toBe(202);
  expect(told()).toEqual([{ ...ROOM_1, via: "push" }]);
  expect(bench.lines.map((line) => line.message)).toEqual(["push refused"]);
});

test("S33: a message without one genuine notice is refused", async () => {
  bench = await openBench("graph-push");

  const refused = await problem(await bench.call("/graph-push", push({ clientState: null }, {})));

  expect(refused).toMatchObject({ status: 401, code: "BAD_SIGNATURE" });
  expect(bench.publisher.published).toEqual([]);
});
