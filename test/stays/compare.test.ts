import { describe, expect, test } from "vitest";
import { compareReadings } from "../../shared/stays/compare-readings.ts";
import type { FeedRow } from "../../shared/stays/feed-row.ts";
import { AIRBNB, BOOKING, calendar, days, NOW, read, reserved, VRBO } from "./feeds.ts";

/** What the second file means after the first, as UIDs; a change as `old dates > new dates`. */
function diff(prodid: string, before: readonly string[][], after: readonly string[][] | string, now = NOW) {
  const second = typeof after === "string" ? after : calendar(prodid, ...after);
  const meaning = compareReadings(read(calendar(prodid, ...before), { now }), read(second, { now }), now);
  const dates = ({ start, end }: FeedRow) => `${start.slice(5)} ${end.slice(5)}`;
  const uids = (rows: readonly FeedRow[]) => rows.map(({ uid }) => uid);
  return {
    added: uids(meaning.added),
    changed: meaning.changed.map((each) => `${dates(each.before)} > ${dates(each.after)}`),
    doubtful: uids(meaning.doubtful),
    cancelled: uids(meaning.cancelled),
    expired: uids(meaning.expired),
  };
}

const NOTHING = { added: [], changed: [], doubtful: [], cancelled: [], expired: [] };
const ANN = reserved("a", "2027-05-07", "2027-05-09", "HMANN00001");
const BEN = reserved("b", "2027-05-09", "2027-05-12", "HMBEN00001");

describe("what a second reading means", () => {
  test("the same again means nothing, in whatever order", () => {
    expect(diff(AIRBNB, [ANN, BEN], [BEN, ANN])).toEqual(NOTHING);
  });

  test("a stay that is missing once is doubtful, one that is new is added", () => {
    const meaning = diff(AIRBNB, [ANN, BEN], [BEN, reserved("c", "2027-06-01", "2027-06-03", "HMCLEO0001")]);

    expect(meaning).toEqual({ ...NOTHING, added: ["c"], doubtful: ["a"] });
  });

  test("one that is said to be cancelled is", () => {
    expect(diff(AIRBNB, [ANN, BEN], [BEN, [...ANN.slice(0, -1), "STATUS:CANCELLED", "END:VEVENT"]])).toEqual({
      ...NOTHING,
      cancelled: ["a"],
    });
  });

  test("S09: a stay that is over and leaves is expired", () => {
    const over = reserved("o", "2027-04-20", "2027-05-01", "HMOVER0001");

    expect(diff(AIRBNB, [over, ANN], [ANN])).toEqual({ ...NOTHING, expired: ["o"] });
  });

  test("S02: nothing is cancelled by an empty file, a web page or nothing", () => {
    for (const after of [calendar(AIRBNB), "<html></html>", ""]) {
      expect(diff(AIRBNB, [ANN, BEN], after)).toEqual({ ...NOTHING, doubtful: ["a", "b"] });
    }
  });

  test("S03: what a file that breaks off lacks is doubtful", () => {
    const whole = calendar(AIRBNB, ANN, BEN);

    expect(diff(AIRBNB, [ANN, BEN], whole.slice(0, whole.indexOf("UID:b")))).toEqual({ ...NOTHING, doubtful: ["b"] });
  });

  test("S54: new dates under the same UID are a change, a turnover on the same day none", () => {
    expect(diff(AIRBNB, [ANN, BEN], [ANN, reserved("b", "2027-05-10", "2027-05-12", "HMBEN00001")])).toEqual({
      ...NOTHING,
      changed: ["05-09 05-12 > 05-10 05-12"],
    });
    expect(
      diff(
        VRBO,
        [days("a", "2027-05-07", "2027-05-09", "Reserved")],
        [...[days("a", "2027-05-07", "2027-05-09", "Reserved"), days("b", "2027-05-09", "2027-05-11", "Reserved")]],
      ),
    ).toEqual({ ...NOTHING, added: ["b"] });
  });

  test("S16: a UID that is re-issued with new dates is the same stay by its code, or by its guest's name", () => {
    const moved = reserved("new", "2027-06-20", "2027-06-22", "HMANN00001");
    const jane = days("j1", "2027-05-07", "2027-05-09", "Reserved - Jane Doe");
    const later = days("j2", "2027-05-08", "2027-05-12", "Reserved - Jane Doe");

    expect(diff(AIRBNB, [ANN, BEN], [moved, BEN]).changed).toEqual(["05-07 05-09 > 06-20 06-22"]);
    expect(diff(VRBO, [jane], [later])).toEqual({ ...NOTHING, changed: ["05-07 05-09 > 05-08 05-12"] });
  });

  test("S16: without code or name a new UID with other dates is another stay, however near", () => {
    const before = days("a", "2027-05-07", "2027-05-09", "Reserved");

    expect(diff(VRBO, [before], [days("b", "2027-05-08", "2027-05-10", "Reserved")])).toEqual({
      ...NOTHING,
      ...{ added: ["b"], doubtful: ["a"] },
    });
  });

  test("S17: UIDs that change at every fetch mean nothing", () => {
    const stays = (mark: string) => [
      days(`${mark}1`, "2027-05-07", "2027-05-09", "CLOSED - Not available"),
      days(`${mark}2`, "2027-05-09", "2027-05-12", "CLOSED - Not available"),
      days(`${mark}3`, "2027-06-01", "2027-06-04", "CLOSED - Not available"),
    ];

    expect(diff(BOOKING, stays("x"), stays("y"))).toEqual(NOTHING);
  });

  test("S17: UIDs that only number the entries do not move stays about", () => {
    const row = (uid: number, start: string, end: string) => days(String(uid), start, end, "Reserved");
    const before = [
      row(1, "2027-05-07", "2027-05-09"),
      row(2, "2027-05-09", "2027-05-12"),
      row(3, "2027-06-01", "2027-06-04"),
    ];
    const after = [row(1, "2027-05-09", "2027-05-12"), row(2, "2027-06-01", "2027-06-04")];

    expect(diff(VRBO, before, after)).toEqual({ ...NOTHING, doubtful: ["1"] });
  });

  test("a stay under way whose UID is re-issued each day, and whose nights that are over are cut off, is the same", () => {
    const before = [days("TRU-9LZDAN@booking.com", "2027-04-28", "2027-05-04", "CLOSED - Not available")];
    const after = [days("TRU-2BASUD@booking.com", "2027-05-01", "2027-05-04", "CLOSED - Not available")];

    expect(diff(BOOKING, before, after)).toEqual(NOTHING);
  });

  test("S18: one guest, two stays: only the one that goes is missing", () => {
    const first = days("1", "2027-05-07", "2027-05-09", "Reserved - Jane Doe");
    const second = days("2", "2027-06-07", "2027-06-09", "Reserved - Jane Doe");

    expect(diff(VRBO, [first, second], [second])).toEqual({ ...NOTHING, doubtful: ["1"] });
    expect(diff(VRBO, [first, second], [days("9", "2027-06-07", "2027-06-09", "Reserved - Jane Doe")])).toEqual({
      ...NOTHING,
      doubtful: ["1"],
    });
  });

  test("S18: of two stays of one name that both went nobody knows which one is the new one", () => {
    const first = days("a1b2", "2027-05-07", "2027-05-09", "Reserved - Jane Doe");
    const second = days("c3d4", "2027-06-07", "2027-06-09", "Reserved - Jane Doe");

    expect(diff(VRBO, [first, second], [days("e5f6", "2027-07-07", "2027-07-09", "Reserved - Jane Doe")])).toEqual({
      ...NOTHING,
      ...{ added: ["e5f6"], doubtful: ["a1b2", "c3d4"] },
    });
  });

  test("S21: equal titles make nothing the same: another reservation of the same nights is another stay", () => {
    const meaning = diff(AIRBNB, [ANN], [reserved("z", "2027-05-07", "2027-05-09", "HMZOE00001")]);

    expect(meaning).toEqual({ ...NOTHING, added: ["z"], doubtful: ["a"] });
  });

  test("S21: a UID that comes back for another reservation is another stay", () => {
    expect(diff(AIRBNB, [ANN], [reserved("a", "2027-08-07", "2027-08-09", "HMZOE00001")])).toEqual({
      ...NOTHING,
      ...{ added: ["a"], doubtful: ["a"] },
    });
  });

  test("S53: blocks that slide, come and go mean nothing for stays", () => {
    const window = (uid: string, start: string) => days(uid, start, "2028-04-30", "Airbnb (Not available)");

    expect(diff(AIRBNB, [ANN, window("w1", "2027-11-01")], [ANN, window("w2", "2027-11-02")])).toEqual(NOTHING);
    expect(diff(AIRBNB, [ANN, days("n1", "2027-05-01", "2027-05-03", "Airbnb (Not available)")], [ANN])).toEqual(
      NOTHING,
    );
  });
});
