import { afterEach, expect, test } from "vitest";
import "../../functions/api/index.ts";
import {
  type AlertDoc,
  alertRef,
  type HoldDoc,
  holdRef,
  type ReviewItem,
  reviewRef,
} from "../../shared/flows/documents.ts";
import { as, json, key, mapOf, NOW, openApi, post, put } from "./api-bench.ts";
import { type Bench, problem } from "./edge-bench.ts";

let bench: Bench;
afterEach(() => bench.close());

test("event maps come in pages and can be filtered", async () => {
  bench = await openApi({ ws: "loft" });
  await put(bench, "loft", mapOf("1"), mapOf("2", { status: "error" }), mapOf("3", { resource: "bay-2" }));
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

for (const query of ["limit=0", "limit=501", "limit=ten", "status=broken", "after=", "after=a%2Fb", "after=%00"]) {
  test(`?${query} is refused by name`, async () => {
    bench = await openApi({ ws: "loft" });

    const refused = await problem(await bench.call(`/api/event-maps?${query}`));

    expect(refused).toMatchObject({ status: 400, code: "INVALID_REQUEST" });
    expect(refused.detail).toContain(`query.${query.split("=")[0]}`);
  });
}

for (const list of ["review-items", "alerts", "dead-letters"]) {
  test(`a status misspelt is refused by name, and does not look like an empty list of ${list}`, async () => {
    bench = await openApi({ ws: "loft" });

    const refused = await problem(await bench.call(`/api/${list}?status=opne`));
    const known = await Promise.all(["", "?status=all"].map((query) => bench.call(`/api/${list}${query}`)));

    expect(refused).toMatchObject({ status: 400, code: "INVALID_REQUEST" });
    expect(refused.detail).toContain("query.status");
    expect(known.map(({ status }) => status)).toEqual([200, 200]);
  });
}

for (const [path, method] of [
  ["holds/a%2Fb/approve", "POST"],
  ["review-items/%00/resolve", "POST"],
  [`alerts/${"x".repeat(401)}/acknowledge`, "POST"],
  ["keys/%2e/revoke", "POST"],
  ["keys/__name__/revoke", "POST"],
  ["explain/%0a", "GET"],
] as const) {
  test(`an id no document can have is not found, like any other that is not there: ${path.slice(0, 40)}`, async () => {
    bench = await openApi({ ws: "loft" });

    const refused = await problem(await bench.call(`/api/${path}`, { method }));

    expect(refused).toMatchObject({ status: 404, code: "NOT_FOUND" });
  });
}

test("S55: a booking never seen is told as such", async () => {
  bench = await openApi({ ws: "loft" });

  const refused = await problem(await bench.call("/api/explain/uschedule%3A404"));

  expect(refused).toMatchObject({ status: 404, code: "NOT_FOUND" });
  expect(refused.detail).toContain("uschedule:404");
});

test("a requested sync of one booking asks its worker to look again", async () => {
  bench = await openApi({ ws: "loft" });

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
  bench = await openApi({ ws: "loft" });

  const answer = await json(await bench.call("/api/sync", post({ dryRun: true })));

  expect(answer).toEqual({
    dryRun: true,
    sources: ["uschedule"],
    calendars: ["loft-bay-1@sandbox", "loft-bay-2@sandbox"],
  });
  expect(bench.publisher.published).toEqual([]);
});

test("a requested sync touches each calendar of what was asked", async () => {
  bench = await openApi({ ws: "loft" });

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
    bench = await openApi({ ws: "loft" });

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
  bench = await openApi({ ws: "loft" });
  await put(bench, "loft", { kind: "put", ref: holdRef("h1"), data: HOLD });

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
  bench = await openApi({ ws: "loft" });
  const item: ReviewItem = {
    id: "ask~1/2",
    kind: "quarantined",
    status: "open",
    openedAt: NOW,
    detail: "end before start",
  };
  await put(bench, "loft", { kind: "put", ref: reviewRef(item.id), data: item });

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
  bench = await openApi();
  const alert: AlertDoc = {
    id: "silent~x",
    kind: "silent",
    subject: "x",
    detail: "no push for a day",
    status: "open",
    openedAt: NOW,
  };
  await put(bench, "loft", { kind: "put", ref: alertRef(alert.id), data: alert });
  const operator = await key(bench, ["operate"]);

  const acknowledged = await json(await bench.call("/api/alerts/silent~x/acknowledge", as(operator, "POST")));

  expect(acknowledged).toMatchObject({ status: "acknowledged", acknowledgedBy: `key:${operator.split("_")[2]}` });
});

test("what is not there is 404, and another method names the one that is taken", async () => {
  bench = await openApi({ ws: "loft" });

  const nothing = await problem(await bench.call("/api/everything"));
  const get = await bench.call("/api/sync");
  const put = await bench.call("/api/holds", { method: "PUT" });

  expect(nothing).toMatchObject({ status: 404, code: "NOT_FOUND" });
  expect([get.status, get.headers.get("allow")]).toEqual([405, "POST"]);
  expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, POST, PATCH, OPTIONS"]);
});
