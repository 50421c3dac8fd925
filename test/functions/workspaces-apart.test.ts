import { afterEach, expect, test } from "vitest";
import "../../functions/api/index.ts";
import { ROUTES } from "../../functions/api/routes.ts";
import { COLLECTIONS } from "../../shared/ports/indexes.ts";
import { as, key, mapOf, openApi, put } from "./api-bench.ts";
import { type Bench, problem } from "./edge-bench.ts";

let bench: Bench;
afterEach(() => bench.close());

/** Stands in every document of the neighbour, and nowhere else. */
const NEIGHBOURS = "only-villa-knows";
const ID = "shared-id";

/** A neighbour who has something under one id in every collection, and a map of a booking. */
async function besideNeighbour(): Promise<void> {
  bench = await openApi();
  const ids = Object.keys(COLLECTIONS).filter((collection) => collection !== "apiKeys");
  const status = { status: "open", note: NEIGHBOURS, id: ID };
  const everywhere = ids.map((collection) => ({ kind: "put", ref: { collection, id: ID }, data: status }) as const);
  await put(bench, "villa", ...everywhere, mapOf("4711", { eventId: NEIGHBOURS }));
}

async function everythingOf(ws: string): Promise<string> {
  const store = bench.world.store(ws);
  const parts = await Promise.all(Object.keys(COLLECTIONS).map((collection) => store.query({ collection })));
  return JSON.stringify(parts);
}

const BODIES: Readonly<Record<string, object>> = {
  sync: { source: "uschedule", resource: "bay-1", bookingId: "4711" },
  keys: { label: "front desk", scopes: ["read"] },
};

function addressOf(pattern: string): string {
  const path = pattern.replace(":key", "uschedule:4711").replace(":resource", "bay-1").replace(/:\w+/, ID);
  const window = "from=2027-01-12T00:00:00Z&to=2027-01-13T00:00:00Z";
  return `/api/${path}?${pattern.endsWith("busy") ? window : ""}`;
}

for (const { method, pattern } of ROUTES) {
  test(`${method} ${pattern} keeps workspaces apart: neither shown, nor changed, nor entered by asking`, async () => {
    await besideNeighbour();
    const before = await everythingOf("villa");
    const credential = await key(bench, ["admin"]);
    const body = method === "POST" ? (BODIES[pattern] ?? {}) : undefined;

    const entered = await problem(await bench.call(`${addressOf(pattern)}&ws=villa`, as(credential, method, body)));
    const inside = await bench.call(addressOf(pattern), as(credential, method, body));

    expect(entered).toMatchObject({ status: 403, code: "FORBIDDEN" });
    expect(await inside.text()).not.toContain(NEIGHBOURS);
    expect(await everythingOf("villa")).toBe(before);
  });
}
