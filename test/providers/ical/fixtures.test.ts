import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readRows } from "../../stays/feeds.ts";

/** `nature start end code customer` of each event of a recorded feed. */
function rowsOf(name: string): string[] {
  const { rows, bad, complete } = readRows(readFileSync(`shared/providers/ical/fixtures/${name}.ics`), {
    zone: "Europe/London",
  });
  expect([bad, complete]).toEqual([[], true]);
  return rows.map(({ platform, nature, start, end, code = "-", customer = "-" }) =>
    [platform, nature, start, end, code, customer].join(" "),
  );
}

test("each host's calendar is read as what it says", () => {
  expect(rowsOf("airbnb")).toEqual([
    "airbnb stay 2027-05-07 2027-05-09 HMQ4R7T2WX -",
    "airbnb stay 2027-05-09 2027-05-12 HMB8K2N5ZD -",
    "airbnb block 2028-01-26 2028-04-30 - -",
  ]);
  expect(rowsOf("vrbo")).toEqual(["vrbo stay 2027-05-14 2027-05-18 - Mélanie", "vrbo block 2027-05-07 2027-05-12 - -"]);
  expect(rowsOf("booking")).toEqual(["booking stay-or-block 2027-06-01 2027-06-04 - -"]);
  expect(rowsOf("lodgify")).toEqual([
    "airbnb stay 2027-06-20 2027-06-24 B4471 Jonas Weber",
    "pms block 2027-07-01 2027-07-08 - -",
    "pms cancelled 2027-08-10 2027-08-12 - -",
  ]);
});
