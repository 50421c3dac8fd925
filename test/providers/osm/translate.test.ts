import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Envelope, List, Settings } from "../../../shared/providers/osm/schema.ts";
import { asBooking, asDirectoryRow, readDetails, readRow } from "../../../shared/providers/osm/translate.ts";

const settings = Settings.parse({ campsiteId: 1, ignoredItems: [900] });
const reading = { settings, timeZone: "Europe/London" };
const fixture = (name: string) =>
  Envelope.parse(JSON.parse(readFileSync(`shared/providers/osm/fixtures/${name}.json`, "utf8"))).data;
const rows = () => List.parse(fixture("list")).map(readRow);
const rowAt = (index: number) => {
  const read = rows()[index];
  if (read === undefined || !("row" in read)) throw new Error(`row ${index} cannot be read`);
  return read.row;
};

test("S41: a row that cannot be read is told alone with its reason, and the others are read", () => {
  expect(rows().flatMap((read) => ("bad" in read ? [read.bad] : []))).toEqual([
    { id: "12347", reason: "its start_date cannot be read" },
    { id: "12348", reason: "its status cannot be read" },
    { id: "(without an id)", reason: "its shape cannot be read" },
  ]);
});

test("a booking lasts from its items' first start to their last end, without what is no place", () => {
  const details = readDetails(fixture("detail"), settings) ?? { items: [] };

  expect(asBooking(rowAt(0), details, reading)).toMatchObject({
    id: "12345",
    resources: ["301", "302"],
    status: "live",
    span: { kind: "timed", start: "2027-05-07T15:00:00.000Z", end: "2027-05-09T13:00:00.000Z", zone: "Europe/London" },
    fields: { customer: "1st Anytown", status: "confirmed", tentative: "", people: "24", email: "leader@example.org" },
  });
});

test("law 11: what a row does not say is unknown, whatever its letters and types", () => {
  const booking = asBooking(rowAt(1), { items: [] }, reading);

  expect(booking).toMatchObject({
    status: "live",
    span: { kind: "all-day", start: "2027-05-07", end: "2027-05-10" },
    fields: { id: "12346", status: "provisional", tentative: "Provisional: ", leaders: "2" },
  });
  expect(typeof booking === "string" ? [] : Object.keys(booking.fields)).not.toContain("customer");
  expect(asDirectoryRow(rowAt(1), undefined)).toEqual({
    id: "12346",
    startDate: "2027-05-07",
    endDate: "2027-05-09",
    status: "provisional",
  });
});

test("a status that nobody named tells nothing, and an end before the start is no booking", () => {
  const row = rowAt(0);

  expect(asBooking({ ...row, status: "archived" }, { items: [] }, reading)).toMatchObject({ status: "unclear" });
  expect(asBooking({ ...row, end_date: "2027-05-06" }, { items: [] }, reading)).toBe("its end is before its start");
});

test("one item that cannot be read leaves the items unknown, not fewer", () => {
  expect(readDetails({ items: [{ campsite_item_id: 301 }] }, settings)).toBeUndefined();
  expect(readDetails({ items: {} }, settings)).toEqual({ items: [] });
});
