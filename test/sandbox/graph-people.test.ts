import { afterEach, beforeEach, expect, test } from "vitest";
import { createSandbox } from "../../scripts/sandbox/sandbox.ts";
import { seedDemo } from "../../scripts/sandbox/seed-demo.ts";
import { countedIds, handClock, stillAlarm } from "./harness.ts";
import { type GraphBody, HALF_PAST_TEN, JANUARY, KEY, OTHER_ROOM, openTown, ROOM, type Town } from "./town.ts";

let town: Town;
beforeEach(async () => {
  town = await openTown();
});
afterEach(() => town.sandbox.close());

const ANNA = { name: "Anna Berg", address: "anna.berg@sandbox" };
const MORNING = { start: "2027-01-12T09:00:00", end: "2027-01-12T10:00:00" };

async function book(more: object = {}): Promise<GraphBody> {
  const booking = { room: ROOM, organizer: ANNA, subject: "Budget", ...MORNING, ...more };
  return (await town.person("book", booking)).body;
}

async function read(id: string, room = ROOM): Promise<GraphBody> {
  return (await town.graph("GET", `users/${room}/events/${id}`)).body;
}

async function view(room = ROOM): Promise<readonly GraphBody[]> {
  return (await town.graph("GET", `users/${room}/calendarView?${JANUARY}`)).body.value;
}

test("S48: a meeting that a person sends a room carries the organiser's name for its subject", async () => {
  const { id, response } = await book();

  expect(response).toBe("accepted");
  expect(await read(id)).toMatchObject({
    subject: "Anna Berg",
    isOrganizer: false,
    organizer: { emailAddress: ANNA },
    responseStatus: { response: "accepted" },
    start: { dateTime: "2027-01-12T08:00:00.0000000", timeZone: "UTC" },
    originalStartTimeZone: "W. Europe Standard Time",
  });
});

test.each([
  ["meetings", "Anna Berg", "Choir"],
  ["all", "Anna Berg", "Council Chamber"],
  ["none", "Budget", "Choir"],
])("S48: a room whose subjects are replaced for %s", async (roomSubjects, ofPerson, ofApi) => {
  await town.control("options", { roomSubjects });
  const { id } = await book();
  const made = await town.graph("POST", `users/${ROOM}/events`, { subject: "Choir", ...HALF_PAST_TEN });
  const again = await town.graph("PATCH", `users/${ROOM}/events/${made.body.id}`, { subject: "Choir" });

  expect([(await read(id)).subject, made.body.subject, again.body.subject]).toEqual([ofPerson, ofApi, ofApi]);
});

test("S47: a room declines a meeting that overlaps; what the API writes always stands", async () => {
  const written = await town.graph("POST", `users/${ROOM}/events`, { subject: "Choir", ...HALF_PAST_TEN });
  const overlapping = { start: "2027-01-12T11:00:00", end: "2027-01-12T12:00:00" };

  expect(await book(overlapping)).toEqual({ response: "declined", id: null });
  const second = await town.graph("POST", `users/${ROOM}/events`, { subject: "Chess", ...HALF_PAST_TEN });
  expect([written.status, second.status]).toEqual([201, 201]);
  expect(await view()).toHaveLength(2);

  await town.control("options", { roomOverlaps: "accept" });
  expect((await book(overlapping)).response).toBe("accepted");
});

test("S47: a room is free where the other event is shown as free, was cancelled, or just ends", async () => {
  await town.graph("POST", `users/${ROOM}/events`, { subject: "Choir", ...HALF_PAST_TEN, showAs: "free" });
  expect((await book({ start: "2027-01-12T10:30:00", end: "2027-01-12T11:00:00" })).response).toBe("accepted");
  expect((await book({ start: "2027-01-12T11:00:00", end: "2027-01-12T11:30:00" })).response).toBe("accepted");
  const { id } = await book({ start: "2027-01-12T14:00:00", end: "2027-01-12T15:00:00" });
  await town.person("cancel", { room: ROOM, id });
  expect((await book({ start: "2027-01-12T14:30:00", end: "2027-01-12T15:30:00" })).response).toBe("accepted");
});

test("a person drags an event of ours: its time moves, its tag and title stay", async () => {
  const tag = { singleValueExtendedProperties: [{ id: KEY, value: "b-17" }] };
  const made = await town.graph("POST", `users/${ROOM}/events`, { subject: "Choir", ...HALF_PAST_TEN, ...tag });

  await town.person("drag", { room: ROOM, id: made.body.id, start: "2027-01-13T10:30:00", end: "2027-01-13T11:30:00" });

  const query = `$expand=${encodeURIComponent(`singleValueExtendedProperties($filter=id eq '${KEY}')`)}`;
  const { body } = await town.graph("GET", `users/${ROOM}/events/${made.body.id}?${query}`);
  expect(body).toMatchObject({ subject: "Choir", start: { dateTime: "2027-01-13T09:30:00.0000000" }, ...tag });
  expect(body["@odata.etag"]).not.toBe(made.body["@odata.etag"]);
});

test("a person's meeting that is dragged onto another is declined and leaves the room", async () => {
  const { id } = await book();
  await town.graph("POST", `users/${ROOM}/events`, { subject: "Choir", ...HALF_PAST_TEN });

  const { body } = await town.person("drag", {
    room: ROOM,
    id,
    start: "2027-01-12T10:00:00",
    end: "2027-01-12T11:00:00",
  });

  expect(body.response).toBe("declined");
  expect((await town.graph("GET", `users/${ROOM}/events/${id}`)).status).toBe(404);
});

test("a person edits title, text and place", async () => {
  await town.control("options", { roomSubjects: "none" });
  const { id } = await book();

  await town.person("edit", { room: ROOM, id, subject: "Budget II", text: "Bring coffee", location: "Balcony" });

  expect(await read(id)).toMatchObject({
    subject: "Budget II",
    bodyPreview: "Bring coffee",
    location: { displayName: "Balcony" },
    start: { dateTime: "2027-01-12T08:00:00.0000000" },
  });
});

test("S48: a cancelled meeting stays as Canceled, and free; where the option says so it goes", async () => {
  const { id } = await book();
  await town.person("cancel", { room: ROOM, id });
  expect(await read(id)).toMatchObject({ subject: "Canceled: Anna Berg", isCancelled: true, showAs: "free" });
  await town.person("cancel", { room: ROOM, id });
  expect((await read(id)).subject).toBe("Canceled: Anna Berg");

  await town.control("options", { roomCancelled: "removed" });
  const other = await book({ start: "2027-01-14T09:00:00", end: "2027-01-14T10:00:00" });
  await town.person("cancel", { room: ROOM, id: other.id });
  expect((await town.graph("GET", `users/${ROOM}/events/${other.id}`)).status).toBe(404);
});

test("a person deletes an event in the room's calendar", async () => {
  const { id } = await book();
  await town.person("delete", { room: ROOM, id });
  expect(await view()).toEqual([]);
  expect((await town.person("delete", { room: ROOM, id })).status).toBe(404);
});

test("S59: a person moves a meeting to another room; one that is taken declines, and the meeting has no room", async () => {
  const { id } = await book();
  const { body: moved } = await town.person("move", { room: ROOM, id, to: OTHER_ROOM });
  expect([(await view()).length, (await view(OTHER_ROOM)).length]).toEqual([0, 1]);

  await book();
  const { body } = await town.person("move", { room: OTHER_ROOM, id: moved.id, to: ROOM });
  expect(body.response).toBe("declined");
  expect((await view(OTHER_ROOM)).length).toBe(0);
});

test("a person books every week, moves one day and cancels another", async () => {
  const recurrence = {
    pattern: { type: "weekly", interval: 1, daysOfWeek: ["tuesday"] },
    range: { type: "numbered", startDate: "2027-01-12", numberOfOccurrences: 3 },
  };
  const { id } = await book({ recurrence });

  await town.person("drag", {
    room: ROOM,
    id,
    date: "2027-01-19",
    start: "2027-01-20T09:00:00",
    end: "2027-01-20T10:00:00",
  });
  await town.person("cancel", { room: ROOM, id, date: "2027-01-26" });

  const days = (await view()).map(({ type, start }) => [type, start.dateTime.slice(0, 10)]);
  expect(days).toEqual([
    ["occurrence", "2027-01-12"],
    ["exception", "2027-01-20"],
  ]);
});

test("what a person cannot mean is refused", async () => {
  expect((await town.person("book", { room: "nowhere@sandbox", ...MORNING })).status).toBe(404);
  expect((await town.person("book", { room: ROOM })).status).toBe(400);
  expect((await town.person("drag", { room: ROOM, id: "x" })).status).toBe(400);
  expect((await town.person("fly", {})).status).toBe(404);
});

test("the demo town has twelve rooms, a few meetings, and none of ours", async () => {
  const sandbox = createSandbox({ clock: handClock(), newId: countedIds(), alarm: stillAlarm });
  seedDemo(sandbox);

  const { graph } = JSON.parse(await (await sandbox.fetch("http://x/sandbox/state")).text());

  const emails = graph.mailboxes.map(({ email }: { email: string }) => email);
  expect(emails).toEqual(Array.from({ length: 12 }, (_, n) => `room-${n + 1}@sandbox`));
  const events = graph.mailboxes.flatMap(
    (mailbox: { events: { subject: string; properties: object }[] }) => mailbox.events,
  );
  expect(events.map(({ subject }: { subject: string }) => subject).sort()).toEqual([
    "Anna Berg",
    "Jonas Lie",
    "Kari Moen",
    "Ola Nordmann",
  ]);
  for (const { properties } of events) expect(properties).toEqual({});
  sandbox.close();
});
