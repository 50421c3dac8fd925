import { describe, expect, test } from "vitest";
import { propertyId } from "../../../shared/providers/outlook/properties.ts";
import { codeOf } from "../../contract/trouble.ts";
import { type Answer, event, failure, json, ROOM, scripted } from "./scripted.ts";

const FROM = "2027-01-01T00:00:00.000Z";
const GRAPH = "https://graph.microsoft.com/v1.0";
const DELTA = `/users('boardroom')/calendarView/delta?$deltatoken=R0usm%2Bx`;
const DAY_MS = 86_400_000;

const more = (value: unknown[], path: string) => json({ value, "@odata.nextLink": `${GRAPH}${path}` });
const last = (value: unknown[], path = DELTA) => json({ value, "@odata.deltaLink": `${GRAPH}${path}` });
const removed = (id: string) => ({ id, "@removed": { reason: "deleted" } });
const ours = (id: string) => ({
  ...event(id),
  singleValueExtendedProperties: [{ id: propertyId("BookingSystemId"), value: "b-17" }],
});
const part = (id: string, status: number, body: unknown, headers = {}) => ({ id, status, headers, body });
const batch = (...responses: object[]) => json({ responses });

type Scripted = ReturnType<typeof scripted>;

/** All pages of a listing. */
async function walk({ calendar }: Scripted, cursor?: string) {
  const query = { calendarId: ROOM, from: FROM, ...(cursor !== undefined && { cursor }) };
  let page = await calendar.changes(query);
  const events = [...page.events];
  while (page.nextPage !== undefined) {
    page = await calendar.changes({ ...query, page: page.nextPage });
    events.push(...page.events);
  }
  return { events, cursor: page.cursor ?? "", until: page.until, access: page.access };
}

/** Outlook with a cursor, about to be given these answers. */
async function connected(answers: readonly Answer[]) {
  const opened = scripted([last([]), json({ value: [] }), ...answers]);
  const { cursor } = await walk(opened);
  opened.asked.length = 0;
  return { ...opened, cursor };
}

describe("a first listing", () => {
  test("walks the round for its link, then the view of the same window with the named properties", async () => {
    const opened = scripted([
      more([event("AAk1")], "/users('boardroom')/calendarView/delta?$skiptoken=a"),
      last([event("AAk2")]),
      more([ours("AAk1")], "/users('boardroom')/calendarView?$skip=1"),
      json({ value: [event("AAk2")] }),
    ]);

    const { events, until, access } = await walk(opened);

    expect(events.map(({ id, properties }) => [id, properties])).toEqual([
      ["AAk1", { BookingSystemId: "b-17" }],
      ["AAk2", {}],
    ]);
    expect([until, access]).toEqual(["2027-05-04T12:00:00.000Z", "writer"]);
    const window = `startDateTime=${FROM}&endDateTime=2027-05-04T12:00:00.000Z`;
    const names = ["BookingSystemId", "BookingSystemType"].map((name) => `id eq '${propertyId(name)}'`).join(" or ");
    expect(opened.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET /users/${ROOM}/calendarView/delta?${window}`,
      "GET /users('boardroom')/calendarView/delta?$skiptoken=a",
      `GET /users/${ROOM}/calendarView?${window}&$top=50&$expand=singleValueExtendedProperties($filter=${names})`,
      "GET /users('boardroom')/calendarView?$skip=1",
    ]);
  });

  test("every request asks for ids that stay, times in UTC and bodies as text", async () => {
    const opened = scripted([last([]), json({ value: [] })]);

    await walk(opened);

    for (const { headers } of opened.asked) {
      expect(headers.get("prefer")).toContain('IdType="ImmutableId"');
      expect(headers.get("prefer")).toContain('outlook.timezone="UTC"');
    }
    expect(opened.asked[0]?.headers.get("prefer")).toContain("odata.maxpagesize=50");
  });

  test("what ended before the window is left out, whatever the view shows of it", async () => {
    const early = { start: { dateTime: "2026-12-31T22:00:00", timeZone: "UTC" } };
    const ended = event("AAk1", { ...early, end: { dateTime: "2027-01-01T00:00:00", timeZone: "UTC" } });
    const touching = event("AAk2", { ...early, end: { dateTime: "2027-01-01T00:00:01", timeZone: "UTC" } });

    const { events } = await walk(scripted([last([]), json({ value: [ended, touching] })]));

    expect(events.map(({ id }) => id)).toEqual(["AAk2"]);
  });

  test("S03: a page of the round without any link is no end but a broken answer", async () => {
    const opened = scripted([json({ value: [] }), json({ value: [] }), json({ value: [] })]);

    expect(await codeOf(walk(opened))).toBe("PROVIDER_UNAVAILABLE");
  });

  test("a link is followed to where the configuration says, whoever it names", async () => {
    const evil = json({
      value: [],
      "@odata.nextLink": "https://evil.example/v1.0/users/x/calendarView/delta?$skiptoken=a",
    });
    const opened = scripted([evil, last([]), json({ value: [] })]);

    await walk(opened);

    expect(new Set(opened.asked.map(({ url }) => new URL(url).host))).toEqual(new Set(["stand-in.example"]));
  });
});

describe("what changed since", () => {
  test("the delta link is asked for to the letter, and what changed is read again with its properties", async () => {
    const { calendar, cursor, asked } = await connected([
      last([event("AAk1"), event("AAk2"), removed("AAk3")], "/users('boardroom')/calendarView/delta?$deltatoken=next"),
      batch(part("1", 200, event("AAk2")), part("0", 200, ours("AAk1"))),
    ]);

    const page = await calendar.changes({ calendarId: ROOM, from: FROM, cursor });

    expect(asked[0]?.url).toBe(`http://stand-in.example/graph/v1.0${DELTA}`);
    expect(asked[1]).toMatchObject({ method: "POST", path: "/$batch" });
    expect(page.events.map(({ id, state, properties }) => [id, state, properties])).toEqual([
      ["AAk3", "deleted", {}],
      ["AAk1", "live", { BookingSystemId: "b-17" }],
      ["AAk2", "live", {}],
    ]);
    expect(page).not.toHaveProperty("until");
  });

  test("one change is read alone, without a batch; no change is one call", async () => {
    const one = await connected([last([event("AAk1")]), json(ours("AAk1"))]);
    const none = await connected([last([])]);

    await walk(one, one.cursor);
    const { events } = await walk(none, none.cursor);

    expect(one.asked.map(({ method }) => method)).toEqual(["GET", "GET"]);
    expect([events, none.asked.length]).toEqual([[], 1]);
  });

  test("S10: an item that comes twice, or removed and live in one page, is told once, as it is now", async () => {
    const { calendar, cursor } = await connected([
      last([event("AAk1"), removed("AAk2"), event("AAk1"), event("AAk2")]),
      batch(
        part("0", 200, event("AAk1", { subject: "Now" })),
        part("1", 404, { error: { code: "ErrorItemNotFound" } }),
      ),
    ]);

    const { events } = await calendar.changes({ calendarId: ROOM, from: FROM, cursor });

    expect(events.map(({ id, state, content }) => [id, state, content.title]).sort()).toEqual([
      ["AAk1", "live", "Now"],
      ["AAk2", "deleted", undefined],
    ]);
  });

  test("S10: an event reported as removed because it left the window is still found by a read", async () => {
    const far = event("AAk1", {
      start: { dateTime: "2030-01-10T08:00:00", timeZone: "UTC" },
      end: { dateTime: "2030-01-10T09:00:00", timeZone: "UTC" },
    });
    const { calendar, cursor } = await connected([last([removed("AAk1")]), json(far)]);

    const { events } = await calendar.changes({ calendarId: ROOM, from: FROM, cursor });

    expect(events).toEqual([{ id: "AAk1", calendarId: ROOM, state: "deleted", content: {}, properties: {} }]);
    expect(await calendar.get(ROOM, "AAk1")).toMatchObject({ state: "live" });
  });

  test("occurrences are taken as they come: they are never ours, and cost no read", async () => {
    const occurrence = event("AAk1", { type: "occurrence", seriesMasterId: "AAk0" });
    const { calendar, cursor, asked } = await connected([last([occurrence])]);

    const { events } = await calendar.changes({ calendarId: ROOM, from: FROM, cursor });

    expect(events).toMatchObject([{ id: "AAk1", series: "instance" }]);
    expect(asked).toHaveLength(1);
  });

  test("more than twenty changes are read in several batches, an unreadable one harms no other", async () => {
    const ids = Array.from({ length: 25 }, (_, index) => `AAk${index}`);
    const answer =
      (count: number): Answer =>
      ({ body }) => {
        const { requests } = body as { requests: { id: string; url: string }[] };
        expect(requests).toHaveLength(count);
        return batch(
          ...requests.map(({ id, url }) =>
            part(id, 200, event(/events\/(\w+)/.exec(url)?.[1] ?? "", { ...(id === "3" && { subject: 7 }) })),
          ),
        );
      };
    const { calendar, cursor } = await connected([last(ids.map((id) => event(id))), answer(20), answer(5)]);

    const { events } = await calendar.changes({ calendarId: ROOM, from: FROM, cursor });

    expect(events.map(({ id }) => id)).toEqual(ids);
    expect(events.filter(({ unreadable }) => unreadable !== undefined).map(({ id }) => id)).toEqual(["AAk3", "AAk23"]);
  });

  test("S44: a part that is throttled makes the whole batch wait as asked and be asked again", async () => {
    const parts = [part("0", 200, event("AAk1")), part("1", 200, event("AAk2"))];
    const { calendar, cursor, clock } = await connected([
      last([event("AAk1"), event("AAk2")]),
      batch(
        part("0", 200, event("AAk1")),
        part("1", 429, { error: { code: "ApplicationThrottled" } }, { "Retry-After": "5" }),
      ),
      batch(...parts),
    ]);

    const { events } = await calendar.changes({ calendarId: ROOM, from: FROM, cursor });

    expect([events.length, clock.slept]).toEqual([2, [5000]]);
  });

  test.each([
    ["forbidden", 403, "ErrorAccessDenied", "PROVIDER_FORBIDDEN"],
    ["about a mailbox that is gone", 404, "ErrorInvalidUser", "PROVIDER_FORBIDDEN"],
  ])("S01: a part that is %s is an error of the page, never an absence", async (_, status, code, expected) => {
    const { calendar, cursor } = await connected([
      last([event("AAk1"), event("AAk2")]),
      batch(part("0", 200, event("AAk1")), part("1", status, { error: { code } })),
    ]);

    expect(await codeOf(calendar.changes({ calendarId: ROOM, from: FROM, cursor }))).toBe(expected);
  });

  test("S01: a batch without one of its parts is a broken answer", async () => {
    const short = () => batch(part("0", 200, event("AAk1")));
    const { calendar, cursor } = await connected([last([event("AAk1"), event("AAk2")]), short(), short(), short()]);

    expect(await codeOf(calendar.changes({ calendarId: ROOM, from: FROM, cursor }))).toBe("PROVIDER_UNAVAILABLE");
  });
});

describe("a cursor", () => {
  test.each([
    [410, "SyncStateNotFound"],
    [410, ""],
    [400, "syncStateInvalid"],
    [404, "resyncRequired"],
  ])("S29: %s %s is CURSOR_EXPIRED", async (status, code) => {
    const { calendar, cursor } = await connected([failure(status, code)]);

    expect(await codeOf(calendar.changes({ calendarId: ROOM, from: FROM, cursor }))).toBe("CURSOR_EXPIRED");
  });

  test("S10: expires by itself when the horizon has moved on by a week, without a call", async () => {
    const { calendar, cursor, clock, asked } = await connected([last([])]);

    clock.advance(7 * DAY_MS - 60_000);
    expect(await codeOf(calendar.changes({ calendarId: ROOM, from: FROM, cursor }))).toBe("answered");
    clock.advance(120_000);
    expect(await codeOf(calendar.changes({ calendarId: ROOM, from: FROM, cursor }))).toBe("CURSOR_EXPIRED");

    expect(asked).toHaveLength(1);
  });

  test("S10: keeps the window it was opened with, round after round", async () => {
    const opened = await connected([last([]), last([])]);

    opened.clock.advance(4 * DAY_MS);
    const { cursor } = await walk(opened, opened.cursor);
    opened.clock.advance(4 * DAY_MS);

    expect(await codeOf(walk(opened, cursor))).toBe("CURSOR_EXPIRED");
  });

  test("of another kind, or from a longer horizon's settings, is expired, not misread", async () => {
    const { cursor } = await connected([]);
    const longer = scripted([], { horizonDays: 300 });

    expect(await codeOf(walk(longer, cursor))).toBe("CURSOR_EXPIRED");
    expect(await codeOf(walk(longer, "CPDAlvWDx70CEPDAlvWDx70CGAU="))).toBe("CURSOR_EXPIRED");
    expect(longer.asked).toEqual([]);
  });
});
