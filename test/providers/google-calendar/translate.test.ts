import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { hidesText, readAccess, readEvent, writeContent } from "../../../shared/providers/google-calendar/translate.ts";

const READING = { calendarId: "bay1@example.org", timeZone: "America/New_York" };
const NINE = { dateTime: "2027-01-10T09:00:00-05:00", timeZone: "America/New_York" };
const TEN = { dateTime: "2027-01-10T10:00:00-05:00", timeZone: "America/New_York" };
const OWNED = { id: "abc12", status: "confirmed", organizer: { self: true } };

function read(fields: object, reading: object = {}) {
  return readEvent({ ...OWNED, start: NINE, end: TEN, ...fields }, { ...READING, ...reading });
}

describe("reading an event", () => {
  const list: { items: unknown[] } = JSON.parse(
    readFileSync("shared/providers/google-calendar/fixtures/list.json", "utf8"),
  );
  const events = list.items.map((item) => readEvent(item, READING));

  test("a listing's items are read one by one: event, bare tombstone, deleted instance, master", () => {
    expect(events.map(({ state, series, unreadable }) => [state, series, unreadable])).toEqual([
      ["live", undefined, undefined],
      ["deleted", undefined, undefined],
      ["deleted", "instance", undefined],
      ["live", "master", undefined],
    ]);
    expect(events[1]).toEqual({
      id: "ls00000000000000000000gone",
      calendarId: "bay1@example.org",
      state: "deleted",
      content: {},
      properties: {},
    });
  });

  test("a time with an offset becomes an instant, with the zone beside it", () => {
    expect(events[0]?.content.span).toEqual({
      kind: "timed",
      start: "2027-01-10T14:00:00.000Z",
      end: "2027-01-10T15:00:00.000Z",
      zone: "America/New_York",
    });
  });

  test("the version is brought to milliseconds and UTC, so that text order is time order", () => {
    expect(read({ updated: "2027-01-03T09:00:00Z" }).updated).toBe("2027-01-03T09:00:00.000Z");
    expect(read({ updated: "2027-01-03T10:00:00.5+01:00" }).updated).toBe("2027-01-03T09:00:00.500Z");
    expect(read({ updated: "yesterday" })).not.toHaveProperty("updated");
  });

  test("S39: a local time is read in its own zone, and without one in the resource's", () => {
    const local = { start: { dateTime: "2027-07-10T09:00:00" }, end: { dateTime: "2027-07-10T10:00:00" } };
    const zoned = {
      start: { ...local.start, timeZone: "Europe/London" },
      end: { ...local.end, timeZone: "Europe/London" },
    };

    expect(read(local).content.span).toMatchObject({ start: "2027-07-10T13:00:00.000Z" });
    expect(read(zoned).content.span).toMatchObject({
      start: "2027-07-10T08:00:00.000Z",
      end: "2027-07-10T09:00:00.000Z",
    });
  });

  test("S40: an unknown zone beside an offset does no harm; without an offset that event is unreadable", () => {
    const custom = "tzone://Microsoft/Custom";
    const offset = read({ start: { ...NINE, timeZone: custom }, end: { ...TEN, timeZone: custom } });
    const local = read({
      start: { dateTime: "2027-01-10T09:00:00", timeZone: custom },
      end: { dateTime: "2027-01-10T10:00:00", timeZone: custom },
      summary: "Kept",
    });

    expect(offset.content.span).toEqual({
      kind: "timed",
      start: "2027-01-10T14:00:00.000Z",
      end: "2027-01-10T15:00:00.000Z",
    });
    expect(offset).not.toHaveProperty("unreadable");
    expect(local.unreadable).toBe("its time zone is unknown");
    expect(local.content).toEqual({ title: "Kept", description: "", standing: "confirmed" });
  });

  test.each([
    ["no end", { end: undefined }, "it has no end"],
    ["no start", { start: null }, "it has no start"],
    ["an end before its start", { start: TEN, end: NINE }, "its end is not after its start"],
    ["no length", { end: NINE }, "its end is not after its start"],
    [
      "a date that does not exist",
      { start: { date: "2027-02-30" }, end: { date: "2027-03-01" } },
      "its start is no date",
    ],
    ["half a date", { start: { date: "2027-01-10" }, end: TEN }, "its end is no date"],
    ["a time that is none", { start: { dateTime: "soonZ" } }, "its start is no time"],
    ["an absurd year", { end: { dateTime: "9999-01-10T10:00:00Z" } }, "its end lies outside 1970 to 2199"],
    ["a number for a title", { summary: 7 }, "it is not shaped like an event"],
  ])("S41: an event with %s is told as unreadable, not thrown", (_, fields, reason) => {
    const event = read(fields);

    expect(event.unreadable).toBe(reason);
    expect(event.id).toBe("abc12");
    expect(event.content).not.toHaveProperty("span");
  });

  test("S41: midnight ends, a null title and NUL bytes are read as they are meant", () => {
    const event = read({ summary: null, description: "a\u0000b", end: { dateTime: "2027-01-11T00:00:00-05:00" } });

    expect(event).not.toHaveProperty("unreadable");
    expect(event.content).toMatchObject({ title: "", description: "ab", span: { end: "2027-01-11T05:00:00.000Z" } });
  });

  test("S65: a hidden title is unknown, an empty one is empty", () => {
    expect(read({}).content).toMatchObject({ title: "", description: "" });
    expect(read({ visibility: "private" }).content).toMatchObject({ title: "" });
    expect(Object.keys(read({}, { masked: true }).content)).toEqual(["span"]);
    expect(Object.keys(read({ visibility: "private", organizer: undefined }).content)).toEqual(["span"]);
  });

  test("what takes the room says who called it: its organiser, or who made it in the calendar itself", () => {
    const anna = { email: "anna@town.example", displayName: "Anna Berg" };

    expect(read({ organizer: anna, creator: { self: true } }).meeting).toEqual({
      organiser: { name: "Anna Berg", email: "anna@town.example" },
      categories: [],
    });
    expect(read({ creator: { email: "anna@town.example" } }).meeting?.organiser?.name).toBe("anna@town.example");
    expect(read({}).meeting).toEqual({ categories: [] });
  });

  test.each([
    ["shown as free", { transparency: "transparent" }],
    ["a working place", { eventType: "workingLocation" }],
    ["declined", { attendees: [{ self: true, responseStatus: "declined" }] }],
    ["not answered", { attendees: [{ email: "x@y.example" }, { self: true, responseStatus: "needsAction" }] }],
  ])("what is %s takes no room", (_, fields) => {
    expect(read(fields)).not.toHaveProperty("meeting");
  });

  test("an accepted invitation takes the room; what is private or confidential is nobody else's business", () => {
    expect(read({ attendees: [{ self: true, responseStatus: "accepted" }] })).toHaveProperty("meeting");
    expect(read({ visibility: "confidential", summary: "Doctor" }).isPrivate).toBe(true);
    expect(read({ visibility: "public" })).not.toHaveProperty("isPrivate");
  });

  test("a description with markup is also told as plain text, one without is not", () => {
    const marked = "Bring <b>chairs</b><br>and\ncake &amp; tea";

    expect(read({ description: marked })).toMatchObject({
      content: { description: marked },
      meeting: { notes: "Bring chairs\nand\ncake & tea" },
    });
    expect(read({ description: "a < b, and c > d" }).meeting).not.toHaveProperty("notes");
  });

  test("S24: a renamed zone changes nothing that is compared", () => {
    const kiev = read({ start: { ...NINE, timeZone: "Europe/Kiev" } }).content.span;
    const kyiv = read({ start: { ...NINE, timeZone: "Europe/Kyiv" } }).content.span;

    expect({ ...kiev, zone: "" }).toEqual({ ...kyiv, zone: "" });
  });

  test("what is no event at all is told with whatever id it has", () => {
    for (const item of [null, 7, "x", [], { id: "" }, {}]) {
      expect(readEvent(item, READING)).toMatchObject({ id: "(without an id)", unreadable: expect.any(String) });
    }
    expect(readEvent({ id: "abc12", start: 7 }, READING)).toMatchObject({ id: "abc12", state: "live" });
  });
});

describe("roles", () => {
  test("S65: only writer and owner may write; below reader the text is hidden", () => {
    const roles = ["none", "freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner", undefined];

    expect(roles.map(readAccess)).toEqual(["reader", "reader", "reader", "reader", "writer", "writer", "writer"]);
    expect(roles.filter(hidesText)).toEqual(["none", "freeBusyReader"]);
  });
});

describe("writing content", () => {
  const span = {
    kind: "timed",
    start: "2027-01-10T14:00:00.000Z",
    end: "2027-01-10T15:00:00.000Z",
    zone: "Europe/London",
  } as const;

  test("only known fields are written, an empty one as empty", () => {
    expect(writeContent({})).toEqual({});
    expect(writeContent({ title: "" })).toEqual({ summary: "" });
    expect(writeContent({ description: "a\u0000b" })).toEqual({ description: "ab" });
  });

  test("times are written as instants with the zone; a patch empties the other form", () => {
    expect(writeContent({ span })).toEqual({
      start: { dateTime: span.start, timeZone: "Europe/London" },
      end: { dateTime: span.end, timeZone: "Europe/London" },
    });
    expect(writeContent({ span: { kind: "all-day", start: "2027-01-10", end: "2027-01-11" } }, "patch")).toEqual({
      start: { date: "2027-01-10", dateTime: null, timeZone: null },
      end: { date: "2027-01-11", dateTime: null, timeZone: null },
    });
  });
});
