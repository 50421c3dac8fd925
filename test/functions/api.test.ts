import { afterEach, expect, test } from "vitest";
import "../../functions/api/index.ts";
import type { Config } from "../../shared/config.ts";
import { makeApiKey, type Scope } from "../../shared/edge/api-key.ts";
import {
  type AlertDoc,
  alertRef,
  type EventMap,
  type HoldDoc,
  holdRef,
  mapRef,
  type ReviewItem,
  reviewRef,
} from "../../shared/flows/documents.ts";
import type { Write } from "../../shared/ports/store.ts";
import { type Bench, demoConfig, openBench, problem } from "./edge-bench.ts";

let bench: Bench;
afterEach(() => bench.close());

const NOW = "2027-01-10T08:00:00.000Z";

/** The demo's workspace, and one of a neighbour with the same resources. */
function twoWorkspaces(): Config {
  const { loft } = demoConfig().workspaces;
  if (loft === undefined) throw new Error("no demo");
  return { workspaces: { loft, villa: loft } };
}

async function open(demoOperator?: { readonly ws: string }): Promise<void> {
  bench = await openBench("api", { config: twoWorkspaces(), ...(demoOperator && { demoOperator }) });
  bench.now = NOW;
}

/** The text of a fresh key. */
async function key(scopes: readonly Scope[], ws = "loft"): Promise<string> {
  const { doc, text } = makeApiKey(ws, { label: "test", scopes, createdBy: "test" }, NOW);
  await put(ws, { kind: "put", ref: { collection: "apiKeys", id: doc.id }, data: doc });
  return text;
}

async function put(ws: string, ...writes: Write[]): Promise<void> {
  await bench.world.store(ws).commit(writes);
}

function as(credential: string, method = "GET", body?: object): RequestInit {
  return {
    method,
    headers: { authorization: `Bearer ${credential}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
}

function post(body?: object): RequestInit {
  return { method: "POST", ...(body !== undefined && { body: JSON.stringify(body) }) };
}

async function json(response: Response): Promise<unknown> {
  return response.json();
}

function mapOf(bookingId: string, change: Partial<EventMap> = {}): Write {
  const key = `uschedule:${bookingId}`;
  const map: EventMap = {
    key,
    source: "uschedule",
    bookingId,
    resource: "bay-1",
    calendarId: "loft-bay-1@sandbox",
    eventId: `e${bookingId}`,
    incarnation: 1,
    status: "active",
    dirty: false,
    nextAttempt: "",
    attempts: 0,
    endsAt: "2027-01-11T08:00:00.000Z",
    since: NOW,
    restored: 0,
    journal: [],
    ...change,
  };
  return { kind: "put", ref: mapRef(key, map.resource), data: map };
}

test("health needs no credential", async () => {
  await open();

  const answers = await Promise.all(["/health", "/api/health"].map((path) => bench.call(path)));

  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
});

test("without a credential everything else is refused", async () => {
  await open();

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
    await open({ ws: "loft" });

    const refused = await problem(await bench.call("/api/event-maps", present(await key(["admin"]))));

    expect(refused).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
  });
}

test("a revoked key is refused from then on", async () => {
  await open();
  const [admin, other] = [await key(["admin"]), await key(["read"])];
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
    await open();
    const weak = await Promise.all(TOO_LITTLE[scope].map((each) => key([each])));

    const refused = await Promise.all(weak.map(async (each) => problem(await bench.call(path, as(each, method)))));
    const body = method === "GET" ? undefined : path.endsWith("sync") ? { dryRun: true } : {};
    const strong = await bench.call(path, as(await key([scope]), method, body));

    expect(refused.map(({ status, code }) => [status, code])).toEqual(refused.map(() => [403, "FORBIDDEN"]));
    expect(refused[0]?.detail).toContain(`"${scope}"`);
    expect([401, 403]).not.toContain(strong.status);
  });
}

test("a key sees its own workspace, whatever it asks for", async () => {
  await open();
  await put("loft", mapOf("1"));
  const neighbour = await key(["admin"], "villa");

  const own = await json(await bench.call("/api/event-maps", as(neighbour)));
  const asked = await problem(await bench.call("/api/event-maps?ws=loft", as(neighbour)));
  const explained = await problem(await bench.call("/api/explain/uschedule:1", as(neighbour)));

  expect(own).toEqual({ items: [], next: null });
  expect(asked).toMatchObject({ status: 403, code: "FORBIDDEN" });
  expect(explained).toMatchObject({ status: 404, code: "NOT_FOUND" });
});

test("on one machine a request without a credential acts as the demo operator, and may choose the workspace", async () => {
  await open({ ws: "loft" });
  await put("loft", mapOf("1"));

  const loft = await json(await bench.call("/api/event-maps"));
  const villa = await json(await bench.call("/api/event-maps?ws=villa"));
  const nowhere = await problem(await bench.call("/api/event-maps?ws=nowhere"));

  expect(loft).toMatchObject({ items: [{ bookingKey: "uschedule:1", calendarId: "loft-bay-1@sandbox" }] });
  expect(villa).toEqual({ items: [], next: null });
  expect(nowhere).toMatchObject({ status: 404, code: "NOT_FOUND" });
});

test("event maps come in pages and can be filtered", async () => {
  await open({ ws: "loft" });
  await put("loft", mapOf("1"), mapOf("2", { status: "error" }), mapOf("3", { resource: "bay-2" }));
  const ids = async (query: string): Promise<[string[], string | null]> => {
    const body = (await json(await bench.call(`/api/event-maps${query}`))) as {
      items: { appointmentId: string }[];
      next: string | null;
    };
    return [body.items.map(({ appointmentId }) => appointmentId), body.next];
  };

  const [first, next] = await ids("?limit=2");
  const [second, end] = await ids(`?limit=2&after=${encodeURIComponent(next ?? "")}`);

  expect([first, second, end]).toEqual([["1", "2"], ["3"], null]);
  expect((await ids("?status=error"))[0]).toEqual(["2"]);
  expect((await ids("?resource=bay-2"))[0]).toEqual(["3"]);
});

for (const query of ["limit=0", "limit=501", "limit=ten", "status=broken", "after="]) {
  test(`?${query} is refused by name`, async () => {
    await open({ ws: "loft" });

    const refused = await problem(await bench.call(`/api/event-maps?${query}`));

    expect(refused).toMatchObject({ status: 400, code: "INVALID_REQUEST" });
    expect(refused.detail).toContain(`query.${query.split("=")[0]}`);
  });
}

test("S55: a booking never seen is told as such", async () => {
  await open({ ws: "loft" });

  const refused = await problem(await bench.call("/api/explain/uschedule%3A404"));

  expect(refused).toMatchObject({ status: 404, code: "NOT_FOUND" });
  expect(refused.detail).toContain("uschedule:404");
});

test("a requested sync of one booking asks its worker to look again", async () => {
  await open({ ws: "loft" });

  const response = await bench.call("/api/sync", post({ resource: "bay-2", bookingId: "4711" }));

  expect(response.status).toBe(202);
  expect(bench.publisher.take()).toMatchObject([
    { kind: "booking-seen", resource: "bay-2", source: "uschedule", items: [{ bookingId: "4711", force: true }] },
  ]);
  expect(bench.lines).toMatchObject([
    { message: "operator action", fields: { actor: "demo-operator", action: "request sync", target: "bay-2/4711" } },
  ]);
});

test("a dry run says what would be looked at, and starts nothing", async () => {
  await open({ ws: "loft" });

  const answer = await json(await bench.call("/api/sync", post({ dryRun: true })));

  expect(answer).toEqual({
    dryRun: true,
    sources: ["uschedule"],
    calendars: ["loft-bay-1@sandbox", "loft-bay-2@sandbox"],
  });
  expect(bench.publisher.published).toEqual([]);
});

test("a requested sync touches each calendar of what was asked", async () => {
  await open({ ws: "loft" });

  const response = await bench.call("/api/sync", post({ resource: "bay-1" }));

  // The source behind the bench answers nothing; its poll says so without undoing what was published.
  expect(response.status).toBeLessThan(600);
  expect(bench.publisher.take("calendar-touched")).toEqual([
    { ws: "loft", calendarId: "loft-bay-1@sandbox", via: "request" },
  ]);
});

for (const [body, code] of [
  [{ resource: "bay-9" }, "NOT_FOUND"],
  [{ source: "osm" }, "NOT_FOUND"],
  [{ bay: 1 }, "INVALID_REQUEST"],
  [[], "INVALID_REQUEST"],
] as const) {
  test(`a sync of ${JSON.stringify(body)} is refused`, async () => {
    await open({ ws: "loft" });

    expect(await problem(await bench.call("/api/sync", post(body)))).toMatchObject({ code });
    expect(bench.publisher.published).toEqual([]);
  });
}

const HOLD: HoldDoc = {
  id: "h1",
  kind: "breaker",
  scope: "calendar:loft-bay-1@sandbox",
  status: "open",
  openedAt: NOW,
  items: [],
};

test("S04: a hold is listed, approved once, and undone; each act is logged with who did it", async () => {
  await open({ ws: "loft" });
  await put("loft", { kind: "put", ref: holdRef("h1"), data: HOLD });

  const listed = await json(await bench.call("/api/holds"));
  const approved = await json(await bench.call("/api/holds/h1/approve", post()));
  const again = await problem(await bench.call("/api/holds/h1/approve", post()));
  const undone = await json(await bench.call("/api/holds/h1/undo", post()));

  expect(listed).toMatchObject({ items: [{ id: "h1", status: "open" }] });
  expect(approved).toMatchObject({ status: "approved", decidedBy: "demo-operator" });
  expect(again).toMatchObject({ status: 409, code: "INVALID_STATE" });
  expect(undone).toMatchObject({ status: "undone" });
  const acts = bench.lines.filter((line) => line.message === "operator action").map((line) => line.fields);
  expect(acts).toMatchObject([
    { action: "approve hold", target: "h1" },
    { action: "undo hold", target: "h1" },
  ]);
});

test("a review item is listed while it is open, and resolved once", async () => {
  await open({ ws: "loft" });
  const item: ReviewItem = {
    id: "ask~1/2",
    kind: "quarantined",
    status: "open",
    openedAt: NOW,
    detail: "end before start",
  };
  await put("loft", { kind: "put", ref: reviewRef(item.id), data: item });

  const listed = await json(await bench.call("/api/review-items"));
  const path = `/api/review-items/${encodeURIComponent(item.id)}/resolve`;
  const resolved = await json(await bench.call(path, post()));
  const again = await problem(await bench.call(path, post()));
  const left = await json(await bench.call("/api/review-items"));
  const all = await json(await bench.call("/api/review-items?status=all"));

  expect(listed).toMatchObject({ items: [{ id: "ask~1/2" }], next: null });
  expect(resolved).toMatchObject({ status: "resolved", resolvedAt: NOW, resolvedBy: "demo-operator" });
  expect(again).toMatchObject({ status: 409, code: "INVALID_STATE" });
  expect([left, all]).toMatchObject([{ items: [] }, { items: [{ status: "resolved" }] }]);
});

test("an alert is acknowledged by somebody with a name", async () => {
  await open();
  const alert: AlertDoc = {
    id: "silent~x",
    kind: "silent",
    subject: "x",
    detail: "no push for a day",
    status: "open",
    openedAt: NOW,
  };
  await put("loft", { kind: "put", ref: alertRef(alert.id), data: alert });
  const operator = await key(["operate"]);

  const acknowledged = await json(await bench.call("/api/alerts/silent~x/acknowledge", as(operator, "POST")));

  expect(acknowledged).toMatchObject({ status: "acknowledged", acknowledgedBy: `key:${operator.split("_")[2]}` });
});

test("a key's secret is shown once and kept as a hash", async () => {
  await open({ ws: "loft" });

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
  await open({ ws: "loft" });

  const refused = await Promise.all(
    [{ label: "x", scopes: [] }, { label: "x", scopes: ["root"] }, { scopes: ["read"] }].map(async (wish) =>
      problem(await bench.call("/api/keys", post(wish))),
    ),
  );

  expect(refused.map(({ code }) => code)).toEqual(Array.from({ length: 3 }, () => "INVALID_REQUEST"));
  expect(await bench.world.store("loft").count({ collection: "apiKeys" })).toBe(0);
});

test("what is not there is 404, and another method names the one that is taken", async () => {
  await open({ ws: "loft" });

  const nothing = await problem(await bench.call("/api/everything"));
  const get = await bench.call("/api/sync");
  const put = await bench.call("/api/holds", { method: "PUT" });

  expect(nothing).toMatchObject({ status: 404, code: "NOT_FOUND" });
  expect([get.status, get.headers.get("allow")]).toEqual([405, "POST"]);
  expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, POST"]);
});
