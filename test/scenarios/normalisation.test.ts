import { describe, expect, test } from "vitest";
import { BAY_1, openRunningStudio, type Studio } from "../flows/studio.ts";
import { pass, work } from "./clockwork.ts";
import { bookUntold, staffUntold } from "./scene.ts";
import { expectCalm, isManaged, onCalendar, openReviews } from "./sides.ts";
import { openWire, type Wire } from "./wire.ts";

interface Normalised {
  readonly name: string;
  /** As the booking source tells it. */
  readonly booked: Record<string, unknown>;
  /** As Google answers it, where it answers anything. */
  readonly shown: Record<string, unknown>;
  /** What Google leaves out. */
  readonly leaves?: readonly string[];
  readonly resource?: Record<string, unknown>;
}

/** Everything of `scripts/sandbox/google/normalise.ts`, `event-time.ts` and `read-body.ts`. */
const TEXTS: readonly Normalised[] = [
  {
    name: "surrounding space of a title",
    booked: { CustomerName: "  Tom Eccles \n" },
    shown: { summary: "Tom Eccles" },
  },
  {
    name: "surrounding space of a text",
    booked: { Notes: " \n two guests \n " },
    shown: { description: "two guests" },
  },
  {
    name: "control characters",
    booked: { CustomerName: "To\u0007m Ecc\u001Bles", Notes: "two\u0000 guests\u0001" },
    shown: { summary: "Tom Eccles", description: "two guests" },
  },
  { name: "line ends", booked: { Notes: "one\r\ntwo\r\nthree" }, shown: { description: "one\ntwo\nthree" } },
  {
    name: "scripts in HTML",
    booked: { Notes: "<b>two</b> guests<script>alert(1)</script>" },
    shown: { description: "<b>two</b> guests" },
  },
  {
    name: "mark-up that is not simple",
    booked: { Notes: '<div><font color="red">two</font></div><img src="x.png"> <i>guests</i>' },
    shown: { description: "two <i>guests</i>" },
  },
  {
    name: "attributes of HTML",
    booked: { Notes: '<a href="https://x.example" onclick="y()" style="color:red">see</a>' },
    shown: { description: '<a href="https://x.example">see</a>' },
  },
  { name: "text that is only space", booked: { Notes: " \t\n" }, shown: {}, leaves: ["description"] },
  { name: "text that is only mark-up", booked: { Notes: "<div></div>" }, shown: {}, leaves: ["description"] },
  {
    name: "property values over 1024 characters",
    booked: {},
    shown: {},
    resource: { properties: { bay: "1", long: "x".repeat(2_000) } },
  },
  {
    name: "property names over 44 characters",
    booked: {},
    shown: {},
    resource: { properties: { bay: "1", ["k".repeat(60)]: "x" } },
  },
];

interface Scene {
  readonly studio: Studio;
  readonly wire: Wire;
}

async function openScene(resource: Record<string, unknown> = {}, change?: (fetchIt: typeof fetch) => typeof fetch) {
  const wire = openWire();
  const through = (sandbox: typeof fetch) => wire.fetch(change?.(sandbox) ?? sandbox);
  const studio = await openRunningStudio({ fetch: through, stores: wire.stores, resource });
  wire.calls();
  return { studio, wire } satisfies Scene;
}

/** The one event of ours there. */
async function onlyEvent(studio: Studio) {
  const [event, ...others] = (await studio.events(BAY_1)).filter(isManaged);
  if (event === undefined || others.length > 0) throw new Error(`${others.length + 1} events, 1 expected`);
  return event;
}

/** Echo, polls and sweeps of half an hour: not one more write, nothing taken for an edit, the booking as it was. */
async function expectSettled({ studio, wire }: Scene, writes: readonly string[]): Promise<void> {
  const before = await studio.appointments();
  await work(studio, wire);
  await pass(studio, 30, wire);
  expect(wire.writes()).toEqual(writes);
  expect(await studio.appointments()).toEqual(before);
  expect(await openReviews(studio)).toEqual([]);
  const journal = (await studio.maps()).flatMap((map) => map.journal);
  expect(journal.flatMap(({ kept, lost }) => [...kept, ...lost])).toEqual([]);
}

describe.each(TEXTS)("Google normalises $name", ({ booked, shown, leaves = [], resource }) => {
  test("S24: one write makes the event, none follows; so it is after a change on either side", async () => {
    const scene = await openScene(resource);
    const { studio, wire } = scene;

    const order = { ResourceName: "Bay 1", StartTime: "2027-01-12T10:00:00", CustomerName: "Maya Lindqvist" };
    const id = await bookUntold(studio, { ...order, ...booked });
    await studio.poll();
    await expectSettled(scene, ["events.insert"]);
    const event = await onlyEvent(studio);

    expect(event).toMatchObject(shown);
    for (const field of leaves) expect(event).not.toHaveProperty(field);

    await staffUntold(studio, "edit", { id, StartTime: "2027-01-13T15:00:00" });
    await studio.poll();
    await expectSettled(scene, ["events.patch"]);
    expect(await onlyEvent(studio)).toMatchObject({ id: event.id, ...shown });

    await studio.drag(BAY_1, event.id, "2027-01-14T09:00:00", "2027-01-14T10:00:00");
    await work(studio, wire);
    await expectSettled(scene, ["bookit", "cancelappointment", "events.patch"]);
    const [now] = (await studio.appointments()).filter((row) => row["holdsSlot"] === true);
    expect(now).toMatchObject({ StartTime: "2027-01-14T09:00:00" });
    await expectCalm(studio, wire);
  });

  test("S24: written again as Google answered it, nothing is carried back", async () => {
    const scene = await openScene(resource);
    const { studio } = scene;
    const order = { ResourceName: "Bay 1", StartTime: "2027-01-12T10:00:00", CustomerName: "Maya Lindqvist" };
    await bookUntold(studio, { ...order, ...booked });
    await studio.poll();
    const { id, summary, description, start, end } = await onlyEvent(studio);

    await onCalendar(studio, "PATCH", BAY_1, `/${id}`, { summary, description, start, end });

    await expectSettled(scene, ["events.insert"]);
  });
});

test("S24: a rebooking passes the guest and the notes on as they are booked, not as Google shows them", async () => {
  const { studio, wire } = await openScene();
  const words = { CustomerName: "Tom <Eccles>  ", Notes: "<div>two</div>\r\nguests" };
  await bookUntold(studio, { ResourceName: "Bay 1", StartTime: "2027-01-12T10:00:00", ...words });
  await studio.poll();
  const { id } = await onlyEvent(studio);

  await studio.drag(BAY_1, id, "2027-01-14T09:00:00", "2027-01-14T10:00:00");
  await work(studio, wire);

  const [row] = (await studio.appointments()).filter((each) => each["holdsSlot"] === true);
  expect(row?.["CustomerName"]).toBe(words.CustomerName);
  expect(String(row?.["Description"])).toContain("<div>two</div>");
  await expectCalm(studio, wire);
});

describe.each([
  ["Asia/Calcutta", "Asia/Kolkata", "+05:30"],
  ["Europe/Kiev", "Europe/Kyiv", "+02:00"],
])("Google answers the zone %s as %s", (written, answered, offset) => {
  async function openThere(): Promise<Scene> {
    const scene = await openScene({ timeZone: written });
    await scene.studio.call("POST", "/sandbox/options", { timeZone: written });
    return scene;
  }

  test("S24: the booking is written once, at its wall time, and moved as a person drags it under the new name", async () => {
    const scene = await openThere();
    const { studio, wire } = scene;
    await bookUntold(studio, { ResourceName: "Bay 1", StartTime: "2027-01-12T10:00:00" });
    await studio.poll();
    await expectSettled(scene, ["events.insert"]);

    const event = await onlyEvent(studio);
    expect(event.start).toMatchObject({ timeZone: answered });
    expect(Date.parse(event.start.dateTime ?? "")).toBe(Date.parse(`2027-01-12T10:00:00${offset}`));

    const at = (dateTime: string) => ({ dateTime, timeZone: answered });
    const times = { start: at("2027-01-14T09:00:00"), end: at("2027-01-14T10:00:00") };
    await onCalendar(studio, "PATCH", BAY_1, `/${event.id}`, times);
    await work(studio, wire);
    await expectSettled(scene, ["bookit", "cancelappointment", "events.patch"]);
    const [row] = (await studio.appointments()).filter((each) => each["holdsSlot"] === true);
    expect(row).toMatchObject({ StartTime: "2027-01-14T09:00:00", EndTime: "2027-01-14T10:00:00" });
    await expectCalm(studio, wire);
  });

  test("S24: only the zone's name changed: nothing is written", async () => {
    const scene = await openThere();
    const { studio } = scene;
    await bookUntold(studio, { ResourceName: "Bay 1", StartTime: "2027-01-12T10:00:00" });
    await studio.poll();
    const { id } = await onlyEvent(studio);

    const at = (hour: number) => ({ dateTime: `2027-01-12T${hour}:00:00${offset}`, timeZone: "UTC" });
    await onCalendar(studio, "PATCH", BAY_1, `/${id}`, { start: at(10), end: at(11) });

    await expectSettled(scene, ["events.insert"]);
  });
});

/** USchedule as it would be if it told its times with an offset and three quarters of a second. */
function withFractions(sandbox: typeof fetch): typeof fetch {
  return async (input, init) => {
    const answer = await sandbox(input, init);
    const url = input instanceof Request ? input.url : String(input);
    if (!answer.ok || !/\/get(?:api)?appointments?$/.test(url)) return answer;
    const text = (await answer.text()).replaceAll(/"(StartTime|EndTime)":"([^"]+)"/g, '"$1":"$2.750Z"');
    return new Response(text, { headers: answer.headers });
  };
}

test("S24: Google cuts fractions of a second; the booking keeps its own", async () => {
  const scene = await openScene({}, withFractions);
  const { studio, wire } = scene;
  const id = await bookUntold(studio, { ResourceName: "Bay 1", StartTime: "2027-01-12T10:00:00" });
  await studio.poll();
  await expectSettled(scene, ["events.insert"]);
  expect((await onlyEvent(studio)).start.dateTime).toBe("2027-01-12T10:00:00Z");

  await staffUntold(studio, "edit", { id, StartTime: "2027-01-13T15:00:00" });
  await studio.poll();
  await expectSettled(scene, ["events.patch"]);

  await studio.drag(BAY_1, (await onlyEvent(studio)).id, "2027-01-14T09:00:00", "2027-01-14T10:00:00");
  await pass(studio, 30, wire);
  expect(wire.writes().filter((each) => each === "bookit")).toHaveLength(1);
  await expectCalm(studio, wire);
});

/** USchedule as it would be if it booked quarters of an hour only. */
function inQuarters(sandbox: typeof fetch): typeof fetch {
  return (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.endsWith("/bookit") || typeof init?.body !== "string") return sandbox(input, init);
    const quarter = (_: string, hour: string, minute: string) =>
      `T${hour}:${String(Math.floor(Number(minute) / 15) * 15).padStart(2, "0")}:`;
    return sandbox(input, { ...init, body: init.body.replace(/T(\d\d):(\d\d):/, quarter) });
  };
}

test("S24: a booking source that rounds the time is believed: the event shows what was booked, and that is that", async () => {
  const { studio, wire } = await openScene({}, inQuarters);
  await bookUntold(studio, { ResourceName: "Bay 1", StartTime: "2027-01-12T10:00:00" });
  await studio.poll();
  await pass(studio, 10, wire);
  wire.calls();

  await studio.drag(BAY_1, (await onlyEvent(studio)).id, "2027-01-14T09:07:00", "2027-01-14T10:07:00");
  await pass(studio, 30, wire);

  const writes = ["bookit", "cancelappointment", "events.patch", "events.patch"];
  expect(wire.writes().toSorted()).toEqual(writes);
  const [row] = (await studio.appointments()).filter((each) => each["holdsSlot"] === true);
  expect(row).toMatchObject({ StartTime: "2027-01-14T09:00:00", EndTime: "2027-01-14T10:00:00" });
  expect((await onlyEvent(studio)).start.dateTime).toContain("2027-01-14T09:00:00");
  await expectCalm(studio, wire);
});

test("S24: a series whose rule and EXDATE Google rewrites is set aside, without a write", async () => {
  const scene = await openScene();
  const { studio, wire } = scene;
  await bookUntold(studio, { ResourceName: "Bay 1", StartTime: "2027-01-12T10:00:00" });
  await studio.poll();
  const { id } = await onlyEvent(studio);
  const appointments = await studio.appointments();
  wire.calls();

  const series = ["exdate;TZID=Europe/London:20270126T100000,20270119T100000", "rrule:count=5;freq=weekly"];
  const times = {
    start: { dateTime: "2027-01-12T10:00:00", timeZone: "Europe/London" },
    end: { dateTime: "2027-01-12T11:00:00", timeZone: "Europe/London" },
  };
  await onCalendar(studio, "PATCH", BAY_1, `/${id}`, { recurrence: series, ...times });
  await pass(studio, 60, wire);

  expect((await onlyEvent(studio)) as unknown).toMatchObject({
    recurrence: [
      "RRULE:FREQ=WEEKLY;COUNT=5",
      "exdate;TZID=Europe/London:20270119T100000",
      "exdate;TZID=Europe/London:20270126T100000",
    ],
  });
  expect(wire.writes()).toEqual([]);
  expect(await studio.appointments()).toEqual(appointments);
  expect((await studio.reviews()).map(({ kind }) => kind)).toEqual(["quarantined"]);
  await expectCalm(studio, wire);
});
