import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AIRBNB, calendar, days, event, read, readOne, readRows, reserved, VRBO } from "./feeds.ts";

const STAY = days("u", "2027-05-07", "2027-05-09", "Reserved - Zoë Müller");
const CUSTOM = 'DTSTART;TZID="tzone://Microsoft/Custom":20270507T150000';
const VTIMEZONE = [
  ...["BEGIN:VTIMEZONE", "TZID:tzone://Microsoft/Custom", "BEGIN:STANDARD", "DTSTART:16010101T000000"],
  ...["TZOFFSETFROM:-0500", "TZOFFSETTO:-0500", "END:STANDARD", "END:VTIMEZONE"],
];

function times(start: string, end: string) {
  return event("UID:u", start, end, "SUMMARY:Reserved - Jane Doe");
}

describe("times", () => {
  test("S41: ends at midnight, absent ends and durations mean nights", () => {
    const utcMidnights = readOne(VRBO, times("DTSTART:20270507T000000Z", "DTEND:20270509T000000Z"), {
      zone: "America/Denver",
    });
    const localMidnight = readOne(VRBO, times("DTSTART:20270507T160000", "DTEND:20270509T000000"), {
      zone: "Europe/Rome",
    });
    const noEnd = readOne(VRBO, event("UID:u", "DTSTART;VALUE=DATE:20270507", "SUMMARY:Reserved"));
    const lasting = readOne(VRBO, event("UID:u", "DTSTART;VALUE=DATE:20270507", "DURATION:P4D", "SUMMARY:Reserved"));

    expect([utcMidnights, localMidnight, noEnd, lasting].map(({ start, end }) => [start, end])).toEqual([
      ["2027-05-07", "2027-05-09"],
      ["2027-05-07", "2027-05-09"],
      ["2027-05-07", "2027-05-08"],
      ["2027-05-07", "2027-05-11"],
    ]);
  });

  test("times of arrival and departure are nights of the home's own zone", () => {
    const utc = times("DTSTART:20270507T230000Z", "DTEND:20270509T170000Z");

    expect(readOne(VRBO, utc, { zone: "Australia/Sydney" })).toMatchObject({ start: "2027-05-08", end: "2027-05-10" });
    expect(readOne(VRBO, utc, { zone: "America/New_York" })).toMatchObject({ start: "2027-05-07", end: "2027-05-09" });
  });

  test.each([
    ["no start", event("UID:u", "SUMMARY:Reserved")],
    ["an end before the start", days("u", "2027-05-09", "2027-05-07", "Reserved")],
    ["no length", days("u", "2027-05-07", "2027-05-07", "Reserved")],
    ["a start that is none", times("DTSTART:soon", "DTEND:20270509T000000Z")],
    ["a day that does not exist", days("u", "2027-02-30", "2027-03-02", "Reserved")],
    ["a year far off", days("u", "1601-01-01", "2027-03-02", "Reserved")],
    ["no night", times("DTSTART:20270507T100000Z", "DTEND:20270507T120000Z")],
    ["a duration that is none", event("UID:u", "DTSTART;VALUE=DATE:20270507", "DURATION:long", "SUMMARY:Reserved")],
  ])("S41: one with %s is set aside alone, with a reason", (_, odd) => {
    const { rows, bad, complete } = readRows(calendar(VRBO, odd, days("v", "2027-06-01", "2027-06-03", "Reserved")));

    expect(rows.map(({ uid }) => uid)).toEqual(["v"]);
    expect(bad).toEqual([{ uid: "u", reason: expect.stringMatching(/^it|^its/) }]);
    expect(complete).toBe(true);
  });

  test("S40: a Windows zone is mapped, a custom one read by the file's own rules, an unknown one sets its event aside", () => {
    const windows = times(
      'DTSTART;TZID="Pacific Standard Time":20270507T150000',
      'DTEND;TZID="Pacific Standard Time":20270509T110000',
    );
    const custom = times(CUSTOM, CUSTOM.replace("DTSTART", "DTEND").replace("0507T15", "0509T11"));
    const unknown = times("DTSTART;TZID=Nowhere/Land:20270507T150000", "DTEND;TZID=Nowhere/Land:20270509T110000");
    const explained = calendar(VRBO, VTIMEZONE, custom);

    expect(readOne(VRBO, windows, { zone: "America/Los_Angeles" })).toMatchObject({
      start: "2027-05-07",
      end: "2027-05-09",
    });
    expect(readRows(explained, { zone: "Asia/Tokyo" }).rows).toMatchObject([
      { start: "2027-05-08", end: "2027-05-10" },
    ]);
    expect(readOne(VRBO, custom).reason).toContain("custom");
    expect(readOne(VRBO, unknown).reason).toContain("Nowhere/Land");
  });
});

describe("odd files", () => {
  test("S41: NUL bytes, a byte order mark, bare line feeds and Latin-1 are survived", () => {
    const text = calendar(VRBO, STAY);
    const utf8 = new TextEncoder();
    const nul = utf8.encode(text.replace("Reserved", "Re\u0000served"));
    const marked = utf8.encode(`\ufeff${text}`);
    const bare = utf8.encode(text.replaceAll("\r\n", "\n"));
    const latin1 = Uint8Array.from([...text].map((character) => character.charCodeAt(0)));

    for (const bytes of [nul, marked, bare, latin1]) {
      expect(readRows(bytes).rows).toMatchObject([{ customer: "Zoë Müller", start: "2027-05-07" }]);
    }
  });

  test("S41: a line that is folded in the middle of a character is one line", () => {
    const bytes = [...new TextEncoder().encode(calendar(VRBO, STAY))];
    const at = bytes.findIndex((byte, place) => byte === 0xc3 && bytes[place + 1] === 0xbc);
    bytes.splice(at + 1, 0, 0x0d, 0x0a, 0x20);

    expect(readRows(Uint8Array.from(bytes)).rows[0]?.customer).toBe("Zoë Müller");
  });

  test("S03: a file that breaks off is incomplete, and what it has counts", () => {
    const text = calendar(VRBO, STAY, days("v", "2027-06-01", "2027-06-03", "Reserved"));

    const noEnd = readRows(text.replace("END:VCALENDAR", ""));
    const cut = readRows(text.slice(0, text.indexOf("UID:v") + 20));

    expect([noEnd.complete, noEnd.rows.length, cut.complete]).toEqual([false, 2, false]);
    expect(cut.rows.map(({ uid }) => uid)).toEqual(["u"]);
    expect(cut.bad).toEqual([{ uid: "v", reason: "it breaks off" }]);
  });

  test("S02: a web page, an error and nothing are no calendar, not an empty one", () => {
    expect(read("<!doctype html><html><body>Log in</body></html>")).toEqual({
      kind: "failure",
      why: "it is a web page",
    });
    expect(read('{"error":"gone"}').kind).toBe("failure");
    expect(read("").kind).toBe("failure");
    expect(readRows(calendar(VRBO))).toMatchObject({ rows: [], complete: true });
  });

  test("a stray line spoils nothing, alarms are not events, an event that never ends is set aside", () => {
    const alarm = ["BEGIN:VALARM", "TRIGGER:-PT15M", "DESCRIPTION:wake up", "END:VALARM"];
    const withAlarm = [...STAY.slice(0, -1), ...alarm, "END:VEVENT"];
    const open = ["BEGIN:VEVENT", "UID:open", "DTSTART;VALUE=DATE:20270601", "SUMMARY:Reserved"];

    const { rows, bad, complete } = readRows(calendar(VRBO, ["this is no line", ""], open, withAlarm));

    expect(rows.map(({ uid, notes }) => [uid, notes])).toEqual([["u", undefined]]);
    expect(bad).toEqual([{ uid: "open", reason: "it breaks off" }]);
    expect(complete).toBe(true);
  });

  test("of two events with one UID the higher SEQUENCE counts; where neither is higher, the one that takes place", () => {
    const first = days("u", "2027-05-07", "2027-05-09", "Reserved");
    const later = days("u", "2027-05-08", "2027-05-10", "Reserved", "SEQUENCE:2");
    const cancelled = days("u", "2027-05-07", "2027-05-09", "Reserved", "STATUS:CANCELLED");

    expect(readRows(calendar(VRBO, later, first)).rows).toMatchObject([{ start: "2027-05-08" }]);
    expect(readRows(calendar(VRBO, first, cancelled)).rows).toMatchObject([{ nature: "stay" }]);
    expect(readRows(calendar(VRBO, first, [...cancelled.slice(0, -1), "SEQUENCE:1", "END:VEVENT"])).rows).toMatchObject(
      [{ nature: "cancelled" }],
    );
  });

  test("a repeating event is written out, a changed and a cancelled occurrence as they are", () => {
    const weekly = days(
      "w",
      "2027-05-07",
      "2027-05-09",
      "Owner stay",
      "RRULE:FREQ=WEEKLY;COUNT=4",
      "EXDATE;VALUE=DATE:20270514",
    );
    const moved = days("w", "2027-05-22", "2027-05-24", "Owner stay", "RECURRENCE-ID;VALUE=DATE:20270521");

    const { rows } = readRows(calendar(VRBO, weekly, moved));

    expect(rows.map(({ start, end }) => `${start} ${end}`).sort()).toEqual([
      ...["2027-05-07 2027-05-09", "2027-05-22 2027-05-24", "2027-05-28 2027-05-30"],
    ]);
  });

  test("a title of nothing and a missing UID are no reason to lose a stay", () => {
    const nameless = event("DTSTART;VALUE=DATE:20270507", "DTEND;VALUE=DATE:20270509");

    expect(readRows(calendar(AIRBNB, nameless)).rows).toMatchObject([{ uid: "", title: "", nature: "stay-or-block" }]);
  });

  test("whatever is done to a file, it is read without a crash and invents no code", () => {
    const text = calendar(
      AIRBNB,
      reserved("a", "2027-05-07", "2027-05-09", "HMABCD1234"),
      STAY,
      ["BEGIN:VTIMEZONE"],
      ["END:VEVENT"],
    );
    const bytes = new TextEncoder().encode(text);
    const mutation = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 12 });

    fc.assert(
      fc.property(mutation, fc.nat(bytes.length), (changes, length) => {
        const mutated = bytes.slice(0, length);
        for (const [at, byte] of changes) if (at < mutated.length) mutated[at] = byte;
        const reading = read(mutated);
        const codes = reading.kind === "failure" ? [] : reading.rows.flatMap(({ code }) => code ?? []);
        const shown = new TextDecoder("latin1")
          .decode(mutated)
          .replace(/[\r\n\0]+[ \t]?/g, "")
          .toUpperCase();
        for (const code of codes) expect(shown).toContain(code);
      }),
      { numRuns: 300 },
    );
  });
});
