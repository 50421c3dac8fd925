import { afterEach, expect, test } from "vitest";
import "../../functions/api/index.ts";
import { as, json, key, openApi } from "./api-bench.ts";
import { type Bench, problem } from "./edge-bench.ts";

let bench: Bench;
afterEach(() => bench.close());

async function opened() {
  bench = await openApi();
  const credential = await key(bench, ["admin"]);
  return (path: string, idempotencyKey: string, body: object, who = credential) => {
    const init = as(who, "POST", body);
    return bench.call(`/api/${path}`, { ...init, headers: { ...init.headers, "idempotency-key": idempotencyKey } });
  };
}

const WISH = { source: "uschedule", resource: "bay-1", bookingId: "4711" };

test("a write sent twice with one key is done once, and answered the same", async () => {
  const send = await opened();

  const first = await send("sync", "k-1", WISH);
  const second = await send("sync", "k-1", WISH);

  expect([first.status, second.status]).toEqual([202, 202]);
  expect(await json(second)).toEqual(await json(first));
  expect(second.headers.get("idempotent-replayed")).toBe("true");
  expect(bench.publisher.published).toHaveLength(1);
});

test("another key, and another caller with the same key, are other writes", async () => {
  const send = await opened();
  const neighbour = await key(bench, ["operate"]);

  await send("sync", "k-1", WISH);
  await send("sync", "k-2", WISH);
  await send("sync", "k-1", WISH, neighbour);

  expect(bench.publisher.published).toHaveLength(3);
});

test("the same key for another wish is refused", async () => {
  const send = await opened();
  await send("sync", "k-1", WISH);

  const refused = await problem(await send("sync", "k-1", { ...WISH, bookingId: "4712" }));

  expect(refused).toMatchObject({ status: 409, code: "INVALID_STATE" });
});

test("what was refused may be asked again with its key", async () => {
  const send = await opened();

  const refused = await send("sync", "k-1", { resource: "bay-9" });
  const again = await send("sync", "k-1", WISH);

  expect([refused.status, again.status]).toEqual([404, 202]);
});

test("a key's text is told once, and nowhere kept", async () => {
  const send = await opened();
  const made = (await json(await send("keys", "k-1", { label: "desk", scopes: ["read"] }))) as { key: string };

  const refused = await problem(await send("keys", "k-1", { label: "desk", scopes: ["read"] }));
  const kept = await bench.world.store("loft").query<object>({ collection: "idempotency" });

  expect(refused).toMatchObject({ status: 409, code: "INVALID_STATE" });
  expect(JSON.stringify(kept)).not.toContain(made.key.split("_").slice(3).join("_"));
});

test("a key that is none is refused by name", async () => {
  const send = await opened();

  expect(await problem(await send("sync", "x".repeat(201), WISH))).toMatchObject({ status: 400 });
});
