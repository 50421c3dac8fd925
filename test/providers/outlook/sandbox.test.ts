import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { outlook } from "../../../shared/providers/outlook/index.ts";
import { openOutlookBench } from "../../contract/outlook-bench.ts";
import { codeOf } from "../../contract/trouble.ts";

const FROM = "2027-01-01T00:00:00.000Z";
const ROOM = "room-1@sandbox";
const LESSON = {
  span: { kind: "timed", start: "2027-01-12T09:00:00.000Z", end: "2027-01-12T10:00:00.000Z", zone: "America/New_York" },
  title: "Choir practice",
  description: "Bring chairs",
} as const;

type Bench = ReturnType<typeof openOutlookBench>;

let bench: Bench;
beforeEach(() => {
  bench = openOutlookBench();
});
afterEach(() => bench.close());

function insert(id: string, content: object = LESSON) {
  return bench.calendar.insert({ calendarId: ROOM, id, content, properties: { booking: id, managed: "true" } });
}

/** All pages of a listing, and how many there were. */
async function walk(cursor?: string, calendar = bench.calendar) {
  const query = { calendarId: ROOM, from: FROM, ...(cursor !== undefined && { cursor }) };
  let page = await calendar.changes(query);
  const events = [...page.events];
  let pages = 1;
  for (; page.nextPage !== undefined; pages += 1) {
    page = await calendar.changes({ ...query, page: page.nextPage });
    events.push(...page.events);
  }
  return { events, cursor: page.cursor ?? "", pages };
}

function fault(kind: string, more: object = {}) {
  return bench.stage.fail({ api: "graph", kinds: [kind], ...more });
}

const named = ({ id, state, properties }: { id: string; state: string; properties: object }) => [id, state, properties];

describe("listing", () => {
  test("the documented cost: a full listing of three pages, then one change read alone, several in one batch", async () => {
    await bench.stage.arrange("options", { graphPageSize: 2 });
    const [a, b] = [await insert("lockstep1"), await insert("lockstep2")];
    await insert("lockstep3");
    bench.stage.calls();

    const { cursor, events } = await walk();
    expect(events).toHaveLength(3);
    expect(bench.stage.calls()).toEqual([
      "graph calendarView.delta",
      "graph calendarView.delta",
      "graph calendarView.list",
      "graph calendarView.list",
    ]);
    await bench.outside.retitle(a.id, "One");
    const one = await walk(cursor);
    expect(bench.stage.calls()).toEqual(["graph calendarView.delta", "graph events.get"]);
    await bench.outside.retitle(a.id, "Two");
    await bench.outside.retitle(b.id, "Two");
    await walk(one.cursor);
    expect(bench.stage.calls()).toEqual(["graph calendarView.delta", "graph batch"]);
  });

  test("S10: items told twice, and living ones told as removed, do no harm: a read says what is so", async () => {
    const event = await insert("lockstep1");
    const { cursor } = await walk();
    await bench.outside.retitle(event.id, "Moved");

    await fault("delta-repeat");
    const twice = await walk(cursor);
    await fault("delta-removed-outside");
    const outside = await walk(cursor);

    expect(twice.events.map(named)).toEqual([[event.id, "live", { booking: "lockstep1", managed: "true" }]]);
    expect(outside.events.map(named)).toEqual([[event.id, "deleted", {}]]);
    expect(await bench.calendar.get(ROOM, event.id)).toMatchObject({ state: "live", content: { title: "Moved" } });
  });

  test("S10: an event dragged beyond the horizon is told as removed, and still read", async () => {
    const event = await insert("lockstep1");
    const { cursor } = await walk();
    await bench.stage.arrange("graph/drag", {
      room: ROOM,
      id: event.id,
      start: "2028-03-01T10:00:00",
      end: "2028-03-01T11:00:00",
    });

    expect((await walk(cursor)).events.map(named)).toEqual([[event.id, "deleted", {}]]);
    expect(await bench.calendar.get(ROOM, event.id)).toMatchObject({ state: "live" });
  });

  test.each(["syncStateNotFound", "syncStateInvalid", "resyncRequired"])("S29: %s is CURSOR_EXPIRED", async (code) => {
    const { cursor } = await walk();

    await fault(`expire-delta=${code}`);

    expect(await codeOf(walk(cursor))).toBe("CURSOR_EXPIRED");
  });

  test("S44: a throttled part of a batch is waited out", async () => {
    const events = [await insert("lockstep1"), await insert("lockstep2")];
    const { cursor } = await walk();
    for (const { id } of events) await bench.outside.retitle(id, "New");

    await fault("batch-throttle=1", { path: "batch" });

    expect((await walk(cursor)).events).toHaveLength(2);
    expect(bench.stage.clock.slept).toHaveLength(1);
  });

  test("a series that people book shows as master and instances, in a listing and in what changed", async () => {
    const { cursor } = await walk();
    const pattern = { type: "weekly", interval: 1, daysOfWeek: ["tuesday"], firstDayOfWeek: "monday" };
    const range = {
      type: "numbered",
      startDate: "2027-01-12",
      numberOfOccurrences: 3,
      recurrenceTimeZone: "Europe/Oslo",
    };
    const time = { start: "2027-01-12T08:00:00", end: "2027-01-12T09:00:00" };
    await bench.stage.arrange("graph/book", {
      room: ROOM,
      subject: "Council",
      ...time,
      recurrence: { pattern, range },
    });

    const since = await walk(cursor);
    const full = await walk();

    expect(since.events.map(({ series }) => series).sort()).toEqual(["instance", "instance", "instance", "master"]);
    expect(full.events.map(({ series }) => series)).toEqual(["instance", "instance", "instance"]);
  });
});

describe("rooms", () => {
  test("S48: where a room replaces every subject, a title is unknown: nothing that is read looks like an edit", async () => {
    await bench.stage.arrange("options", { roomSubjects: "all" });
    const settings = outlook.settings.parse({ authored: ["span", "description"] });
    const calendar = outlook.connect(bench.stage.connection("graph", settings));

    const inserted = await insert("lockstep1");
    const read = await calendar.get(ROOM, inserted.id);

    expect(inserted.content.title).toBe("Council Chamber");
    expect(read?.content).toEqual({ span: LESSON.span, description: "Bring chairs" });
    expect(calendar.capabilities.authored).toEqual(["span", "description"]);
  });

  test("S48: a meeting that its organiser cancels stays in the room and is read as deleted", async () => {
    const booked = await bench.stage.arrange("graph/book", {
      room: ROOM,
      subject: "Budget",
      start: "2027-01-12T10:00:00",
      end: "2027-01-12T11:00:00",
    });
    const id = String(booked["immutableId"]);
    await bench.stage.arrange("graph/cancel", { room: ROOM, id });

    expect(await bench.calendar.get(ROOM, id)).toMatchObject({ state: "deleted", content: {} });
  });

  test("an event that is filed elsewhere in its mailbox keeps its id", async () => {
    const event = await insert("lockstep1");
    await bench.stage.arrange("graph/refile", { room: ROOM, id: event.id });

    expect(await bench.calendar.get(ROOM, event.id)).toMatchObject({ id: event.id, state: "live" });
  });

  test("S25: writing, changing and deleting mails nobody", async () => {
    const { id } = await insert("lockstep1");
    await bench.calendar.patch({ calendarId: ROOM, id, content: { title: "New" }, free: true });
    await bench.calendar.remove({ calendarId: ROOM, id });

    const state = await (await bench.stage.sandbox.fetch("http://sandbox/sandbox/state")).text();
    expect(JSON.parse(state)).toMatchObject({ graph: { mails: [] } });
  });
});

describe("what Graph leaves open", () => {
  test.each(["412", "409"])("a stale version that is answered %s is EVENT_CHANGED", async (graphIfMatch) => {
    await bench.stage.arrange("options", { graphIfMatch });
    const { id } = await insert("lockstep1");

    const stale = { calendarId: ROOM, id, etag: 'W/"old"' };
    expect(await codeOf(bench.calendar.patch({ ...stale, content: { title: "x" } }))).toBe("EVENT_CHANGED");
    expect(await codeOf(bench.calendar.remove(stale))).toBe("EVENT_CHANGED");
  });

  test("where If-Match is ignored, `verified` still keeps an edit from being overwritten", async () => {
    await bench.stage.arrange("options", { graphIfMatch: "ignored" });
    const settings = outlook.settings.parse({ ifMatch: "verified" });
    const calendar = outlook.connect(bench.stage.connection("graph", settings));
    const { id, etag = "" } = await insert("lockstep1");
    await bench.outside.retitle(id, "Moved by staff");

    expect(await codeOf(calendar.patch({ calendarId: ROOM, id, etag, content: { title: "Ours" } }))).toBe(
      "EVENT_CHANGED",
    );
    expect(await calendar.get(ROOM, id)).toMatchObject({ content: { title: "Moved by staff" } });
  });

  test("a transaction that is no longer remembered makes a second event: hence the look before a repeated insert", async () => {
    const first = await insert("lockstep1");
    expect((await insert("lockstep1")).id).toBe(first.id);

    bench.stage.clock.advance(2 * 86_400_000);

    expect((await insert("lockstep1")).id).not.toBe(first.id);
    expect(await bench.calendar.find(ROOM, { property: "booking", value: "lockstep1" })).toHaveLength(2);
  });

  test("S28: a second channel takes the place of the first, at the same address", async () => {
    const channel = {
      calendarId: ROOM,
      address: "https://lockstep.example/graph-push",
      token: "v1.t",
      ttlSeconds: 7 * 86_400,
    };

    const first = await bench.calendar.watch({ ...channel, id: "one" });
    const second = await bench.calendar.watch({ ...channel, id: "two" });
    await bench.calendar.stop({ id: "one", resourceId: first.resourceId });

    expect(second.resourceId).not.toBe(first.resourceId);
    expect(second.expiresAt).toBe("2027-01-11T11:50:00.000Z");
  });

  test("calls that overlap never meet the limit of four", async () => {
    await bench.stage.arrange("options", { graphConcurrent: 4 });
    const { id } = await insert("lockstep1");

    const reads = await Promise.all(Array.from({ length: 12 }, () => bench.calendar.get(ROOM, id)));

    expect(reads.every((event) => event?.id === id)).toBe(true);
    expect(bench.stage.clock.slept).toEqual([]);
  });
});
