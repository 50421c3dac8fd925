import { afterEach, beforeEach, expect, test } from "vitest";
import { type GraphBody, HALF_PAST_TEN, JANUARY, openTown, ROOM, refusal, type Town } from "./town.ts";

let town: Town;
beforeEach(async () => {
  town = await openTown();
});
afterEach(() => town.sandbox.close());

const EVENTS = `/users/${ROOM}/events`;
/** Tuesdays from 12 January: 12, 19, 26 January and 2 February. */
const FOUR_TUESDAYS = {
  pattern: { type: "weekly", interval: 1, daysOfWeek: ["tuesday"] },
  range: { type: "numbered", startDate: "2027-01-12", numberOfOccurrences: 4 },
};

function createSeries(recurrence: object = FOUR_TUESDAYS, more: object = {}): Promise<GraphBody> {
  return town.client.api(EVENTS).post({ subject: "Choir", ...HALF_PAST_TEN, recurrence, ...more });
}

async function instances(master: GraphBody, window = "startDateTime=2027-01-01&endDateTime=2028-01-01") {
  const { body } = await town.graph("GET", `users/${ROOM}/events/${master.id}/instances?${window}&$top=100`);
  return body.value;
}

function daysOf(events: readonly GraphBody[]): string[] {
  return events.map(({ start }) => start.dateTime.slice(0, 10));
}

test("a series is one master among the events, and its days in views and instances", async () => {
  const master = await createSeries();

  const listed = await town.client.api(EVENTS).get();
  const { body: view } = await town.graph("GET", `users/${ROOM}/calendarView?${JANUARY}`);

  expect(listed.value).toMatchObject([{ id: master.id, type: "seriesMaster" }]);
  expect(daysOf(await instances(master))).toEqual(["2027-01-12", "2027-01-19", "2027-01-26", "2027-02-02"]);
  expect(daysOf(view.value)).toEqual(["2027-01-12", "2027-01-19", "2027-01-26"]);
  expect(view.value[0]).toMatchObject({ type: "occurrence", seriesMasterId: master.id, recurrence: null });
  expect(new Set(view.value.map(({ iCalUId }) => iCalUId)).size).toBe(3);
});

test("a recurrence comes back whole, its zone by its Windows name", async () => {
  const { recurrence } = await createSeries();
  expect(recurrence).toEqual({
    pattern: {
      ...FOUR_TUESDAYS.pattern,
      firstDayOfWeek: "sunday",
      index: "first",
      dayOfMonth: 0,
      month: 0,
    },
    range: { ...FOUR_TUESDAYS.range, endDate: "0001-01-01", recurrenceTimeZone: "W. Europe Standard Time" },
  });
});

test.each([
  ["every third day", { type: "daily", interval: 3 }, ["2027-01-12", "2027-01-15", "2027-01-18"]],
  [
    "every second week, weeks beginning on Monday",
    { type: "weekly", interval: 2, daysOfWeek: ["tuesday", "sunday"], firstDayOfWeek: "monday" },
    ["2027-01-12", "2027-01-17", "2027-01-26"],
  ],
  [
    "the same, weeks beginning on Sunday",
    { type: "weekly", interval: 2, daysOfWeek: ["tuesday", "sunday"], firstDayOfWeek: "sunday" },
    ["2027-01-12", "2027-01-24", "2027-01-26"],
  ],
  [
    "the 31st, or the last day of shorter months",
    { type: "absoluteMonthly", interval: 1, dayOfMonth: 31 },
    ["2027-01-31", "2027-02-28", "2027-03-31"],
  ],
  [
    "the second Tuesday",
    { type: "relativeMonthly", interval: 1, daysOfWeek: ["tuesday"], index: "second" },
    ["2027-01-12", "2027-02-09", "2027-03-09"],
  ],
  [
    "the last working day of every second month",
    {
      type: "relativeMonthly",
      interval: 2,
      daysOfWeek: ["monday", "tuesday", "wednesday", "thursday", "friday"],
      index: "last",
    },
    ["2027-01-29", "2027-03-31", "2027-05-31"],
  ],
  [
    "a day of the year",
    { type: "absoluteYearly", interval: 1, month: 1, dayOfMonth: 12 },
    ["2027-01-12", "2028-01-12", "2029-01-12"],
  ],
  [
    "the first Monday of June",
    { type: "relativeYearly", interval: 1, month: 6, daysOfWeek: ["monday"], index: "first" },
    ["2027-06-07", "2028-06-05", "2029-06-04"],
  ],
])("a pattern of %s", async (_, pattern, days) => {
  const master = await createSeries({ pattern, range: { type: "noEnd", startDate: "2027-01-12" } });
  const all = await instances(master, "startDateTime=2027-01-01&endDateTime=2030-01-01");
  expect(daysOf(all).slice(0, 3)).toEqual(days);
});

test.each([
  ["endDate", { endDate: "2027-01-26" }, ["2027-01-12", "2027-01-19", "2027-01-26"]],
  ["numbered", { numberOfOccurrences: 2 }, ["2027-01-12", "2027-01-19"]],
])("a range of type %s ends the series", async (type, more, days) => {
  const master = await createSeries({ ...FOUR_TUESDAYS, range: { type, startDate: "2027-01-12", ...more } });
  expect(daysOf(await instances(master))).toEqual(days);
});

test("S23: a series keeps its hour of the wall over the change of the clock", async () => {
  const range = { type: "endDate", startDate: "2027-03-23", endDate: "2027-03-30" };
  const at = (time: string) => ({ dateTime: `2027-03-23T${time}`, timeZone: "Europe/Oslo" });
  const master = await createSeries({ ...FOUR_TUESDAYS, range }, { start: at("10:30:00"), end: at("11:30:00") });

  const shown = (await instances(master)).map(({ start }) => start.dateTime);

  expect(shown).toEqual(["2027-03-23T09:30:00.0000000", "2027-03-30T08:30:00.0000000"]);
});

test.each([
  ["a start date that is not the event's", { range: { ...FOUR_TUESDAYS.range, startDate: "2027-01-13" } }],
  ["no days of the week", { pattern: { type: "weekly", interval: 1 } }],
  ["an interval of zero", { pattern: { ...FOUR_TUESDAYS.pattern, interval: 0 } }],
  ["an unknown type", { pattern: { ...FOUR_TUESDAYS.pattern, type: "hourly" } }],
  ["an end before its start", { range: { type: "endDate", startDate: "2027-01-12", endDate: "2027-01-11" } }],
])("a recurrence with %s is refused", async (_, wrong) => {
  expect(await refusal(createSeries({ ...FOUR_TUESDAYS, ...wrong }))).toBe("400 ErrorInvalidRecurrence");
});

test("a changed day is an exception in its place, and knows where it came from", async () => {
  const master = await createSeries();
  const [, second] = await instances(master);

  const changed = await town.client.api(`${EVENTS}/${second?.id}`).patch({
    subject: "Choir, with piano",
    start: { dateTime: "2027-01-20T18:00:00", timeZone: "Europe/Oslo" },
    end: { dateTime: "2027-01-20T19:00:00", timeZone: "Europe/Oslo" },
  });

  expect(changed).toMatchObject({ id: second?.id, type: "exception", originalStart: "2027-01-19T09:30:00.0000000Z" });
  const days = await instances(master);
  expect(daysOf(days)).toEqual(["2027-01-12", "2027-01-20", "2027-01-26", "2027-02-02"]);
  expect(days.map(({ type }) => type)).toEqual(["occurrence", "exception", "occurrence", "occurrence"]);
});

test.each(["2027-01-12", "2027-01-26", "2027-01-11"])(
  "a day may not move onto or past its neighbour's, as to %s",
  async (date) => {
    const master = await createSeries();
    const [, second] = await instances(master);
    const at = (time: string) => ({ dateTime: `${date}T${time}`, timeZone: "Europe/Oslo" });

    const moved = town.client.api(`${EVENTS}/${second?.id}`).patch({ start: at("18:00:00"), end: at("19:00:00") });

    expect(await refusal(moved)).toBe("400 ErrorOccurrenceCrossingBoundary");
  },
);

test("a new title of the series reaches exceptions that kept the old one, and no other", async () => {
  const master = await createSeries();
  const [first, second] = await instances(master);
  await town.client.api(`${EVENTS}/${first?.id}`).patch({ subject: "Own title" });
  await town.client.api(`${EVENTS}/${second?.id}`).patch({ showAs: "tentative" });

  await town.client.api(`${EVENTS}/${master.id}`).patch({ subject: "Orchestra" });

  const titles = (await instances(master)).map(({ subject }) => subject);
  expect(titles).toEqual(["Own title", "Orchestra", "Orchestra", "Orchestra"]);
});

test("where the series itself moves, its exceptions go", async () => {
  const master = await createSeries();
  const [first, second] = await instances(master);
  await town.client.api(`${EVENTS}/${first?.id}`).patch({ subject: "Own title" });
  await town.client.api(`${EVENTS}/${second?.id}`).delete();

  await town.client.api(`${EVENTS}/${master.id}`).patch({
    end: { dateTime: "2027-01-12T12:30:00", timeZone: "Europe/Oslo" },
  });

  const days = await instances(master);
  expect(days.map(({ subject }) => subject)).toEqual(["Choir", "Choir", "Choir", "Choir"]);
});

test("S34: a person cancels one day: instances show it gone, delta says nothing", async () => {
  const master = await createSeries();
  const { body: round } = await town.graph("GET", `users/${ROOM}/calendarView/delta?${JANUARY}`);

  await town.person("cancel", { room: ROOM, id: master.id, date: "2027-01-19" });

  const { body: next } = await town.graph("GET", round["@odata.deltaLink"] ?? "");
  expect(next.value).toEqual([]);
  expect(daysOf(await instances(master))).toEqual(["2027-01-12", "2027-01-26", "2027-02-02"]);
  const reads = await Promise.all(
    round.value.map(async ({ id }) => (await town.graph("GET", `users/${ROOM}/events/${id}`)).status),
  );
  expect(reads.filter((status) => status === 404)).toHaveLength(1);
});

test("a deleted series takes all its days along, changed ones too", async () => {
  const master = await createSeries();
  const [first, second] = await instances(master);
  await town.client.api(`${EVENTS}/${first?.id}`).patch({ subject: "Own title" });
  const { body: round } = await town.graph("GET", `users/${ROOM}/calendarView/delta?${JANUARY}`);

  await town.client.api(`${EVENTS}/${master.id}`).delete();

  const { body: next } = await town.graph("GET", round["@odata.deltaLink"] ?? "");
  const removed = next.value.map((item) => [item.id, item["@removed"]]);
  for (const id of [master.id, first?.id, second?.id]) expect(removed).toContainEqual([id, { reason: "deleted" }]);
  expect(await refusal(town.client.api(`${EVENTS}/${second?.id}`).get())).toBe("404 ErrorItemNotFound");
  expect((await town.graph("GET", `users/${ROOM}/calendarView?${JANUARY}`)).body.value).toEqual([]);
});

test("a person ends the series: this and all following days go", async () => {
  const master = await createSeries();
  await town.person("end-series", { room: ROOM, id: master.id, date: "2027-01-26" });
  expect(daysOf(await instances(master))).toEqual(["2027-01-12", "2027-01-19"]);
});

test("a series can become a single event again", async () => {
  const master = await createSeries();
  const single = await town.client.api(`${EVENTS}/${master.id}`).patch({ recurrence: null });
  expect(single).toMatchObject({ type: "singleInstance", recurrence: null });
  const { body } = await town.graph("GET", `users/${ROOM}/events/${master.id}/instances?${JANUARY}`);
  expect(body.error.code).toBe("ErrorInvalidRequest");
});
