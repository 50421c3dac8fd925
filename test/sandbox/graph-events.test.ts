import { afterEach, beforeEach, expect, test } from "vitest";
import { type GraphBody, HALF_PAST_TEN, JANUARY, KEY, OTHER_ROOM, openTown, ROOM, refusal, type Town } from "./town.ts";

let town: Town;
beforeEach(async () => {
  town = await openTown();
});
afterEach(() => town.sandbox.close());

const EVENTS = `/users/${ROOM}/events`;
const TAG = { singleValueExtendedProperties: [{ id: KEY, value: "b-17" }] };
const EXPAND = `singleValueExtendedProperties($filter=id eq '${KEY}')`;

function create(more: object = {}): Promise<GraphBody> {
  return town.client.api(EVENTS).post({ subject: "Choir", ...HALF_PAST_TEN, ...more });
}

test("a created event is read back, in UTC where no zone is preferred", async () => {
  const made = await create({ location: { displayName: "North wing" }, showAs: "tentative" });

  const read: GraphBody = await town.client.api(`${EVENTS}/${made.id}`).get();

  expect(read).toMatchObject({
    id: made.id,
    subject: "Choir",
    type: "singleInstance",
    start: { dateTime: "2027-01-12T09:30:00.0000000", timeZone: "UTC" },
    end: { dateTime: "2027-01-12T10:30:00.0000000", timeZone: "UTC" },
    location: { displayName: "North wing" },
    showAs: "tentative",
    isAllDay: false,
    isCancelled: false,
    isOrganizer: true,
    recurrence: null,
    organizer: { emailAddress: { name: "Council Chamber", address: ROOM } },
    originalStartTimeZone: "W. Europe Standard Time",
    "@odata.etag": made["@odata.etag"],
  });
});

test.each([
  ["Europe/Oslo", "2027-01-12T10:30:00.0000000"],
  ["Eastern Standard Time", "2027-01-12T04:30:00.0000000"],
])("times come in the preferred zone, %s, under the name it was given", async (zone, dateTime) => {
  const { id } = await create();

  const read: GraphBody = await town.client
    .api(`${EVENTS}/${id}`)
    .header("Prefer", `outlook.timezone="${zone}", outlook.body-content-type="text"`)
    .get();

  expect(read.start).toEqual({ dateTime, timeZone: zone });
});

test("a zone that does not exist is refused, in an event and in Prefer", async () => {
  const nowhere = { dateTime: "2027-01-12T10:30:00", timeZone: "Mars/Olympus" };
  const made = await create();

  const preferring = town.client.api(`${EVENTS}/${made.id}`).header("Prefer", 'outlook.timezone="Mars/Olympus"');
  expect(await refusal(create({ start: nowhere }))).toBe("400 TimeZoneNotSupportedException");
  expect(await refusal(preferring.get())).toBe("400 TimeZoneNotSupportedException");
});

test("S24: a body written as text comes back as a page, and as text where that is preferred", async () => {
  const { id } = await create({ body: { contentType: "text", content: "Bring < 3 chairs\nand a piano" } });

  const page: GraphBody = await town.client.api(`${EVENTS}/${id}`).get();
  const text: GraphBody = await town.client
    .api(`${EVENTS}/${id}`)
    .header("Prefer", 'outlook.body-content-type="text"')
    .get();

  expect(page.body).toMatchObject({ contentType: "html", content: expect.stringContaining("Bring &lt; 3 chairs<br>") });
  expect(text.body).toEqual({ contentType: "text", content: "Bring < 3 chairs\nand a piano" });
  expect(page.bodyPreview).toBe("Bring < 3 chairs\nand a piano");
});

test.each([
  ["no start", { start: null }, "ErrorPropertyValidationFailure"],
  ["an offset in a time", { start: { dateTime: "2027-01-12T10:30:00Z", timeZone: "UTC" } }, "ErrorInvalidParameter"],
  [
    "an end before its start",
    { end: { dateTime: "2027-01-12T10:00:00", timeZone: "Europe/Oslo" } },
    "ErrorCalendarEndDateIsEarlierThanStartDate",
  ],
  ["a property that events do not have", { colour: "blue" }, "RequestBodyRead"],
  ["an unknown showAs", { showAs: "asleep" }, "RequestBodyRead"],
  [
    "a property id without a set",
    { singleValueExtendedProperties: [{ id: "x", value: "1" }] },
    "ErrorInvalidParameter",
  ],
])("an event with %s is refused", async (_, wrong, code) => {
  expect(await refusal(create(wrong))).toBe(`400 ${code}`);
});

test("an all-day event runs from midnight to midnight in one zone, and floats", async () => {
  const day = (date: string, timeZone = "Europe/Oslo") => ({ dateTime: `${date}T00:00:00`, timeZone });
  const allDay = { isAllDay: true, start: day("2027-01-12"), end: day("2027-01-13") };

  const made = await create(allDay);

  expect(made).toMatchObject({ isAllDay: true, start: { dateTime: "2027-01-12T00:00:00.0000000", timeZone: "UTC" } });
  expect(await refusal(create({ ...allDay, ...HALF_PAST_TEN }))).toBe("400 ErrorInvalidRequest");
  expect(await refusal(create({ ...allDay, end: day("2027-01-12") }))).toBe("400 ErrorInvalidRequest");
  expect(await refusal(create({ ...allDay, end: day("2027-01-13", "UTC") }))).toBe("400 ErrorInvalidRequest");
});

test("S13: a transactionId makes one event, however often it is sent", async () => {
  const first = await create({ transactionId: "booking-17" });
  const again = await create({ transactionId: "booking-17", subject: "Other" });
  const other = await create({ transactionId: "booking-18" });

  expect([again.id, again.subject]).toEqual([first.id, "Choir"]);
  expect(other.id).not.toBe(first.id);
  const setLater = town.client.api(`${EVENTS}/${first.id}`).patch({ transactionId: "x" });
  expect(await refusal(setLater)).toBe("400 ErrorInvalidPropertySet");
});

test("S13: a transactionId is forgotten after a time that nobody documents", async () => {
  await town.control("options", { transactionSeconds: 60 });
  const first = await create({ transactionId: "booking-17" });
  town.clock.advance(61_000);

  expect((await create({ transactionId: "booking-17" })).id).not.toBe(first.id);
});

test("an extended property shows only where it is expanded by its id, whose GUID has no case and whose name has", async () => {
  const made = await create(TAG);
  const read = (expand?: string) => {
    const request = town.client.api(`${EVENTS}/${made.id}`);
    return (expand === undefined ? request : request.expand(expand)).get();
  };

  expect(made).not.toHaveProperty("singleValueExtendedProperties");
  expect(await read()).not.toHaveProperty("singleValueExtendedProperties");
  expect((await read(EXPAND)).singleValueExtendedProperties).toMatchObject([{ value: "b-17" }]);
  expect(await read(EXPAND.replace("bookingKey", "bookingkey"))).not.toHaveProperty("singleValueExtendedProperties");
  const selected = await town.client.api(`${EVENTS}/${made.id}`).select("singleValueExtendedProperties").get();
  expect(selected).not.toHaveProperty("singleValueExtendedProperties");
});

test("an event is found by the value of its property, and the filter alone does not show it", async () => {
  await create({ singleValueExtendedProperties: [{ id: KEY, value: "b-16" }] });
  const made = await create(TAG);
  const filter = (value: string) =>
    `singleValueExtendedProperties/Any(ep: ep/id eq '${KEY}' and ep/value eq '${value}')`;

  const found = await town.client.api(EVENTS).filter(filter("b-17")).get();
  const shown = await town.client.api(EVENTS).filter(filter("b-17")).expand(EXPAND).get();

  expect(found.value.map((event: GraphBody) => event.id)).toEqual([made.id]);
  expect(found.value[0]).not.toHaveProperty("singleValueExtendedProperties");
  expect(shown.value[0].singleValueExtendedProperties).toEqual([{ id: KEY, value: "b-17" }]);
  expect((await town.client.api(EVENTS).filter(filter("b-18")).get()).value).toEqual([]);
});

test.each([
  ["subject eq 'Choir'", ["Choir"]],
  ["startswith(subject,'ch')", ["Choir", "Chess"]],
  ["start/dateTime ge '2027-01-12T10:00:00' and not (subject eq 'Council')", ["Chess"]],
  ["isAllDay eq true or type eq 'singleInstance' and subject ne 'Choir'", ["Chess", "Council"]],
])("events are filtered by %s", async (filter, subjects) => {
  const at = (hour: number) => ({ dateTime: `2027-01-12T${hour}:00:00`, timeZone: "UTC" });
  await create();
  await create({ subject: "Chess", start: at(10), end: at(11) });
  await create({ subject: "Council", start: at(12), end: at(13) });

  const { body } = await town.graph("GET", `users/${ROOM}/events?$filter=${encodeURIComponent(filter)}`);

  expect(body.value.map(({ subject }) => subject)).toEqual(subjects);
});

test.each(["colour eq 'blue'", "subject eq", "subject eq 'a' subject", "(subject eq 'a'"])(
  "a filter that cannot be read, %s, is refused",
  async (filter) => {
    await create();
    const { status, body } = await town.graph("GET", `users/${ROOM}/events?$filter=${encodeURIComponent(filter)}`);
    expect([status, body.error.code]).toEqual([400, "ErrorInvalidUrlQueryFilter"]);
  },
);

test("pages follow one another by their links, in the order asked for", async () => {
  for (const subject of ["c", "a", "b"]) await create({ subject });

  const first = await town.client.api(EVENTS).top(2).orderby("subject").select("subject").get();
  const second = await town.client.api(first["@odata.nextLink"]).get();

  expect(first["@odata.nextLink"]).toMatch(/^https:\/\/graph\.microsoft\.com\/v1\.0\/users\//);
  expect(first.value.map(({ subject }: GraphBody) => subject)).toEqual(["a", "b"]);
  expect(second.value.map(({ subject }: GraphBody) => subject)).toEqual(["c"]);
  expect(Object.keys(second.value[0])).toEqual(["@odata.etag", "id", "subject"]);
  expect(second).not.toHaveProperty("@odata.nextLink");
});

test("a page holds ten events where nothing is said, and the sandbox's own address where the option says so", async () => {
  for (let n = 0; n < 11; n++) await create();
  await town.control("options", { graphLinkRoot: null });

  const { body } = await town.graph("GET", `users/${ROOM}/events`);

  expect(body.value).toHaveLength(10);
  expect(body["@odata.nextLink"]).toMatch(/^http:\/\/localhost:0\/graph\/v1\.0\//);
});

test("a patch changes what it names and keeps the rest, its tags among it", async () => {
  const made = await create({ ...TAG, categories: ["red"] });

  const changed = await town.client.api(`${EVENTS}/${made.id}`).patch({ subject: "Orchestra" });

  expect(changed).toMatchObject({ subject: "Orchestra", categories: ["red"], start: made.start });
  expect(changed["@odata.etag"]).not.toBe(made["@odata.etag"]);
  expect(Date.parse(changed.lastModifiedDateTime)).toBe(Date.parse(String(made.lastModifiedDateTime)) + 1);
  const tagged = await town.client.api(`${EVENTS}/${made.id}`).expand(EXPAND).get();
  expect(tagged.singleValueExtendedProperties).toEqual([{ id: KEY, value: "b-17" }]);
});

test.each([
  ["412", "412 ErrorIrresolvableConflict"],
  ["409", "409 ErrorIrresolvableConflict"],
  ["ignored", "answered"],
])("a stale If-Match, which nobody documents, answers as the option %s says", async (graphIfMatch, expected) => {
  await town.control("options", { graphIfMatch });
  const made = await create();
  const path = `${EVENTS}/${made.id}`;
  await town.client.api(path).patch({ subject: "first" });

  const stale = () => town.client.api(path).header("If-Match", made["@odata.etag"]);
  expect(await refusal(stale().patch({ subject: "second" }))).toBe(expected);
  expect(await refusal(stale().delete())).toBe(expected);
});

test("S08: a deleted event is gone; deleting it again answers 404", async () => {
  const made = await create();
  await town.client.api(`${EVENTS}/${made.id}`).delete();

  expect(await refusal(town.client.api(`${EVENTS}/${made.id}`).get())).toBe("404 ErrorItemNotFound");
  expect(await refusal(town.client.api(`${EVENTS}/${made.id}`).delete())).toBe("404 ErrorItemNotFound");
  expect((await town.client.api(EVENTS).get()).value).toEqual([]);
});

test("an id belongs to one mailbox, and its case matters", async () => {
  const { id } = await create();
  const swapped = id.replace(/[a-z]/, (letter) => letter.toUpperCase());

  expect(await refusal(town.client.api(`/users/${OTHER_ROOM}/events/${id}`).get())).toBe("404 ErrorItemNotFound");
  expect(await refusal(town.client.api(`${EVENTS}/${swapped}`).get())).toBe("404 ErrorItemNotFound");
  expect(await refusal(town.client.api(`/users/nobody@sandbox/events/${id}`).get())).toBe("404 ErrorInvalidUser");
});

test("an immutable id stays when the item is filed elsewhere, an ordinary one does not", async () => {
  const { id } = await create();
  const immutable = { prefer: 'IdType="ImmutableId"' };
  const first = await town.graph("GET", `users/${ROOM}/events/${id}`, undefined, immutable);

  await town.person("refile", { room: ROOM, id });

  expect(first.body.id).not.toBe(id);
  expect(first.headers.get("preference-applied")).toBe('IdType="ImmutableId"');
  expect((await town.graph("GET", `users/${ROOM}/events/${id}`)).status).toBe(404);
  const again = await town.graph("GET", `users/${ROOM}/events/${first.body.id}`, undefined, immutable);
  expect([again.status, again.body.id]).toEqual([200, first.body.id]);
});

test("a view holds what touches its window, by start", async () => {
  const at = (time: string) => ({ dateTime: `2027-01-12T${time}:00`, timeZone: "UTC" });
  for (const [subject, start, end] of [
    ["over", "07:00", "08:00"],
    ["across", "07:30", "08:30"],
    ["within", "08:10", "08:20"],
    ["after", "09:00", "10:00"],
  ] as const) {
    await create({ subject, start: at(start), end: at(end) });
  }

  const view = (start: string, end: string) =>
    town.graph(
      "GET",
      `users/${ROOM}/calendarView?startdatetime=2027-01-12T${start}:00Z&enddatetime=2027-01-12T${end}:00Z`,
    );
  const { body } = await view("08:00", "09:00");

  expect(body.value.map(({ subject }) => subject)).toEqual(["across", "within"]);
  expect((await town.graph("GET", `users/${ROOM}/calendarView`)).body.error.code).toBe("ErrorInvalidParameter");
  expect((await view("09:00", "08:00")).status).toBe(400);
});

test("S25: a write to a calendar without guests mails nobody; with guests it does, unasked", async () => {
  const silent = await create();
  await town.client.api(`${EVENTS}/${silent.id}`).delete();
  const mails = async () => (await town.control("state")).body.graph as { mails: unknown[] };
  expect((await mails()).mails).toEqual([]);

  const guest = { emailAddress: { name: "Guest", address: "guest@example.org" }, type: "required" };
  const loud = await create({ attendees: [guest] });
  await town.client.api(`${EVENTS}/${loud.id}`).delete();
  expect((await mails()).mails).toMatchObject([
    { kind: "invitation", to: ["guest@example.org"] },
    { kind: "cancellation", to: ["guest@example.org"] },
  ]);
});

test("the view of the default calendar by name is the same", async () => {
  await create();
  const { body } = await town.graph("GET", `users/${ROOM}/calendar/calendarView?${JANUARY}`);
  expect(body.value.map(({ subject }) => subject)).toEqual(["Choir"]);
});
