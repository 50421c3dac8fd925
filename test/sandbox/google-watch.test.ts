import { afterEach, beforeEach, expect, test } from "vitest";
import { BAY_1, BAY_2, NINE, openStudio, refusal, type Studio, stillAlarm } from "./harness.ts";
import { openReceiver, type Receiver } from "./receiver.ts";

let studio: Studio;
let receiver: Receiver;
beforeEach(async () => {
  studio = await openStudio({ alarm: stillAlarm });
  receiver = await openReceiver();
});
afterEach(async () => {
  await studio.sandbox.close();
  await receiver.close();
});

async function watch(more: object = {}) {
  const channel = { id: "channel-1", type: "web_hook", address: receiver.url, token: "secret-token", ...more };
  const { data } = await studio.google.events.watch({ calendarId: BAY_1, requestBody: channel });
  await studio.sandbox.tick();
  return data;
}

async function change(id: string, headers: Record<string, string> = {}, calendarId = BAY_1): Promise<void> {
  await studio.google.events.insert({ calendarId, requestBody: { id, ...NINE } }, { headers });
  await studio.sandbox.tick();
}

function states(): unknown[] {
  return receiver.received.map(({ headers }) => headers["x-goog-resource-state"]);
}

test("a channel first hears sync, then exists for every change of its own calendar", async () => {
  const channel = await watch();
  await change("one11");
  await change("other", {}, BAY_2);

  expect(states()).toEqual(["sync", "exists"]);
  expect(receiver.received[0]).toMatchObject({
    body: "",
    headers: {
      "x-goog-channel-id": "channel-1",
      "x-goog-channel-token": "secret-token",
      "x-goog-channel-expiration": new Date(Number(channel.expiration)).toUTCString(),
      "x-goog-resource-id": channel.resourceId,
      "x-goog-resource-uri": channel.resourceUri,
      "x-goog-message-number": "1",
    },
  });
  expect(Number(receiver.received[1]?.headers["x-goog-message-number"])).toBeGreaterThan(1);
});

test("S28: a life longer than allowed is shortened; an expired channel hears nothing", async () => {
  await studio.call("/sandbox/options", { channelSeconds: 60 });
  const channel = await watch({ params: { ttl: "3600" } });
  expect(Number(channel.expiration)).toBe(Date.parse(studio.clock.now()) + 60_000);

  studio.clock.advance(61_000);
  await change("late1");

  expect(states()).toEqual(["sync"]);
});

test("S28: a channel can be made silent although it is open", async () => {
  await watch();
  await studio.call("/sandbox/google/channels", { make: "silent" });
  await change("unheard1");
  expect(states()).toEqual(["sync"]);
  await studio.call("/sandbox/google/channels", { make: "speaking" });
  await change("heard1");
  expect(states()).toEqual(["sync", "exists"]);
});

test("a stopped channel hears nothing more; stopping it again, or with another resourceId, answers 404", async () => {
  const { id, resourceId } = await watch();
  const wrong = studio.google.channels.stop({ requestBody: { id: id ?? "", resourceId: "other" } });
  expect(await refusal(wrong)).toBe("404 notFound");

  await studio.google.channels.stop({ requestBody: { id: id ?? "", resourceId: resourceId ?? "" } });
  await change("after1");

  expect(states()).toEqual(["sync"]);
  const again = studio.google.channels.stop({ requestBody: { id: id ?? "", resourceId: resourceId ?? "" } });
  expect(await refusal(again)).toBe("404 notFound");
});

test.each([
  [{ id: "x".repeat(65) }, "400 invalid"],
  [{ type: "mail" }, "400 invalid"],
  [{ token: "t".repeat(257) }, "400 invalid"],
  [{ address: "nowhere" }, "400 invalid"],
  [{ params: { ttl: "-1" } }, "400 invalid"],
])("a channel with %j is refused", async (wrong, expected) => {
  expect(await refusal(watch(wrong))).toBe(expected);
});

test("a channel id is taken once", async () => {
  await watch();
  expect(await refusal(watch())).toBe("400 channelIdNotUnique");
});

test("an address can be refused as Google does where a domain is not verified or not https", async () => {
  await studio.call("/sandbox/options", { requireHttps: true });
  expect(await refusal(watch())).toBe("401 webhookUrlUnauthorized");
});

test("500, 502, 503 and 504 are tried again with growing waits; any other refusal is final", async () => {
  await watch();
  receiver.answer(503, 500, 200, 404);

  await change("retried");
  expect(states()).toEqual(["sync", "exists"]);
  studio.clock.advance(2000);
  await studio.sandbox.tick();
  expect(states()).toHaveLength(3);
  studio.clock.advance(2000);
  await studio.sandbox.tick();
  expect(states()).toHaveLength(3);
  studio.clock.advance(2000);
  await studio.sandbox.tick();
  expect(states()).toHaveLength(4);

  await change("refused");
  studio.clock.advance(600_000);
  await studio.sandbox.tick();
  expect(states()).toHaveLength(5);
});

test.each([
  ["notify-lost", 0],
  ["notify-double", 2],
])("S31: with %s the channel hears of a change %i times", async (fault, times) => {
  await watch();
  await change("change1", { "x-sandbox-fault": fault });
  expect(receiver.received).toHaveLength(1 + times);
});

test("S31: a late notification is passed by later ones", async () => {
  await watch();
  await change("first1", { "x-sandbox-fault": "notify-delay=3000" });
  await change("second");
  studio.clock.advance(3000);
  await studio.sandbox.tick();

  const numbers = receiver.received.slice(1).map(({ headers }) => Number(headers["x-goog-message-number"]));
  expect(numbers).toHaveLength(2);
  expect(numbers[0]).toBeGreaterThan(numbers[1] ?? 0);
});
