import { afterEach, beforeEach, expect, test } from "vitest";
import { BAY_1, BAY_2, NINE, openStudio, refusal, type Studio } from "./harness.ts";

let studio: Studio;
beforeEach(async () => {
  studio = await openStudio();
});
afterEach(() => studio.sandbox.close());

test("an inserted event is read back with etag, times in the calendar's zone and its private properties", async () => {
  const { data } = await studio.google.events.insert({
    calendarId: BAY_1,
    requestBody: { id: "abc123", summary: "  Priya Raman ", ...NINE, extendedProperties: { private: { bay: "1" } } },
  });
  const read = await studio.google.events.get({ calendarId: BAY_1, eventId: "abc123" });

  expect(read.data).toEqual(data);
  expect(data).toMatchObject({
    id: "abc123",
    status: "confirmed",
    summary: "Priya Raman",
    iCalUID: "abc123@google.com",
  });
  expect(data.start).toEqual({ dateTime: "2027-01-10T09:00:00-05:00", timeZone: "America/New_York" });
  expect(data.extendedProperties).toEqual({ private: { bay: "1" } });
  expect(data.etag).toMatch(/^".+"$/);
  expect(data.updated).toMatch(/\.\d{3}Z$/);
});

test("a call without a token is refused in Google's error shape", async () => {
  const { status, body } = await studio.call(`/google/calendar/v3/calendars/${BAY_1}/events`);

  expect(status).toBe(401);
  expect(body.error).toMatchObject({ code: 401, errors: [{ domain: "global", reason: "required" }] });
});

test("R2: an id stays taken on its calendar, also after deletion", async () => {
  const insert = () => studio.google.events.insert({ calendarId: BAY_1, requestBody: { id: "taken", ...NINE } });
  await insert();
  expect(await refusal(insert())).toBe("409 duplicate");

  await studio.google.events.delete({ calendarId: BAY_1, eventId: "taken" });

  expect(await refusal(insert())).toBe("409 duplicate");
});

test.each(["abcd", "UPPER", "has-dash", "xyzzy"])("the client id %s is refused", async (id) => {
  const requestBody = { id, ...NINE };
  expect(await refusal(studio.google.events.insert({ calendarId: BAY_1, requestBody }))).toBe("400 invalid");
});

test("S08: deleting twice answers 410 deleted; a deleted event is still read, as cancelled", async () => {
  await studio.google.events.insert({ calendarId: BAY_1, requestBody: { id: "gone1", ...NINE } });
  await studio.google.events.delete({ calendarId: BAY_1, eventId: "gone1" });

  expect(await refusal(studio.google.events.delete({ calendarId: BAY_1, eventId: "gone1" }))).toBe("410 deleted");
  const read = await studio.google.events.get({ calendarId: BAY_1, eventId: "gone1" });
  expect(read.data.status).toBe("cancelled");
  expect(await refusal(studio.google.events.get({ calendarId: BAY_1, eventId: "never" }))).toBe("404 notFound");
});

test("a patch merges private properties, removes nulls, replaces arrays and keeps the rest", async () => {
  const requestBody = {
    id: "merge",
    summary: "Tom",
    ...NINE,
    attendees: [{ email: "a@example.org" }, { email: "b@example.org" }],
    extendedProperties: { private: { bay: "1", drop: "me" } },
  };
  await studio.google.events.insert({ calendarId: BAY_1, requestBody });

  const { data } = await studio.google.events.patch({
    calendarId: BAY_1,
    eventId: "merge",
    requestBody: {
      attendees: [{ email: "c@example.org" }],
      // The API takes null to remove a key; the library's types do not say so.
      extendedProperties: { private: { drop: null, more: "x" } as unknown as Record<string, string> },
    },
  });

  expect(data.summary).toBe("Tom");
  expect(data.attendees).toEqual([{ email: "c@example.org" }]);
  expect(data.extendedProperties).toEqual({ private: { bay: "1", more: "x" } });
});

test("an update replaces everything and revives a deleted event", async () => {
  await studio.google.events.insert({ calendarId: BAY_1, requestBody: { id: "again", summary: "Tom", ...NINE } });
  await studio.google.events.delete({ calendarId: BAY_1, eventId: "again" });

  const requestBody = { ...NINE, status: "confirmed", description: "back" };
  const { data } = await studio.google.events.update({ calendarId: BAY_1, eventId: "again", requestBody });

  expect(data.status).toBe("confirmed");
  expect(data.summary).toBeUndefined();
  expect(data.description).toBe("back");
});

test("a stale If-Match answers 412 on patch, update and delete, and changes nothing", async () => {
  const inserted = await studio.google.events.insert({ calendarId: BAY_1, requestBody: { id: "stale", ...NINE } });
  const headers = { "If-Match": inserted.data.etag ?? "" };
  const at = { calendarId: BAY_1, eventId: "stale" };
  await studio.google.events.patch({ ...at, requestBody: { summary: "first" } }, { headers });

  expect(await refusal(studio.google.events.patch({ ...at, requestBody: { summary: "2" } }, { headers }))).toBe(
    "412 conditionNotMet",
  );
  expect(await refusal(studio.google.events.update({ ...at, requestBody: NINE }, { headers }))).toBe(
    "412 conditionNotMet",
  );
  expect(await refusal(studio.google.events.delete(at, { headers }))).toBe("412 conditionNotMet");
  expect((await studio.google.events.get(at)).data.summary).toBe("first");
});

test("If-None-Match with the current etag answers 304", async () => {
  const inserted = await studio.google.events.insert({ calendarId: BAY_1, requestBody: { id: "same1", ...NINE } });

  const headers = { authorization: "Bearer x", "if-none-match": inserted.data.etag ?? "" };
  const { status } = await studio.call(`/google/calendar/v3/calendars/${BAY_1}/events/same1`, undefined, headers);

  expect(status).toBe(304);
});

test("updated grows strictly although the clock stands; reminders alone do not move it", async () => {
  const at = { calendarId: BAY_1, eventId: "later1" };
  const first = await studio.google.events.insert({ calendarId: BAY_1, requestBody: { id: "later1", ...NINE } });
  const second = await studio.google.events.patch({ ...at, requestBody: { summary: "x" } });
  const third = await studio.google.events.patch({ ...at, requestBody: { reminders: { useDefault: false } } });

  expect(Date.parse(second.data.updated ?? "")).toBe(Date.parse(first.data.updated ?? "") + 1);
  expect(third.data.updated).toBe(second.data.updated);
  expect(third.data.etag).not.toBe(second.data.etag);
});

test("sequence rises with a move, not with a title; a lower one is refused", async () => {
  const at = { calendarId: BAY_1, eventId: "seq12" };
  await studio.google.events.insert({ calendarId: BAY_1, requestBody: { id: "seq12", ...NINE } });
  const titled = await studio.google.events.patch({ ...at, requestBody: { summary: "x" } });
  const moved = await studio.google.events.patch({
    ...at,
    requestBody: { end: { dateTime: "2027-01-10T11:00:00-05:00" } },
  });

  expect([titled.data.sequence, moved.data.sequence]).toEqual([0, 1]);
  expect(await refusal(studio.google.events.patch({ ...at, requestBody: { sequence: 0 } }))).toBe("400 invalid");
});

test("S59: a moved event leaves a tombstone and appears on the other calendar with the same id and iCalUID", async () => {
  const inserted = await studio.google.events.insert({ calendarId: BAY_1, requestBody: { id: "moved", ...NINE } });

  const moved = await studio.google.events.move({ calendarId: BAY_1, eventId: "moved", destination: BAY_2 });

  expect(moved.data).toMatchObject({ id: "moved", iCalUID: inserted.data.iCalUID, status: "confirmed" });
  expect((await studio.google.events.get({ calendarId: BAY_1, eventId: "moved" })).data.status).toBe("cancelled");
  const back = await studio.google.events.move({ calendarId: BAY_2, eventId: "moved", destination: BAY_1 });
  expect(back.data.status).toBe("confirmed");
});

test("S65: a freeBusyReader sees times without titles and may not write", async () => {
  await studio.google.events.insert({ calendarId: BAY_1, requestBody: { id: "bus11", summary: "Secret", ...NINE } });
  await studio.call("/sandbox/google/calendars", { id: BAY_1, accessRole: "freeBusyReader" });

  const { data } = await studio.google.events.list({ calendarId: BAY_1 });

  expect(data.accessRole).toBe("freeBusyReader");
  expect(data.items?.[0]).not.toHaveProperty("summary");
  expect(data.items?.[0]?.start?.dateTime).toBe("2027-01-10T09:00:00-05:00");
  const write = studio.google.events.patch({ calendarId: BAY_1, eventId: "bus11", requestBody: {} });
  expect(await refusal(write)).toBe("403 requiredAccessLevel");
});

test("the call log shows that nobody was notified", async () => {
  await studio.google.events.insert({ calendarId: BAY_1, sendUpdates: "none", requestBody: { id: "quiet", ...NINE } });

  const { body } = await studio.call("/sandbox/calls");

  expect(body.counts).toEqual({ "google events.insert": 1 });
  expect(body.calls).toMatchObject([{ operation: "events.insert", status: 200, sendUpdates: "none" }]);
});

test("a service account's token endpoint grants a token", async () => {
  const { status, body } = await studio.call("/google/token", { assertion: "x" });

  expect(status).toBe(200);
  expect(body).toMatchObject({ token_type: "Bearer", expires_in: 3600 });
});

test("calendars and the calendar list answer", async () => {
  const one = await studio.google.calendars.get({ calendarId: BAY_1 });
  const list = await studio.google.calendarList.list();

  expect(one.data).toMatchObject({ id: BAY_1, timeZone: "America/New_York" });
  expect(list.data.items?.map(({ id }) => id)).toEqual([BAY_1, BAY_2, "staff@sandbox"]);
});
