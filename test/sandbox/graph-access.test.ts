import { afterEach, beforeEach, expect, test } from "vitest";
import { CREDENTIALS, fetchToken, HALF_PAST_TEN, JANUARY, OTHER_ROOM, openTown, ROOM, type Town } from "./town.ts";

let town: Town;
beforeEach(async () => {
  town = await openTown();
});
afterEach(() => town.sandbox.close());

const EVENTS = `users/${ROOM}/events`;

test("client credentials grant a token that ends", async () => {
  expect((await town.graph("GET", EVENTS)).status).toBe(200);
  town.clock.advance(3599_000);
  const ended = await town.graph("GET", EVENTS);
  expect([ended.status, ended.body.error.code]).toEqual([401, "InvalidAuthenticationToken"]);

  await town.newToken();
  expect((await town.graph("GET", EVENTS)).status).toBe(200);
});

test.each([
  ["no secret", { client_secret: "" }, "invalid_client"],
  ["no client", { client_id: "" }, "invalid_request"],
  ["another grant", { grant_type: "password" }, "unsupported_grant_type"],
  ["a single right as scope", { scope: "Calendars.ReadWrite" }, "invalid_scope"],
])("credentials with %s are refused", async (_, wrong, error) => {
  const response = await fetch(`${town.sandbox.url}/graph/tenant/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({ ...CREDENTIALS, ...wrong }),
  });
  expect([response.ok, JSON.parse(await response.text()).error]).toEqual([false, error]);
});

test("no token, and one that was never granted, answer 401; the option takes any", async () => {
  const status = async (authorization: string) =>
    (await town.graph("GET", EVENTS, undefined, { authorization })).status;

  expect([await status(""), await status("Bearer made-up")]).toEqual([401, 401]);
  await town.control("options", { graphAnyToken: true });
  expect([await status(""), await status("Bearer made-up")]).toEqual([401, 200]);
});

test("S01: a forgotten token stays forgotten until the next login", async () => {
  const faulty = await town.graph("GET", EVENTS, undefined, { "x-sandbox-fault": "expire-token" });
  expect([faulty.status, (await town.graph("GET", EVENTS)).status]).toEqual([401, 401]);
  expect(await fetchToken(town.sandbox.url)).toMatch(/^sandbox\./);
});

test("errors have a code, a message, and the ids that support asks for", async () => {
  const headers = { "client-request-id": "mine" };
  const { body } = await town.graph("GET", `${EVENTS}/AAMkADnone=`, undefined, headers);
  expect(body.error).toEqual({
    code: "ErrorItemNotFound",
    message: expect.any(String),
    innerError: {
      date: "2027-01-04T12:00:00",
      "request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "client-request-id": "mine",
    },
  });
});

test.each([
  ["status=503", 503, "ServiceUnavailable"],
  ["status=409;reason=ErrorConcurrentItemSave", 409, "ErrorConcurrentItemSave"],
  ["rate-limit", 429, "ApplicationThrottled"],
  ["no-access", 403, "ErrorAccessDenied"],
])("S01: %s is answered with %i in Graph's own shape", async (fault, status, code) => {
  const answer = await town.graph("GET", EVENTS, undefined, { "x-sandbox-fault": fault });
  expect([answer.status, answer.body.error.code]).toEqual([status, code]);
});

test.each([
  ["throttle=7", 0, 429],
  ["status-after=500", 1, 500],
  ["no-body", 1, 200],
])("S13: after a create with %s the room holds %i events", async (fault, events, status) => {
  const answer = await town.graph("POST", EVENTS, HALF_PAST_TEN, { "x-sandbox-fault": fault });
  expect(answer.status).toBe(status);
  expect((await town.graph("GET", EVENTS)).body.value).toHaveLength(events);
});

test("S44: too many calls answer 429 with how long to wait", async () => {
  const thrown = await town.graph("GET", EVENTS, undefined, { "x-sandbox-fault": "throttle=7" });
  expect(thrown.headers.get("retry-after")).toBe("7");

  await town.control("options", { graphCallsPer10Minutes: 2 });
  const call = async (room: string) => (await town.graph("GET", `users/${room}/events`)).status;
  expect([await call(ROOM), await call(ROOM), await call(ROOM), await call(OTHER_ROOM)]).toEqual([200, 200, 429, 200]);
  const { headers } = await town.graph("GET", EVENTS);
  town.clock.advance(Number(headers.get("retry-after")) * 1000);
  expect(await call(ROOM)).toBe(200);
});

test("S44: the real client waits as it is told and tries again", async () => {
  const rule = { api: "graph", kinds: ["throttle=0"], times: 1 };
  await town.control("faults", { rules: [rule] });
  await town.client.api(`/${EVENTS}`).post(HALF_PAST_TEN);
  const { body } = await town.control("calls");
  expect(body.counts).toMatchObject({ "graph events.create": 2 });
});

test("S44: a fifth call of the app to one mailbox at the same time answers 429", async () => {
  await town.control("options", { graphLatencyMs: 100 });
  const statuses = async (room: (n: number) => string) => {
    const calls = Array.from({ length: 6 }, (_, n) => town.graph("GET", `users/${room(n)}/events`));
    return (await Promise.all(calls)).map(({ status }) => status).sort();
  };

  expect(await statuses(() => ROOM)).toEqual([200, 200, 200, 200, 429, 429]);
  expect(await statuses((n) => `room-${n + 1}@sandbox`)).toEqual([200, 200, 200, 200, 200, 200]);
  await town.control("options", { graphConcurrent: null });
  expect(await statuses(() => ROOM)).toEqual([200, 200, 200, 200, 200, 200]);
});

test("a late answer counts as under way until it is out", async () => {
  await town.control("options", { graphConcurrent: 1 });
  const late = town.graph("GET", EVENTS, undefined, { "x-sandbox-fault": "delay-after=150" });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await town.graph("GET", EVENTS)).status).toBe(429);
  expect((await late).status).toBe(200);
  expect((await town.graph("GET", EVENTS)).status).toBe(200);
});

test("S02: lists can lie", async () => {
  const made: string[] = [];
  for (let n = 0; n < 4; n++) made.push((await town.graph("POST", EVENTS, HALF_PAST_TEN)).body.id);
  const list = async (path: string, fault: string) =>
    (await town.graph("GET", path, undefined, { "x-sandbox-fault": fault })).body.value.length;

  for (const path of [EVENTS, `users/${ROOM}/calendarView?${JANUARY}`]) {
    expect(await list(path, "empty")).toBe(0);
    expect(await list(path, "truncate")).toBe(2);
    expect(await list(path, `omit=${made[0]}`)).toBe(3);
    expect(await list(path, "bad-row")).toBe(5);
  }
  const page = await town.graph("GET", EVENTS, undefined, { "x-sandbox-fault": "empty-page" });
  expect(page.body.value).toEqual([]);
  expect((await town.graph("GET", page.body["@odata.nextLink"] ?? "")).body.value).toHaveLength(4);
});

test("rooms, room lists, and the rooms of a list", async () => {
  const rooms = await town.client.api("/places/microsoft.graph.room").get();
  const lists = await town.client.api("/places/microsoft.graph.roomlist").get();
  const some = await town.client.api("/places/town-hall@sandbox/microsoft.graph.roomlist/rooms").top(4).get();
  const rest = await town.client.api(some["@odata.nextLink"]).get();

  expect(rooms.value).toHaveLength(12);
  expect(rooms.value[0]).toMatchObject({ emailAddress: ROOM, displayName: "Council Chamber", capacity: 60 });
  expect(lists.value.map(({ emailAddress }: { emailAddress: string }) => emailAddress)).toEqual([
    "town-hall@sandbox",
    "culture-house@sandbox",
  ]);
  expect([some.value.length, rest.value.length]).toEqual([4, 2]);
  expect((await town.graph("GET", "places/none@sandbox/microsoft.graph.roomlist/rooms")).status).toBe(404);
});

test("getSchedule tells free and busy slot by slot, and an error for whom it does not know", async () => {
  const at = (time: string) => ({ dateTime: `2027-01-12T${time}:00`, timeZone: "UTC" });
  const busy = (start: string, end: string, showAs: string) =>
    town.graph("POST", EVENTS, { subject: "x", start: at(start), end: at(end), showAs });
  await busy("09:00", "09:30", "busy");
  await busy("09:30", "10:00", "tentative");
  await busy("10:00", "10:30", "oof");
  await busy("10:30", "11:00", "workingElsewhere");
  await busy("11:00", "11:30", "free");

  const ask = (more: object = {}) =>
    town.graph("POST", `users/${ROOM}/calendar/getSchedule`, {
      schedules: [ROOM, "nobody@sandbox"],
      startTime: at("08:30"),
      endTime: at("12:00"),
      availabilityViewInterval: 30,
      ...more,
    });
  const { body } = await ask();

  expect(body.value).toMatchObject([
    { scheduleId: ROOM, availabilityView: "0213400" },
    { scheduleId: "nobody@sandbox", error: { responseCode: "ErrorMailRecipientNotFound" } },
  ]);
  expect((await ask({ availabilityViewInterval: 4 })).status).toBe(400);
  expect((await ask({ availabilityViewInterval: 1440 })).body.value[0]?.availabilityView).toBe("3");
});

test("what is no path of the API is 400, and counted as unknown", async () => {
  expect((await town.graph("GET", "me/events")).status).toBe(400);
  expect((await town.control("calls")).body.counts).toMatchObject({ "graph unknown": 1 });
});
