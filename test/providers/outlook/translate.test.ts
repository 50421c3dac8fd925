import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { htmlToText } from "../../../shared/providers/html-text.ts";
import { propertyId } from "../../../shared/providers/outlook/properties.ts";
import { readEvent, writeContent } from "../../../shared/providers/outlook/translate.ts";
import { toIana, toWindows } from "../../../shared/providers/outlook/zones.ts";
import { FIELDS } from "../../../shared/sync/content.ts";
import { event, ROOM } from "./scripted.ts";

const READING = { calendarId: ROOM, timeZone: "Europe/Oslo", authored: FIELDS };

function read(fields: object, reading: object = {}) {
  return readEvent(event("AAk1", fields), { ...READING, ...reading });
}

function at(dateTime: string, timeZone?: string) {
  return { dateTime, ...(timeZone !== undefined && { timeZone }) };
}

describe("reading an event", () => {
  const delta: { value: unknown[] } = JSON.parse(readFileSync("shared/providers/outlook/fixtures/delta.json", "utf8"));
  const events = delta.value.map((item) => readEvent(item, READING));

  test("a round's items are read one by one: event, removed, master, bare occurrence", () => {
    expect(events.map(({ state, series, unreadable }) => [state, series, unreadable])).toEqual([
      ["live", undefined, undefined],
      ["deleted", undefined, undefined],
      ["live", "master", undefined],
      ["live", "instance", undefined],
    ]);
    expect(events[1]).toEqual({
      id: "AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0AEZ9r3czxY0m2jz8c45czkwAAFXcx9AAA",
      calendarId: ROOM,
      state: "deleted",
      content: {},
      properties: {},
    });
  });

  test("times come in UTC, the zone people see from where the event was made, the body as text", () => {
    expect(events[0]).toMatchObject({
      etag: 'W/"EZ9r3czxY0m2jz8c45czkwAAFXcvIw=="',
      updated: "2027-01-03T09:00:00.123Z",
      content: {
        span: {
          kind: "timed",
          start: "2027-01-10T08:00:00.000Z",
          end: "2027-01-10T09:00:00.000Z",
          zone: "Europe/Oslo",
        },
        title: "Choir practice",
        description: "Bring chairs & music\n\nDoor code: none",
      },
    });
  });

  test("S24: of the zones that share a name in Outlook, the room's is meant where it is one of them", () => {
    const zoneOf = (timeZone: string) => {
      const { span } = read({ originalStartTimeZone: "W. Europe Standard Time" }, { timeZone }).content;
      return span?.kind === "timed" ? span.zone : undefined;
    };

    expect(["Europe/Oslo", "Europe/Rome", "Europe/London"].map(zoneOf)).toEqual([
      "Europe/Oslo",
      "Europe/Rome",
      "Europe/Berlin",
    ]);
  });

  test("a field that an answer leaves out is unknown, a null subject is empty", () => {
    expect(Object.keys(events[3]?.content ?? {})).toEqual(["span"]);
    expect(read({ subject: null, body: null }).content).toMatchObject({ title: "", description: "" });
  });

  test("a private event's missing text is unknown, what it shows is read", () => {
    expect(Object.keys(read({ sensitivity: "private", subject: null, body: null }).content)).toEqual(["span"]);
    expect(read({ sensitivity: "private" }).content).toMatchObject({ title: "Choir practice" });
  });

  test("what takes the room says who called it and what it is filed under", () => {
    const organizer = { emailAddress: { name: "Anna Berg", address: "anna@town.example" } };

    expect(read({ organizer, categories: ["Booking"], showAs: "busy" }).meeting).toEqual({
      organiser: { name: "Anna Berg", email: "anna@town.example" },
      categories: ["Booking"],
    });
    expect(read({ organizer: { emailAddress: { address: "anna@town.example" } } }).meeting?.organiser?.name).toBe(
      "anna@town.example",
    );
  });

  test.each([
    ["shown as free", { showAs: "free" }],
    ["declined", { responseStatus: { response: "declined" } }],
    ["accepted with reserve", { showAs: "tentative", responseStatus: { response: "tentativelyAccepted" } }],
    ["not answered", { responseStatus: { response: "notResponded" } }],
  ])("what is %s takes no room", (_, fields) => {
    expect(read(fields)).not.toHaveProperty("meeting");
  });

  test.each(["private", "personal", "confidential"])("what is %s is nobody else's business", (sensitivity) => {
    expect(read({ sensitivity }).isPrivate).toBe(true);
    expect(read({})).not.toHaveProperty("isPrivate");
  });

  test("S48: where the room rewrites subjects, a title is unknown, whatever it says", () => {
    const replaced = read({ subject: "Kari Nordmann" }, { authored: ["span"] });

    expect(replaced.content).toEqual({ span: expect.objectContaining({ start: "2027-01-10T08:00:00.000Z" }) });
  });

  test("properties are those of our own set, by their names; an emptied one is none", () => {
    const properties = [
      { id: propertyId("BookingSystemId"), value: "b-17" },
      { id: propertyId("BookingSystemType").replace("8f2d6c1e", "8F2D6C1E"), value: "event" },
      { id: propertyId("gone"), value: "" },
      { id: "String {11111111-2222-3333-4444-555555555555} Name BookingSystemId", value: "another's" },
    ];

    expect(read({ singleValueExtendedProperties: properties }).properties).toEqual({
      BookingSystemId: "b-17",
      BookingSystemType: "event",
    });
  });

  test("an event called off by its organiser is a deleted one that still says whose it was", () => {
    const off = read({
      isCancelled: true,
      subject: "Canceled: Choir practice",
      singleValueExtendedProperties: [{ id: propertyId("BookingSystemId"), value: "b-17" }],
    });

    expect(off).toMatchObject({ state: "deleted", content: {}, properties: { BookingSystemId: "b-17" } });
    expect(off.iCalUid).toBe("uid-AAk1");
  });

  test("S39: a local time is read in its zone by either name, and without one in the room's", () => {
    const local = (timeZone?: string) =>
      read({ start: at("2027-07-10T09:00:00", timeZone), end: at("2027-07-10T10:00:00", timeZone) }).content.span;

    expect(local()).toMatchObject({ start: "2027-07-10T07:00:00.000Z" });
    expect(local("GMT Standard Time")).toMatchObject({ start: "2027-07-10T08:00:00.000Z" });
    expect(local("America/New_York")).toMatchObject({ start: "2027-07-10T13:00:00.000Z" });
  });

  test("S40: a custom zone beside UTC only loses its name; alone it makes that one event unreadable", () => {
    const custom = "tzone://Microsoft/Custom";
    const beside = read({ originalStartTimeZone: custom });
    const alone = read({ start: at("2027-01-10T09:00:00", custom), end: at("2027-01-10T10:00:00", custom) });

    expect(beside.content.span).toEqual({
      kind: "timed",
      start: "2027-01-10T08:00:00.000Z",
      end: "2027-01-10T09:00:00.000Z",
    });
    expect(beside).not.toHaveProperty("unreadable");
    expect(alone.unreadable).toBe("its time zone is unknown");
    expect(alone.content).toEqual({ title: "Choir practice", description: "Bring chairs" });
  });

  test.each([
    ["floating", at("2027-01-10T00:00:00", "UTC"), at("2027-01-12T00:00:00", "UTC"), "UTC"],
    [
      "told in UTC, made in Oslo",
      at("2027-01-09T23:00:00", "UTC"),
      at("2027-01-11T23:00:00", "UTC"),
      "W. Europe Standard Time",
    ],
    [
      "told in UTC, made in Honolulu",
      at("2027-01-10T10:00:00", "UTC"),
      at("2027-01-12T10:00:00", "UTC"),
      "Hawaiian Standard Time",
    ],
    [
      "told in UTC, made in Auckland",
      at("2027-01-09T11:00:00", "UTC"),
      at("2027-01-11T11:00:00", "UTC"),
      "New Zealand Standard Time",
    ],
    [
      "told in UTC, made nobody knows where",
      at("2027-01-09T23:00:00", "UTC"),
      at("2027-01-11T23:00:00", "UTC"),
      "tzone://Microsoft/Custom",
    ],
  ])("S38: whole days %s are the same dates", (_, start, end, originalStartTimeZone) => {
    const { content } = read({ isAllDay: true, start, end, originalStartTimeZone });

    expect(content.span).toEqual({ kind: "all-day", start: "2027-01-10", end: "2027-01-12" });
  });

  test.each([
    ["no end", { end: undefined }, "it has no end"],
    ["no start", { start: null }, "it has no start"],
    ["no length", { end: at("2027-01-10T08:00:00", "UTC") }, "its end is not after its start"],
    [
      "whole days that begin at noon",
      { isAllDay: true, start: at("2027-01-10T12:00:00", "UTC") },
      "it is said to last whole days and begins or ends within one",
    ],
    ["a date that does not exist", { start: at("2027-02-30T08:00:00", "UTC") }, "its start is no time"],
    ["an absurd year", { end: at("9999-01-10T10:00:00", "UTC") }, "its end lies outside 1970 to 2199"],
    ["a number for a subject", { subject: 7 }, "it is not shaped like an event"],
  ])("S41: an event with %s is told as unreadable, not thrown", (_, fields, reason) => {
    const unread = read(fields);

    expect(unread.unreadable).toBe(reason);
    expect(unread.id).toBe("AAk1");
    expect(unread.content).not.toHaveProperty("span");
  });

  test("what is no event at all is told with whatever id it has", () => {
    for (const item of [null, 7, "x", [], { id: "" }, {}]) {
      expect(readEvent(item, READING)).toMatchObject({ id: "(without an id)", unreadable: expect.any(String) });
    }
  });
});

describe("a body's text", () => {
  test("S24: line ends, NUL bytes and space at the end are evened out, and reading twice changes nothing", () => {
    const once = read({ body: { contentType: "text", content: "a\u0000\r\n\tb \r\n\r\n" } }).content.description;

    expect(once).toBe("a\n\tb");
    expect(read({ body: { contentType: "text", content: once } }).content.description).toBe(once);
  });

  test.each([
    ["<html><body>One<br>two</body></html>", "One\ntwo"],
    ["<style>p{}</style><!-- note --><p>Fish &amp; chips</p>", "Fish & chips"],
    ["<div>1 &lt; 2</div><div>caf&#233; &#x26F3;</div>", "1 < 2\n\ncafé ⛳"],
    ["<ul><li>one</li><li>two</li></ul>", "one\n\ntwo"],
    ["a   \r\n  b<script>alert(1)</script>", "a b"],
    ["&unknown; &#0;", "&unknown;"],
    ["", ""],
  ])("S24: %s reads as text", (html, text) => {
    expect(htmlToText(html)).toBe(text);
  });
});

describe("writing content", () => {
  const span = {
    kind: "timed",
    start: "2027-01-10T08:00:00.000Z",
    end: "2027-01-10T09:00:00.000Z",
    zone: "Europe/Oslo",
  } as const;

  test("only known fields are written, an empty one as empty, the body as text", () => {
    expect(writeContent({}, "Europe/Oslo")).toEqual({});
    expect(writeContent({ title: "", description: "a\u0000b" }, "Europe/Oslo")).toEqual({
      subject: "",
      body: { contentType: "text", content: "ab" },
    });
  });

  test("a time is written without offset in its own zone, by Outlook's name", () => {
    expect(writeContent({ span }, "UTC")).toEqual({
      start: { dateTime: "2027-01-10T09:00:00", timeZone: "W. Europe Standard Time" },
      end: { dateTime: "2027-01-10T10:00:00", timeZone: "W. Europe Standard Time" },
      isAllDay: false,
    });
  });

  test("S37: an hour that comes twice, and a zone without a name there, are written in UTC", () => {
    const first = { ...span, start: "2027-10-31T00:30:00.000Z", end: "2027-10-31T02:30:00.000Z" };
    const second = { ...span, start: "2027-10-31T01:30:00.000Z", end: "2027-10-31T02:30:00.000Z" };
    const unnamed = { ...span, zone: "Antarctica/Troll" };

    const starts = [first, second, unnamed].map((each) => writeContent({ span: each }, "Europe/Oslo").start);

    expect(starts).toEqual([
      at("2027-10-31T00:30:00", "UTC"),
      at("2027-10-31T01:30:00", "UTC"),
      at("2027-01-10T08:00:00", "UTC"),
    ]);
  });

  test("S38: whole days run from midnight to midnight in the room's zone", () => {
    expect(
      writeContent({ span: { kind: "all-day", start: "2027-01-10", end: "2027-01-12" } }, "Pacific/Auckland"),
    ).toEqual({
      start: { dateTime: "2027-01-10T00:00:00", timeZone: "New Zealand Standard Time" },
      end: { dateTime: "2027-01-12T00:00:00", timeZone: "New Zealand Standard Time" },
      isAllDay: true,
    });
  });

  test("S37: what is written in a zone reads back as the same instants on both sides of a clock change", () => {
    for (const start of ["2027-03-27T08:00:00.000Z", "2027-03-28T08:00:00.000Z", "2027-10-31T00:30:00.000Z"]) {
      const lasting = { ...span, start, end: new Date(Date.parse(start) + 3_600_000).toISOString() };
      const written = writeContent({ span: lasting }, "Europe/Oslo");

      expect(read({ ...written, originalStartTimeZone: "W. Europe Standard Time" }).content.span).toMatchObject({
        start: lasting.start,
        end: lasting.end,
      });
    }
  });
});

describe("zone names", () => {
  test("S40: both spellings are understood, old and new names too, custom ones are not", () => {
    expect(["W. Europe Standard Time", "Europe/Oslo", "tzone://Microsoft/Utc", "UTC"].map(toIana)).toEqual([
      "Europe/Berlin",
      "Europe/Oslo",
      "UTC",
      "UTC",
    ]);
    expect(["tzone://Microsoft/Custom", "Customized Time Zone", ""].map(toIana)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(["Europe/Kyiv", "Europe/Kiev", "Asia/Calcutta", "Asia/Kolkata"].map(toWindows)).toEqual([
      "FLE Standard Time",
      "FLE Standard Time",
      "India Standard Time",
      "India Standard Time",
    ]);
  });
});
