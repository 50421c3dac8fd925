import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type GraphAnswer,
  type GraphBody,
  HALF_PAST_TEN,
  JANUARY,
  KEY,
  OTHER_ROOM,
  openTown,
  ROOM,
  type Town,
} from "./town.ts";

let town: Town;
beforeEach(async () => {
  town = await openTown();
});
afterEach(() => town.sandbox.close());

const DELTA = `users/${ROOM}/calendarView/delta?${JANUARY}`;

async function create(subject = "Choir", more: object = {}): Promise<GraphBody> {
  return (await town.graph("POST", `users/${ROOM}/events`, { subject, ...HALF_PAST_TEN, ...more })).body;
}

function at(date: string) {
  return {
    start: { dateTime: `${date}T10:00:00`, timeZone: "UTC" },
    end: { dateTime: `${date}T11:00:00`, timeZone: "UTC" },
  };
}

function follow(answer: GraphAnswer, fault = "", prefer = ""): Promise<GraphAnswer> {
  const link = answer.body["@odata.deltaLink"] ?? answer.body["@odata.nextLink"] ?? "";
  return town.graph("GET", link, undefined, { "x-sandbox-fault": fault, prefer });
}

function ids({ body }: GraphAnswer): string[] {
  return body.value.map(({ id }) => id).sort();
}

test("a round ends in a link that later tells what changed, and nothing when nothing did", async () => {
  const before = await create();
  const round = await town.graph("GET", DELTA);
  const after = await create("Chess");

  const next = await follow(round);

  expect(ids(round)).toEqual([before.id]);
  expect(ids(next)).toEqual([after.id]);
  expect(next.body.value[0]).toMatchObject({ subject: "Chess", "@odata.type": "#microsoft.graph.event" });
  expect((await follow(next)).body.value).toEqual([]);
});

test("the real client follows the links as they are", async () => {
  await create();
  const round = await town.client.api(`/${DELTA}`).header("Prefer", "odata.maxpagesize=50").get();
  await create("Chess");

  const next = await town.client.api(round["@odata.deltaLink"]).get();

  expect(next.value.map(({ subject }: GraphBody) => subject)).toEqual(["Chess"]);
});

test("S30: pages follow one another in any order; what changes meanwhile comes with the next round", async () => {
  const made = [await create("a"), await create("b"), await create("c")].map(({ id }) => id).sort();

  const first = await town.graph("GET", DELTA, undefined, { prefer: "odata.maxpagesize=2" });
  const last = await follow(first, "", "odata.maxpagesize=2");
  const changed = ids(first)[0] ?? "";
  await town.graph("PATCH", `users/${ROOM}/events/${changed}`, { subject: "new" });
  const second = await follow(last);

  expect(first.body).not.toHaveProperty("@odata.deltaLink");
  expect(last.body).not.toHaveProperty("@odata.nextLink");
  expect([...ids(first), ...ids(last)].sort()).toEqual(made);
  expect(ids(second)).toEqual([changed]);
});

test("S30: what changes between the pages of a round comes with the next one, and only there", async () => {
  const made = [await create("a"), await create("b"), await create("c")];
  const round = await town.graph("GET", DELTA);
  for (const { id } of made) await town.graph("PATCH", `users/${ROOM}/events/${id}`, { subject: "new" });

  const first = await follow(round, "", "odata.maxpagesize=1");
  const later = made.map(({ id }) => id).find((id) => id !== ids(first)[0]) ?? "";
  await town.graph("PATCH", `users/${ROOM}/events/${later}`, { subject: "newer" });
  const second = await follow(first, "", "odata.maxpagesize=10");
  const third = await follow(second);

  expect(ids(second)).not.toContain(later);
  expect(third.body.value).toMatchObject([{ id: later, subject: "newer" }]);
});

test("a deleted event is told as removed, by its id alone", async () => {
  const made = await create();
  const round = await town.graph("GET", DELTA);
  await town.graph("DELETE", `users/${ROOM}/events/${made.id}`);

  const next = await follow(round);

  expect(next.body.value).toEqual([
    { "@odata.type": "#microsoft.graph.event", id: made.id, "@removed": { reason: "deleted" } },
  ]);
  expect((await follow(round, "delta-restorable")).body.value).toMatchObject([{ "@removed": { reason: "changed" } }]);
});

test("S10: an event that moves out of the window is told as removed although it lives, and comes back when it does", async () => {
  const made = await create();
  const round = await town.graph("GET", DELTA);
  const event = `users/${ROOM}/events/${made.id}`;

  await town.graph("PATCH", event, at("2027-03-01"));
  const out = await follow(round);
  await town.graph("PATCH", event, at("2027-01-15"));
  const back = await follow(out);

  expect(out.body.value).toMatchObject([{ id: made.id, "@removed": { reason: "deleted" } }]);
  expect((await town.graph("GET", event)).status).toBe(200);
  expect(back.body.value).toMatchObject([{ id: made.id, subject: "Choir" }]);
});

test("S10: an event that changes outside the window is told as removed although it never was in it", async () => {
  const round = await town.graph("GET", DELTA);
  const made = await create("Summer party", at("2027-06-21"));
  expect((await follow(round)).body.value).toMatchObject([{ id: made.id, "@removed": { reason: "deleted" } }]);
});

test("S10: one answer can tell living events as removed", async () => {
  const first = await create("a");
  const second = await create("b");

  const all = await town.graph("GET", DELTA, undefined, { "x-sandbox-fault": "delta-removed-outside" });
  const one = await town.graph("GET", DELTA, undefined, { "x-sandbox-fault": `delta-removed-outside=${first.id}` });

  expect(all.body.value.filter((item) => item["@removed"] !== undefined)).toHaveLength(2);
  expect(one.body.value.filter((item) => item["@removed"] === undefined).map(({ id }) => id)).toEqual([second.id]);
});

test("extended properties never come through delta, and nothing can be asked of it", async () => {
  await create("Choir", { singleValueExtendedProperties: [{ id: KEY, value: "b-17" }] });

  const { body } = await town.graph("GET", DELTA);

  expect(body.value[0]).not.toHaveProperty("singleValueExtendedProperties");
  for (const option of ["$select=id", "$filter=subject eq 'x'", "$expand=attachments", "$orderby=id", "$search=x"]) {
    const refused = await town.graph("GET", `${DELTA}&${option}`);
    expect([refused.status, refused.body.error.code]).toEqual([400, "ErrorInvalidUrlQuery"]);
  }
});

test("delta shows a series by its master, and its days with little more than when they are", async () => {
  const recurrence = {
    pattern: { type: "daily", interval: 1 },
    range: { type: "numbered", startDate: "2027-01-12", numberOfOccurrences: 2 },
  };
  const master = await create("Choir", { recurrence });

  const bare = await town.graph("GET", DELTA);
  await town.control("options", { deltaOccurrences: "full" });
  const full = await town.graph("GET", DELTA);

  const days = (answer: GraphAnswer) => answer.body.value.filter(({ type }) => type === "occurrence");
  expect(bare.body.value.filter(({ type }) => type === "seriesMaster")).toMatchObject([{ id: master.id }]);
  expect(days(bare)).toHaveLength(2);
  for (const day of days(bare)) {
    expect(Object.keys(day).sort()).toEqual(
      ["@odata.etag", "@odata.type", "end", "id", "seriesMasterId", "start", "type"].sort(),
    );
  }
  expect(days(full)).toMatchObject([{ subject: "Choir" }, { subject: "Choir" }]);
});

test("items can come twice, pages empty, lists short", async () => {
  for (const subject of ["a", "b", "c", "d"]) await create(subject);
  const list = (fault: string) => town.graph("GET", DELTA, undefined, { "x-sandbox-fault": fault });

  expect((await list("delta-repeat")).body.value).toHaveLength(8);
  const empty = await list("empty-page");
  expect(empty.body.value).toEqual([]);
  expect((await follow(empty)).body.value).toHaveLength(4);
  expect((await list("truncate")).body.value).toHaveLength(2);
  expect((await list("bad-row")).body.value).toHaveLength(5);
  expect((await list("empty")).body).toMatchObject({ value: [], "@odata.deltaLink": expect.any(String) });
});

test("S29: an old link answers 410 with where to start anew, and that works", async () => {
  await create();
  const round = await town.graph("GET", DELTA);
  const gone = async (fault = "") => {
    const { status, headers } = await follow(round, fault);
    return { status, location: headers.get("location") ?? "" };
  };

  expect((await gone("expire-delta")).status).toBe(410);
  await town.person("expire-delta", { room: ROOM });
  const { status, location } = await gone();
  expect(status).toBe(410);
  expect((await town.graph("GET", location)).body.value).toHaveLength(1);
});

test("S29: a link ends by age as well", async () => {
  await town.control("options", { deltaTokenSeconds: 600 });
  const round = await town.graph("GET", DELTA);
  town.clock.advance(601_000);
  expect((await follow(round)).status).toBe(410);
});

test.each(["syncStateNotFound", "syncStateInvalid", "resyncRequired"])(
  "S29: a reset can come as 400 %s, without a Location",
  async (code) => {
    const round = await town.graph("GET", DELTA);
    const { status, body, headers } = await follow(round, `expire-delta=${code}`);
    expect([status, body.error.code, headers.get("location")]).toEqual([400, code, null]);
  },
);

test("S29: a token that is garbled, or another mailbox's, asks for a full round", async () => {
  const { body } = await town.graph("GET", DELTA);
  const link = body["@odata.deltaLink"] ?? "";

  const garbled = await town.graph("GET", link.replace(/deltatoken=.*/, "deltatoken=nonsense"));
  const foreign = await town.graph("GET", link.replace("room-1", "room-2"));

  expect([garbled.status, garbled.body.error.code]).toEqual([400, "syncStateInvalid"]);
  expect([foreign.status, foreign.body.error.code]).toEqual([400, "syncStateNotFound"]);
});

test("delta without a window is refused, for events and for views", async () => {
  const events = await town.graph("GET", `users/${ROOM}/events/delta`);
  const view = await town.graph("GET", `users/${ROOM}/calendarView/delta`);

  expect([events.status, events.body.error.message]).toEqual([400, expect.stringContaining("not supported")]);
  expect([view.status, view.body.error.code]).toEqual([400, "ErrorInvalidParameter"]);
});

test("S59: an event that a person moves to another room leaves one and appears in the other, the same meeting under another id", async () => {
  const made = await create();
  const here = await town.graph("GET", DELTA);
  const there = await town.graph("GET", DELTA.replace(ROOM, OTHER_ROOM));

  const { body: moved } = await town.person("move", { room: ROOM, id: made.id, to: OTHER_ROOM });

  expect((await follow(here)).body.value).toMatchObject([{ id: made.id, "@removed": { reason: "deleted" } }]);
  expect((await follow(there)).body.value).toMatchObject([{ id: moved.id, iCalUId: made.iCalUId }]);
  expect(moved.id).not.toBe(made.id);
});

test("S02: a purged event is gone from everything without a word", async () => {
  const made = await create();
  const round = await town.graph("GET", DELTA);
  await town.person("purge", { room: ROOM, id: made.id });

  expect((await follow(round)).body.value).toEqual([]);
  expect((await town.graph("GET", `users/${ROOM}/events/${made.id}`)).status).toBe(404);
});

test("immutable ids are told in delta where they are preferred", async () => {
  const made = await create();
  const prefer = 'IdType="ImmutableId"';
  const round = await town.graph("GET", DELTA, undefined, { prefer });
  await town.person("delete", { room: ROOM, id: made.id });

  const next = await follow(round, "", prefer);

  expect(ids(round)[0]).not.toBe(made.id);
  expect(ids(next)).toEqual(ids(round));
});
