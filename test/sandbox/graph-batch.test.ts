import { afterEach, beforeEach, expect, test } from "vitest";
import { HALF_PAST_TEN, openTown, ROOM, type Town } from "./town.ts";

let town: Town;
beforeEach(async () => {
  town = await openTown();
});
afterEach(() => town.sandbox.close());

const JSON_BODY = { "Content-Type": "application/json" };

interface Part {
  readonly id: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body?: { readonly id?: string; readonly error?: { readonly code: string } };
}

function create(id: string, more: object = {}): object {
  return { id, method: "POST", url: `/users/${ROOM}/events`, headers: JSON_BODY, body: HALF_PAST_TEN, ...more };
}

function get(id: string, more: object = {}): object {
  return { id, method: "GET", url: `/users/${ROOM}/events`, ...more };
}

async function batch(requests: readonly object[], fault = "") {
  const { status, body } = await town.graph("POST", "$batch", { requests }, { "x-sandbox-fault": fault });
  const parts = (body.responses ?? []) as Part[];
  return { status, code: body.error?.code, parts, by: (id: string) => parts.find((part) => part.id === id) };
}

test("the whole is 200 although a part fails; the answers are found by their ids", async () => {
  const { status, parts, by } = await batch([create("1"), get("2", { url: "/users/nobody@sandbox/events" }), get("3")]);

  expect(status).toBe(200);
  expect(parts.map(({ id }) => id)).not.toEqual(["1", "2", "3"]);
  expect([by("1")?.status, by("2")?.status, by("3")?.status]).toEqual([201, 404, 200]);
  expect(by("2")?.body?.error?.code).toBe("ErrorInvalidUser");
});

test("the real client sends batches", async () => {
  const { responses } = await town.client.api("/$batch").post({ requests: [create("1"), get("2")] });
  expect(responses.map(({ status }: Part) => status).sort()).toEqual([200, 201]);
});

test("a part waits for what it depends on, and fails with it", async () => {
  const made = await batch([get("2", { dependsOn: ["1"] }), create("1")]);
  const failed = await batch([create("1", { body: {} }), create("2", { dependsOn: ["1"] })]);

  expect(made.by("2")?.body).toMatchObject({ value: [{ id: made.by("1")?.body?.id }] });
  expect([failed.by("1")?.status, failed.by("2")?.status]).toEqual([400, 424]);
  expect((await batch([get("1", { dependsOn: ["1"] })])).status).toBe(400);
});

test("S44: one part can be throttled while the others go through", async () => {
  const { by } = await batch([create("1"), create("2")], "batch-throttle=2");
  expect([by("1")?.status, by("2")?.status]).toEqual([201, 429]);
  expect(by("2")?.headers["retry-after"]).toBe("1");
});

test.each([
  ["21 requests", Array.from({ length: 21 }, (_, n) => get(String(n)))],
  ["no request", []],
  ["two of the same id", [get("1"), get("1")]],
  ["a whole address", [get("1", { url: "https://graph.microsoft.com/v1.0/me" })]],
  ["a body without its type", [create("1", { headers: {} })]],
])("a batch with %s is refused", async (_, requests) => {
  const { status, code } = await batch(requests);
  expect([status, code]).toEqual([400, "BadRequest"]);
  expect((await town.graph("GET", `users/${ROOM}/events`)).body.value).toEqual([]);
});
