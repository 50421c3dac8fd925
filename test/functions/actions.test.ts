import { afterEach, expect, test } from "vitest";
import "../../functions/api/index.ts";
import { ROUTES } from "../../functions/api/routes.ts";
import { LockstepError } from "../../shared/errors.ts";
import { type AlertDoc, alertRef } from "../../shared/flows/documents.ts";
import type { OperatorAction } from "../../shared/flows/operator-actions.ts";
import type { Write } from "../../shared/ports/store.ts";
import { as, json, key, mapOf, NOW, openApi, post, put } from "./api-bench.ts";
import type { Bench } from "./edge-bench.ts";

let bench: Bench;
afterEach(() => bench.close());

async function alerts(...ids: string[]): Promise<void> {
  for (const id of ids) {
    const data: AlertDoc = { id, kind: "silent", subject: id, detail: "no push", status: "open", openedAt: NOW };
    await put(bench, "loft", { kind: "put", ref: alertRef(id), data });
  }
}

async function actions(query = ""): Promise<{ items: OperatorAction[]; next: string | null }> {
  return (await json(await bench.call(`/api/actions${query}`))) as { items: OperatorAction[]; next: string | null };
}

test("what changes something is kept: who, what, when; the newest first, page by page, each once", async () => {
  bench = await openApi({ ws: "loft" });
  await alerts("a1", "a2", "a3", "a4", "a5");
  const operator = await key(bench, ["operate"]);

  for (const id of ["a1", "a2", "a3"]) await bench.call(`/api/alerts/${id}/acknowledge`, as(operator, "POST"));
  bench.now = "2027-01-10T09:00:00.000Z";
  for (const id of ["a4", "a5"]) await bench.call(`/api/alerts/${id}/acknowledge`, post());

  const first = await actions("?limit=2");
  const second = await actions(`?limit=2&after=${encodeURIComponent(first.next ?? "")}`);
  const third = await actions(`?limit=2&after=${encodeURIComponent(second.next ?? "")}`);
  const late = { actor: "demo-operator", at: "2027-01-10T09:00:00.000Z", action: "acknowledge alert", outcome: "done" };
  expect(first.items).toMatchObject([late, late]);
  const early = { actor: `key:${operator.split("_")[2]}`, at: NOW };
  expect([...second.items, ...third.items]).toMatchObject([early, early, early]);
  const targets = [first, second, third].flatMap(({ items }) => items.map(({ target }) => target));
  expect(targets.toSorted()).toEqual(["a1", "a2", "a3", "a4", "a5"]);
  expect(third.next).toBeNull();
});

test("what was refused, only tried, read, or sent twice is no further action", async () => {
  bench = await openApi({ ws: "loft" });
  await alerts("a1");
  const once = { method: "POST", headers: { "idempotency-key": "k1" } };

  await bench.call("/api/alerts/a1/acknowledge", once);
  await bench.call("/api/alerts/a1/acknowledge", once);
  await bench.call("/api/alerts/a1/acknowledge", post());
  await bench.call("/api/sync", post({ dryRun: true }));
  await bench.call("/api/alerts");

  expect((await actions()).items).toMatchObject([{ action: "acknowledge alert", target: "a1" }]);
});

test("S55: what a person did about a booking is told with why it is as it is", async () => {
  bench = await openApi({ ws: "loft" });
  await put(bench, "loft", mapOf("4711"));

  await bench.call("/api/sync", post({ source: "uschedule", bookingId: "4711" }));
  await bench.call("/api/sync", post({ source: "uschedule", bookingId: "4712" }));

  const explained = await json(await bench.call("/api/explain/uschedule:4711"));
  expect(explained).toMatchObject({
    actions: [{ at: NOW, actor: "demo-operator", action: "request sync", target: "uschedule/4711", outcome: "done" }],
  });
  expect((await actions("?bookingKey=uschedule:4712")).items).toHaveLength(1);
});

test("an action whose keeping fails was done all the same, and the log tells who did it", async () => {
  bench = await openApi({ ws: "loft" });
  await alerts("a1");
  const store = bench.world.store("loft");
  const { commit } = store;
  Object.assign(store, {
    commit: async (writes: readonly Write[]) => {
      if (writes[0]?.ref.collection === "operatorActions")
        throw new LockstepError("STORE_UNAVAILABLE", { detail: "Full." });
      return commit(writes);
    },
  });

  const answer = await bench.call("/api/alerts/a1/acknowledge", post());

  expect(answer.status).toBe(200);
  expect(bench.lines).toMatchObject([
    { message: "operator action", fields: { actor: "demo-operator", target: "a1" } },
    { severity: "ERROR", message: "operator action not kept" },
  ]);
});

test("every route that changes something says what the journal calls it", async () => {
  bench = await openApi();
  const unnamed = ROUTES.filter(({ method, action }) => (method === "GET") !== (action === undefined));

  expect(unnamed.map(({ method, pattern }) => `${method} ${pattern}`)).toEqual([]);
});
