import { afterEach, beforeEach, expect, test } from "vitest";
import { BAY_1, BAY_2, NINE, openStudio, refusal, type Studio } from "./harness.ts";

let studio: Studio;
beforeEach(async () => {
  studio = await openStudio();
});
afterEach(() => studio.sandbox.close());

async function fullSync(params: object = {}): Promise<string> {
  const { data } = await studio.google.events.list({ calendarId: BAY_1, ...params });
  return data.nextSyncToken ?? "";
}

function sync(syncToken: string, params: object = {}) {
  return studio.google.events.list({ calendarId: BAY_1, syncToken, ...params });
}

function insert(id: string) {
  return studio.google.events.insert({ calendarId: BAY_1, requestBody: { id, summary: id, ...NINE } });
}

test("an incremental list holds what changed since the token, and a new token", async () => {
  await insert("before");
  const token = await fullSync();
  await insert("after");

  const changes = await sync(token);
  const nothing = await sync(changes.data.nextSyncToken ?? "");

  expect(changes.data.items?.map(({ id }) => id)).toEqual(["after"]);
  expect(nothing.data.items).toEqual([]);
  expect(nothing.data.nextSyncToken).toBe(changes.data.nextSyncToken);
});

test("a deleted event comes with its id and status alone, or whole where the option says so", async () => {
  await insert("gone1");
  const token = await fullSync();
  await studio.google.events.delete({ calendarId: BAY_1, eventId: "gone1" });

  expect((await sync(token)).data.items).toEqual([{ id: "gone1", status: "cancelled" }]);
  await studio.call("/sandbox/options", { tombstones: "full" });
  expect((await sync(token)).data.items).toMatchObject([{ id: "gone1", status: "cancelled", summary: "gone1" }]);
});

test("S59: a move shows as a tombstone on one calendar and as a change on the other", async () => {
  await insert("moved");
  const token = await fullSync();
  await studio.google.events.move({ calendarId: BAY_1, eventId: "moved", destination: BAY_2 });

  expect((await sync(token)).data.items).toEqual([{ id: "moved", status: "cancelled" }]);
  const there = await studio.google.events.list({ calendarId: BAY_2 });
  expect(there.data.items).toMatchObject([{ id: "moved", status: "confirmed", iCalUID: "moved@google.com" }]);
});

test("S30: what changes while pages are turned comes with the next sync", async () => {
  for (const id of ["page1", "page2", "page3"]) await insert(id);
  const token = await fullSync();
  for (const eventId of ["page1", "page2", "page3"]) {
    await studio.google.events.patch({ calendarId: BAY_1, eventId, requestBody: { summary: "new" } });
  }

  const first = await sync(token, { maxResults: 2 });
  await studio.google.events.patch({ calendarId: BAY_1, eventId: "page1", requestBody: { summary: "newer" } });
  const second = await sync(token, { maxResults: 2, pageToken: first.data.nextPageToken });
  const next = await sync(second.data.nextSyncToken ?? "");

  expect(first.data.items?.map(({ id }) => id)).toEqual(["page1", "page2"]);
  expect(second.data.items?.map(({ id }) => id)).toEqual(["page3"]);
  expect(next.data.items).toMatchObject([{ id: "page1", summary: "newer" }]);
});

test("a page of an incremental list needs its sync token again", async () => {
  const token = await fullSync();
  await insert("page1");
  await insert("page2");
  const { data } = await sync(token, { maxResults: 1 });

  const without = studio.google.events.list({ calendarId: BAY_1, maxResults: 1, pageToken: data.nextPageToken ?? "" });
  expect(await refusal(without)).toBe("400 invalid");
});

test.each([
  "iCalUID=x",
  "orderBy=updated",
  "q=x",
  "timeMin=2027-01-01T00:00:00Z",
  "updatedMin=2027-01-01T00:00:00Z",
  "privateExtendedProperty=a=b",
  "showDeleted=false",
])("a sync token with %s is refused", async (parameter) => {
  const token = await fullSync();
  const path = `/google/calendar/v3/calendars/${BAY_1}/events?syncToken=${token}&${parameter}`;
  const { status, body } = await studio.call(path, undefined, { authorization: "Bearer x" });
  expect(status).toBe(400);
  expect(body.error).toMatchObject({ errors: [{ reason: "syncTokenWithRequestRestrictions" }] });
});

test("a first listing with timeMin gives a token that knows the later changes of earlier events too", async () => {
  await insert("soon1");
  const token = await fullSync({ timeMin: "2028-01-01T00:00:00Z" });
  await studio.google.events.patch({ calendarId: BAY_1, eventId: "soon1", requestBody: { summary: "x" } });
  expect((await sync(token)).data.items).toMatchObject([{ id: "soon1" }]);
});

test("S29: an unknown, foreign or expired token answers 410 fullSyncRequired", async () => {
  const token = await fullSync();
  const foreign = () => studio.google.events.list({ calendarId: BAY_2, syncToken: token });

  expect(await refusal(sync("CAAQunknown"))).toBe("410 fullSyncRequired");
  expect(await refusal(foreign())).toBe("410 fullSyncRequired");
  await studio.call("/sandbox/google/expire-sync-tokens", { calendarId: BAY_1 });
  expect(await refusal(sync(token))).toBe("410 fullSyncRequired");

  const fresh = await fullSync();
  studio.clock.advance(31 * 86_400_000);
  expect(await refusal(sync(fresh))).toBe("410 fullSyncRequired");
});

test("S29: one request can be told that its token is too old", async () => {
  const path = `/google/calendar/v3/calendars/${BAY_1}/events?syncToken=${await fullSync()}`;
  const { status, body } = await studio.call(path, undefined, {
    authorization: "Bearer x",
    "x-sandbox-fault": "expire-sync-token",
  });
  expect(status).toBe(410);
  expect(body.error).toMatchObject({
    code: 410,
    errors: [{ domain: "calendar", reason: "fullSyncRequired", locationType: "parameter", location: "syncToken" }],
  });
});

test("a page may be empty and yet be followed by another", async () => {
  await insert("first");
  const path = `/google/calendar/v3/calendars/${BAY_1}/events`;
  const headers = { authorization: "Bearer x" };
  const empty = await studio.call(path, undefined, { ...headers, "x-sandbox-fault": "empty-page" });
  const rest = await studio.call(`${path}?pageToken=${String(empty.body.nextPageToken)}`, undefined, headers);

  expect(empty.body.items).toEqual([]);
  expect(rest.body.items).toHaveLength(1);
});
