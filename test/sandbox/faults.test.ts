import { afterEach, beforeEach, expect, test } from "vitest";
import { BAY_1, NINE, openStudio, refusal, type Studio } from "./harness.ts";

const EVENTS = `/google/calendar/v3/calendars/${BAY_1}/events`;
const ORDER = { ServiceID: 1, ResourceUnitID: 101, StartTime: "2027-01-10T09:00:00", ServiceLength: 60 };
const WEEK = { StartDate: "01/08/2027", EndDate: "01/15/2027" };

let studio: Studio;
beforeEach(async () => {
  studio = await openStudio();
});
afterEach(() => studio.sandbox.close());

function list(fault: string, query = "") {
  return studio.call(`${EVENTS}${query}`, undefined, { authorization: "Bearer x", "x-sandbox-fault": fault });
}

function insert(id: string, fault: string) {
  const options = { headers: { "x-sandbox-fault": fault } };
  return studio.google.events.insert({ calendarId: BAY_1, requestBody: { id, ...NINE } }, options);
}

async function storedIds(): Promise<(string | null | undefined)[]> {
  const { data } = await studio.google.events.list({ calendarId: BAY_1, showDeleted: true });
  return (data.items ?? []).map(({ id }) => id);
}

test.each([
  ["rate-limit", 403, { domain: "usageLimits", reason: "rateLimitExceeded" }],
  ["status=403;reason=userRateLimitExceeded", 403, { domain: "usageLimits", reason: "userRateLimitExceeded" }],
  ["status=429", 429, { domain: "usageLimits", reason: "rateLimitExceeded" }],
  ["status=503", 503, { reason: "backendError" }],
  ["expire-token", 401, { reason: "authError" }],
  ["no-access", 404, { domain: "global", reason: "notFound" }],
])("S01: Google answers %s with %i in its own error shape", async (fault, status, error) => {
  const answer = await list(fault);
  expect(answer.status).toBe(status);
  expect(answer.body.error).toMatchObject({ code: status, errors: [error] });
});

test("S44: Retry-After comes along where the fault says so", async () => {
  const headers = { authorization: "Bearer x", "x-sandbox-fault": "status=429;retry-after=2" };
  const response = await fetch(`${studio.sandbox.url}${EVENTS}`, { headers });
  expect([response.status, response.headers.get("retry-after")]).toEqual([429, "2"]);
});

test.each([
  ["status=500", []],
  ["timeout-before", []],
  ["html", []],
  ["timeout-after", ["event1"]],
  ["status-after=500", ["event1"]],
  ["cut", ["event1"]],
  ["garbled", ["event1"]],
  ["no-body", ["event1"]],
])("S13: after an insert with %s the calendar holds %j", async (fault, expected) => {
  await insert("event1", fault).catch(() => {});
  expect(await storedIds()).toEqual(expected);
});

test.each(["timeout-before", "timeout-after", "cut", "garbled"])("S01: %s is an error to the caller", async (fault) => {
  await expect(list(fault)).rejects.toThrow();
});

test("S02: a list can answer none, or HTML, as a success", async () => {
  await insert("event1", "");

  expect((await list("empty")).body).toMatchObject({ items: [], nextSyncToken: expect.any(String) });
  const headers = { authorization: "Bearer x", "x-sandbox-fault": "html" };
  const response = await fetch(`${studio.sandbox.url}${EVENTS}`, { headers });
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
});

test("S03: a list can answer a part as if it were all", async () => {
  for (const id of ["event1", "event2", "event3", "event4"]) await insert(id, "");

  expect((await list("truncate")).body).toMatchObject({ items: [{ id: "event1" }, { id: "event2" }] });
  expect((await list("truncate", "?maxResults=2")).body).toHaveProperty("nextSyncToken");
  expect((await list("omit=event3")).body.items).toHaveLength(3);
  expect((await list("bad-row")).body.items).toHaveLength(5);
});

test("S58: an answer can be old when it arrives", async () => {
  const late = list("delay-after=150");
  await new Promise((resolve) => setTimeout(resolve, 50));
  await insert("event1", "");
  expect((await late).body.items).toEqual([]);

  const early = list("delay-before=150");
  await new Promise((resolve) => setTimeout(resolve, 50));
  await insert("event2", "");
  expect((await early).body.items).toHaveLength(2);
});

test("S65: one request can see the calendar as a freeBusyReader", async () => {
  await insert("event1", "");
  expect((await list("free-busy")).body).toMatchObject({ accessRole: "freeBusyReader" });
});

test("S02: USchedule's list lies in the same ways", async () => {
  for (const hour of ["09", "11", "13", "15"]) {
    await studio.uschedule("bookit", { ...ORDER, StartTime: `2027-01-10T${hour}:00:00` });
  }
  const lengths = ["empty", "truncate", "omit=410002", "bad-row"].map(async (fault) => {
    const { body } = await studio.uschedule("getapiappointments", WEEK, { "x-sandbox-fault": fault });
    return Array.isArray(body) ? body.length : body;
  });
  expect(await Promise.all(lengths)).toEqual([0, 2, 3, 5]);
});

test("S46: a forgotten token stays forgotten until the next login", async () => {
  await studio.uschedule("services");
  expect((await studio.uschedule("services", undefined, { "x-sandbox-fault": "expire-token" })).status).toBe(401);
  expect((await studio.uschedule("services")).status).toBe(401);
});

test("a booking that timed out may have been made; a taken slot is refused", async () => {
  await studio.uschedule("bookit", ORDER, { "x-sandbox-fault": "timeout-after" }).catch(() => {});
  expect((await studio.uschedule("getapiappointments", WEEK)).body).toHaveLength(1);

  const other = { ...ORDER, ResourceUnitID: 102 };
  expect((await studio.uschedule("bookit", other, { "x-sandbox-fault": "slot-taken" })).status).toBe(409);
  expect((await studio.uschedule("bookit", other, { "x-sandbox-fault": "rate-limit" })).status).toBe(429);
});

test("a rule skips, hits as often as it says, and then is gone", async () => {
  const rule = { api: "google", method: "get", path: "/events", kinds: ["status=503"], skip: 1, times: 2 };
  await studio.call("/sandbox/faults", { rules: [rule] });

  const statuses: number[] = [];
  for (let n = 0; n < 4; n++) statuses.push((await list("")).status);

  expect(statuses).toEqual([200, 503, 503, 200]);
  expect((await studio.call("/sandbox/faults")).body.rules).toEqual([]);
});

test("S27: a rule can hit one item alone, by what is sent", async () => {
  await studio.call("/sandbox/faults", { rules: [{ method: "POST", body: "event1", kinds: ["status=400"] }] });
  expect(await refusal(insert("event1", ""))).toBe("400 badRequest");
  expect(await refusal(insert("event2", ""))).toBe("answered");
});

test("chance is drawn from the seed: the same seed, the same faults", async () => {
  const rules = [{ api: "google", kinds: ["status=500", "rate-limit"], probability: 0.5 }];
  const run = async () => {
    await studio.call("/sandbox/faults", { rules, seed: 42 });
    const statuses: number[] = [];
    for (let n = 0; n < 12; n++) statuses.push((await list("")).status);
    await fetch(`${studio.sandbox.url}/sandbox/faults`, { method: "DELETE" });
    return statuses;
  };

  const first = await run();
  expect(await run()).toEqual(first);
  expect(new Set(first).size).toBeGreaterThan(1);
});

test("S44: beyond the quota of a minute Google answers 403, and again 200 in the next", async () => {
  await studio.call("/sandbox/options", { quotaPerMinute: 2 });
  const call = () => refusal(studio.google.events.list({ calendarId: BAY_1 }));

  expect([await call(), await call(), await call()]).toEqual(["answered", "answered", "403 rateLimitExceeded"]);
  studio.clock.advance(60_000);
  expect(await call()).toBe("answered");
});

test("a fault, rule or option that does not exist is refused with what there is", async () => {
  expect((await list("earthquake")).body.Message).toContain("timeout-before");
  expect((await studio.call("/sandbox/faults", { rules: [{ kinds: ["earthquake"] }] })).status).toBe(400);
  expect((await studio.call("/sandbox/options", { gravity: 9 })).status).toBe(400);
  expect((await studio.call("/sandbox/nothing")).status).toBe(404);
});

test("only calls under a local name are answered", async () => {
  const { request } = await import("node:http");
  const status = await new Promise<number | undefined>((resolve) => {
    const headers = { host: "evil.example" };
    request(`${studio.sandbox.url}/sandbox/state`, { headers }, (response) => resolve(response.statusCode)).end();
  });
  expect(status).toBe(421);
  expect((await studio.call("/sandbox/reset", {}, { origin: "https://evil.example" })).status).toBe(421);
});
