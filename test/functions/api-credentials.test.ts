import { afterEach, expect, test } from "vitest";
import "../../functions/api/index.ts";
import type { Scope } from "../../shared/edge/scope.ts";
import { as, json, key, mapOf, openApi, post, put } from "./api-bench.ts";
import { type Bench, problem } from "./edge-bench.ts";

let bench: Bench;
afterEach(() => bench.close());

test("health needs no credential", async () => {
  bench = await openApi();

  const answers = await Promise.all(["/health", "/api/health"].map((path) => bench.call(path)));

  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
});

test("a wish posted to health by mistake is refused, not answered as well", async () => {
  bench = await openApi();

  const refused = await problem(await bench.call("/api/health", post({ label: "front desk" })));

  expect(refused).toMatchObject({ status: 405, code: "METHOD_NOT_ALLOWED" });
});

test("without a credential everything else is refused", async () => {
  bench = await openApi();

  const refused = await problem(await bench.call("/api/event-maps"));

  expect(refused).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
  expect(bench.lines).toMatchObject([{ message: "credential refused" }]);
});

const WRONG: [string, (genuine: string) => RequestInit][] = [
  ["a word", () => as("let-me-in")],
  ["an empty bearer", () => ({ headers: { authorization: "Bearer " } })],
  ["basic credentials", () => ({ headers: { authorization: "Basic dXNlcjpwYXNz" } })],
  ["a key with one letter changed", (genuine) => as(genuine.slice(0, -1) + (genuine.endsWith("A") ? "B" : "A"))],
  ["a key under another id", (genuine) => as(genuine.replace(/_[0-9a-f]{16}_/, `_${"0".repeat(16)}_`))],
  ["a key moved to another workspace", (genuine) => as(genuine.replace("lsk_loft_", "lsk_villa_"))],
  ["a key of a workspace that is not there", (genuine) => as(genuine.replace("lsk_loft_", "lsk_nowhere_"))],
  ["a wrong X-Api-Key", () => ({ headers: { "x-api-key": "lsk_loft_x" } })],
];

for (const [what, present] of WRONG) {
  test(`${what} is refused, also where no credential would be needed`, async () => {
    bench = await openApi({ ws: "loft" });

    const refused = await problem(await bench.call("/api/event-maps", present(await key(bench, ["admin"]))));

    expect(refused).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
  });
}

test("a revoked key is refused from then on", async () => {
  bench = await openApi();
  const [admin, other] = [await key(bench, ["admin"]), await key(bench, ["read"])];
  const id = other.split("_")[2];

  const before = await bench.call("/api/event-maps", as(other));
  const revoked = await bench.call(`/api/keys/${id}/revoke`, as(admin, "POST"));
  const after = await bench.call("/api/event-maps", as(other));

  expect([before.status, revoked.status, after.status]).toEqual([200, 200, 401]);
});

const NEEDS: [Scope, string, string][] = [
  ["read", "GET", "/api/event-maps"],
  ["read", "GET", "/api/explain/uschedule:1"],
  ["operate", "POST", "/api/sync"],
  ["read", "GET", "/api/holds"],
  ["operate", "POST", "/api/holds/h1/approve"],
  ["operate", "POST", "/api/holds/h1/reject"],
  ["operate", "POST", "/api/holds/h1/undo"],
  ["read", "GET", "/api/review-items"],
  ["operate", "POST", "/api/review-items/r1/resolve"],
  ["read", "GET", "/api/alerts"],
  ["operate", "POST", "/api/alerts/a1/acknowledge"],
  ["operate", "GET", "/api/dead-letters"],
  ["admin", "GET", "/api/keys"],
  ["admin", "POST", "/api/keys"],
  ["admin", "POST", "/api/keys/k1/revoke"],
];

/** Scopes that do not suffice for one. */
const TOO_LITTLE: Readonly<Record<Scope, readonly Scope[]>> = {
  read: ["capture"],
  operate: ["read", "capture"],
  admin: ["read", "operate", "capture"],
  capture: [],
};

for (const [scope, method, path] of NEEDS) {
  test(`${method} ${path} takes nothing less than ${scope}`, async () => {
    bench = await openApi();
    const weak = await Promise.all(TOO_LITTLE[scope].map((each) => key(bench, [each])));

    const refused = await Promise.all(weak.map(async (each) => problem(await bench.call(path, as(each, method)))));
    const body = method === "GET" ? undefined : path.endsWith("sync") ? { dryRun: true } : {};
    const strong = await bench.call(path, as(await key(bench, [scope]), method, body));

    expect(refused.map(({ status, code }) => [status, code])).toEqual(refused.map(() => [403, "FORBIDDEN"]));
    expect(refused[0]?.detail).toContain(`"${scope}"`);
    expect([401, 403]).not.toContain(strong.status);
  });
}

test("a key sees its own workspace, whatever it asks for", async () => {
  bench = await openApi();
  await put(bench, "loft", mapOf("1"));
  const neighbour = await key(bench, ["admin"], "villa");

  const own = await json(await bench.call("/api/event-maps", as(neighbour)));
  const asked = await problem(await bench.call("/api/event-maps?ws=loft", as(neighbour)));
  const explained = await problem(await bench.call("/api/explain/uschedule:1", as(neighbour)));

  expect(own).toEqual({ items: [], next: null });
  expect(asked).toMatchObject({ status: 403, code: "FORBIDDEN" });
  expect(explained).toMatchObject({ status: 404, code: "NOT_FOUND" });
});

test("on one machine a request without a credential acts as the demo operator, and may choose the workspace", async () => {
  bench = await openApi({ ws: "loft" });
  await put(bench, "loft", mapOf("1"));

  const loft = await json(await bench.call("/api/event-maps"));
  const villa = await json(await bench.call("/api/event-maps?ws=villa"));
  const nowhere = await problem(await bench.call("/api/event-maps?ws=nowhere"));

  expect(loft).toMatchObject({ items: [{ bookingKey: "uschedule:1", calendarId: "loft-bay-1@sandbox" }] });
  expect(villa).toEqual({ items: [], next: null });
  expect(nowhere).toMatchObject({ status: 404, code: "NOT_FOUND" });
});

test("a key's secret is shown once and kept as a hash", async () => {
  bench = await openApi({ ws: "loft" });

  const created = (await json(
    await bench.call("/api/keys", post({ label: "front desk", scopes: ["operate"] })),
  )) as Record<string, string>;
  const listed = await (await bench.call("/api/keys")).text();
  const [stored] = await bench.world.store("loft").query({ collection: "apiKeys" });
  const used = await bench.call("/api/holds", as(created["key"] ?? ""));

  const secret = created["key"]?.slice(-43) ?? "";
  expect(created["key"]).toMatch(/^lsk_loft_[0-9a-f]{16}_[\w-]{43}$/);
  expect(used.status).toBe(200);
  expect(`${listed}${JSON.stringify(stored)}${JSON.stringify(bench.lines)}`).not.toContain(secret);
  expect(listed).not.toContain("hash");
});

test("a key without scopes, or with made-up ones, is not made", async () => {
  bench = await openApi({ ws: "loft" });

  const refused = await Promise.all(
    [{ label: "x", scopes: [] }, { label: "x", scopes: ["root"] }, { scopes: ["read"] }].map(async (wish) =>
      problem(await bench.call("/api/keys", post(wish))),
    ),
  );

  expect(refused.map(({ code }) => code)).toEqual(Array.from({ length: 3 }, () => "INVALID_REQUEST"));
  expect(await bench.world.store("loft").count({ collection: "apiKeys" })).toBe(0);
});
