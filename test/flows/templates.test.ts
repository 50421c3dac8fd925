import { expect, test } from "vitest";
import { Config } from "../../shared/config.ts";
import { renderContent, renderProperties } from "../../shared/flows/render.ts";

const BY_KIND = { event: "Event: {customer}", booking: "Booking: {customer}", allocation: "Allocation: {customer}" };

function roomWith(words: object) {
  const room = { source: "booking", sourceName: "room-1", calendar: "c", timeZone: "Europe/Oslo", ...words };
  const workspace = { sources: {}, calendars: {}, resources: { "room-1": room } };
  const resource = Config.parse({ workspaces: { town: workspace } }).workspaces["town"]?.resources["room-1"];
  if (resource === undefined) throw new Error("the room is there");
  return resource;
}

function bookingOf(fields: Record<string, string>) {
  const span = { kind: "timed" as const, start: "2027-01-12T09:00:00.000Z", end: "2027-01-12T10:00:00.000Z" };
  return { id: "2001", span, fields };
}

test.each([
  ["event", "Event: Choir"],
  ["booking", "Booking: Choir"],
  ["allocation", "Allocation: Choir"],
])("of templates by kind, %s takes its own", (kind, title) => {
  expect(renderContent(roomWith({ title: BY_KIND }), bookingOf({ kind, customer: "Choir" })).title).toBe(title);
});

test("of a booking whose kind is not known, templates by kind say nothing", () => {
  expect(renderContent(roomWith({ title: BY_KIND }), bookingOf({ customer: "Choir" }))).not.toHaveProperty("title");
});

test("a property is a template; what its source does not say is left out, a word without a brace stays", () => {
  const room = roomWith({ properties: { BookingSystemType: "{kind}", owner: "{email}", bay: "1" } });

  expect(renderProperties(room, bookingOf({ kind: "event" }))).toEqual({ BookingSystemType: "event", bay: "1" });
});
