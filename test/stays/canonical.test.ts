import { describe, expect, test } from "vitest";
import { canonicalStays, type FeedStays } from "../../shared/stays/canonical.ts";
import { identify } from "../../shared/stays/identify.ts";
import { AIRBNB, BOOKING, calendar, days, readRows, reserved, VRBO } from "./feeds.ts";

const AT = "2027-05-01T12:00:00.000Z";
const NEXT = "2027-05-01T13:00:00.000Z";
const MUCH_LATER = "2027-05-04T13:00:00.000Z";

/** What a feed of one home knows after a reading of these events. */
function feed(
  name: string,
  prodid: string,
  events: readonly string[][],
  before: FeedStays["stays"] = [],
  at = AT,
): FeedStays {
  const { rows } = readRows(calendar(prodid, ...events));
  const origin = { property: "Seaside Cottage", feed: name };
  return {
    feed: name,
    stays: identify(before, { origin, rows, at, today: at.slice(0, 10) }).present.map(({ stay }) => stay),
  };
}

function told(feeds: readonly FeedStays[], at = AT) {
  return canonicalStays(feeds, at).told.map(({ feed: owner, row }) => `${owner} ${row.start} ${row.end} ${row.nature}`);
}

const ANN = reserved("a", "2027-05-07", "2027-05-09", "HMANN00001");

describe("one home, several feeds", () => {
  test("S19: the first feed owns a stay that several have; the others only add what it lacks", () => {
    const manager = feed("manager", "-//Lodgify//EN", [
      days("m", "2027-05-07", "2027-05-09", "Ann", "DESCRIPTION:Guest: Ann Lee"),
    ]);
    const airbnb = feed("airbnb", AIRBNB, [ANN]);

    const { told: stays } = canonicalStays([manager, airbnb], AT);

    expect(stays).toHaveLength(1);
    expect(stays[0]).toMatchObject({ feed: "manager", row: { uid: "m", customer: "Ann Lee", code: "HMANN00001" } });
  });

  test("S19: another platform's stay is a block here, its days of preparation with it, and is told once", () => {
    const airbnb = feed("airbnb", AIRBNB, [ANN]);
    const vrbo = feed("vrbo", VRBO, [days("v", "2027-05-06", "2027-05-10", "Blocked")]);
    const booking = feed("booking", BOOKING, [
      days("b@booking.com", "2027-05-07", "2027-05-09", "CLOSED - Not available"),
    ]);

    expect(told([airbnb, vrbo, booking])).toEqual(["airbnb 2027-05-07 2027-05-09 stay"]);
    expect(told([booking, vrbo, airbnb])).toEqual(["airbnb 2027-05-07 2027-05-09 stay"]);
  });

  test("one block over two stays of another platform is the echo of both", () => {
    const airbnb = feed("airbnb", AIRBNB, [ANN, reserved("b", "2027-05-09", "2027-05-12", "HMBEN00001")]);
    const vrbo = feed("vrbo", VRBO, [
      days("v", "2027-05-07", "2027-05-12", "Blocked"),
      days("w", "2027-07-01", "2027-07-09", "Blocked"),
    ]);

    expect(told([airbnb, vrbo])).toEqual([
      ...["airbnb 2027-05-07 2027-05-09 stay", "airbnb 2027-05-09 2027-05-12 stay", "vrbo 2027-07-01 2027-07-09 block"],
    ]);
  });

  test("two portals that both sold the same nights are two stays", () => {
    const airbnb = feed("airbnb", AIRBNB, [ANN]);
    const vrbo = feed("vrbo", VRBO, [days("v", "2027-05-07", "2027-05-09", "Reserved - Bo Berg")]);

    expect(told([airbnb, vrbo])).toHaveLength(2);
  });

  test("what was told by a feed that only closed its dates goes on when its owner shows it", () => {
    const booking = feed("booking", BOOKING, [
      days("b@booking.com", "2027-05-07", "2027-05-09", "CLOSED - Not available"),
    ]);
    const before = canonicalStays([feed("airbnb", AIRBNB, []), booking], AT);
    const again = feed(
      "booking",
      BOOKING,
      [days("b@booking.com", "2027-05-07", "2027-05-09", "CLOSED - Not available")],
      before.feeds[1]?.stays,
      NEXT,
    );

    const after = canonicalStays([feed("airbnb", AIRBNB, [ANN], [], NEXT), again], NEXT);

    expect(after.told.map(({ id, feed: owner }) => [id, owner])).toEqual([[before.told[0]?.id, "airbnb"]]);
  });

  test("an echo does not stand up as a stay when its own goes, but does when it stays for days", () => {
    const echo = [days("b@booking.com", "2027-05-07", "2027-05-09", "CLOSED - Not available")];
    const first = canonicalStays([feed("airbnb", AIRBNB, [ANN]), feed("booking", BOOKING, echo)], AT);
    const second = canonicalStays(
      [feed("airbnb", AIRBNB, []), feed("booking", BOOKING, echo, first.feeds[1]?.stays, NEXT)],
      NEXT,
    );
    const third = canonicalStays(
      [feed("airbnb", AIRBNB, []), feed("booking", BOOKING, echo, second.feeds[1]?.stays, MUCH_LATER)],
      MUCH_LATER,
    );

    expect([first, second, third].map((each) => each.told.map(({ feed: owner }) => owner))).toEqual([
      ["airbnb"],
      [],
      ["booking"],
    ]);
  });

  test("S20: the same nights in two homes are two stays with two ids", () => {
    const { rows } = readRows(calendar(AIRBNB, ANN));
    const ids = ["Seaside Cottage", "Old Mill"].map((property) => {
      const origin = { property, feed: "airbnb" };
      return identify([], { origin, rows, at: AT, today: "2027-05-01" }).present[0]?.stay.id;
    });

    expect(new Set(ids).size).toBe(2);
  });
});
