import { afterEach, expect, test } from "vitest";
import "../../functions/gcal-push/index.ts";
import { makePushToken } from "../../shared/edge/push-token.ts";
import { type Bench, openBench, PUSH_KEY, problem } from "./edge-bench.ts";

let bench: Bench;
afterEach(() => bench.close());

const CLAIMS = { ws: "loft", calendarId: "loft-bay-1@sandbox", channelId: "c".repeat(32) };

function push(change: Record<string, string> = {}): RequestInit {
  const headers = {
    "x-goog-channel-id": CLAIMS.channelId,
    "x-goog-channel-token": makePushToken(CLAIMS, PUSH_KEY),
    "x-goog-resource-state": "exists",
    "x-goog-message-number": "7",
    ...change,
  };
  return { method: "POST", headers };
}

test("a genuine push is one calendar-touched message, in its calendar's order", async () => {
  bench = await openBench("gcal-push");

  const response = await bench.call("/gcal-push", push());

  expect(response.status).toBe(204);
  expect(bench.publisher.published).toHaveLength(1);
  const [message] = bench.publisher.published;
  expect(message?.topic).toBe("calendar-touched");
  expect(message?.orderingKey).toBe("loft/loft-bay-1@sandbox");
  expect(message?.attributes).toMatchObject({ ws: "loft", orderingKey: "loft/loft-bay-1@sandbox" });
  expect(JSON.parse(message?.data ?? "")).toEqual({ ...CLAIMS, via: "push" });
  expect(bench.opened).toBe(0);
});

test("a new channel's first sync notice is acknowledged and tells nothing", async () => {
  bench = await openBench("gcal-push");

  const response = await bench.call("/", push({ "x-goog-resource-state": "sync" }));

  expect(response.status).toBe(204);
  expect(bench.publisher.published).toEqual([]);
});

const FORGERIES: [string, Record<string, string>][] = [
  ["no token", { "x-goog-channel-token": "" }],
  ["a token that was made up", { "x-goog-channel-token": "v1.loft.bG9mdA.c.AAAAAAAAAAAAAAAAAAAAAA" }],
  ["a token signed with a foreign key", { "x-goog-channel-token": makePushToken(CLAIMS, "another key") }],
  ["a genuine token on another channel", { "x-goog-channel-id": "d".repeat(32) }],
  ["a token of another calendar under this one's signature", { "x-goog-channel-token": swappedCalendar() }],
  ["a token far too long", { "x-goog-channel-token": `v1.${"a".repeat(4000)}` }],
];

function swappedCalendar(): string {
  const other = Buffer.from("loft-bay-2@sandbox").toString("base64url");
  return makePushToken(CLAIMS, PUSH_KEY).replace(/^(v1\.loft\.)[^.]+/, `$1${other}`);
}

for (const [what, headers] of FORGERIES) {
  test(`S33: a push with ${what} is refused without work and counted`, async () => {
    bench = await openBench("gcal-push");

    const refused = await problem(await bench.call("/gcal-push", push(headers)));

    expect(refused).toMatchObject({ status: 401, code: "BAD_SIGNATURE", type: "application/problem+json" });
    expect(bench.publisher.published).toEqual([]);
    expect(bench.lines.map((line) => line.message)).toEqual(["push refused"]);
    expect(bench.opened).toBe(0);
  });
}

test("during rotation the former key still verifies, and after it no more", async () => {
  bench = await openBench("gcal-push");
  bench.secrets.set("push-token-key", `new-key ${PUSH_KEY}`);

  const during = await bench.call("/gcal-push", push());
  bench.secrets.set("push-token-key", "new-key");
  const after = await bench.call("/gcal-push", push());

  expect([during.status, after.status]).toEqual([204, 401]);
});

test("S31: where the bus takes nothing, Google is told to send it again", async () => {
  bench = await openBench("gcal-push");
  bench.publisher.failNext();

  const refused = await problem(await bench.call("/gcal-push", push()));
  const again = await bench.call("/gcal-push", push());

  expect(refused).toMatchObject({ status: 503, code: "BUS_UNAVAILABLE" });
  expect(again.status).toBe(204);
});
