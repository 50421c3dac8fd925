import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPushRelay, type PushRelay } from "../../scripts/local/push-relay.ts";

describe("the relay of the emulator's pushes", () => {
  const forwarded: [string, string][] = [];
  let answer = 204;
  let relay: PushRelay;

  beforeAll(async () => {
    relay = await openPushRelay(["sync"], async (target, body) => {
      forwarded.push([target, body]);
      return answer;
    });
  });
  afterAll(() => relay.close());

  async function post(url: string, init: RequestInit = {}): Promise<number> {
    const response = await fetch(url, { method: "POST", body: '{"message":{}}', ...init });
    await response.body?.cancel();
    return response.status;
  }

  test("passes a push on to its function as it is", async () => {
    expect(await post(relay.endpoint("sync"))).toBe(200);
    expect(forwarded.at(-1)).toEqual(["sync", '{"message":{}}']);
  });

  test("takes 202 for an acknowledgement, which the emulator does not, and passes refusals on", async () => {
    answer = 202;
    expect(await post(relay.endpoint("sync"))).toBe(200);
    answer = 503;
    expect(await post(relay.endpoint("sync"))).toBe(503);
    answer = 204;
  });

  test("passes nothing on that comes under another path, from another site or with another method", async () => {
    const before = forwarded.length;
    const endpoint = relay.endpoint("sync");

    const answers = [
      await post(new URL("/sync", endpoint).href),
      await post(endpoint.replace(/sync$/, "sweep")),
      await post(endpoint, { headers: { origin: "https://evil.example" } }),
      await post(endpoint, { method: "PUT" }),
    ];

    expect(answers.every((status) => status >= 400)).toBe(true);
    expect(forwarded).toHaveLength(before);
  });
});
