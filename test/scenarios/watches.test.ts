import { expect, test } from "vitest";
import { type CalendarDoc, calendarRef } from "../../shared/flows/documents.ts";
import { renewWatches } from "../../shared/flows/renew-watches.ts";
import { messageOf, TOPIC } from "../../shared/topics/calendar-touched.ts";
import { BAY_1, openRunningStudio, openStudio, type Studio, WS } from "../flows/studio.ts";
import { JOBS, pass, work } from "./clockwork.ts";
import type { Scene } from "./every-step.ts";
import { alertsOf, bookedLines, expectBothSides, expectCalm, expectTimes, onCalendar, shownLines } from "./sides.ts";
import { openWire } from "./wire.ts";

interface Booked extends Scene {
  readonly id: string;
  readonly eventId: string;
}

/** A watched studio with a booking at ten on bay 1. */
async function open(options: Record<string, unknown> = {}): Promise<Booked> {
  const wire = openWire();
  const studio = await openStudio({ fetch: wire.fetch, stores: wire.stores });
  await studio.call("POST", "/sandbox/options", options);
  await studio.turnSchedulers();
  await studio.turnSchedulers();
  const id = await studio.book(1, "2027-02-12T10:00:00");
  await work(studio, wire);
  const { id: eventId } = await studio.eventOf(BAY_1, id);
  wire.calls();
  return { studio, wire, id, eventId };
}

async function openChannels(studio: Studio): Promise<string[]> {
  // Proof: so the sandbox shows its state (`scripts/sandbox/show-state.ts`).
  const { google } = (await studio.call("GET", "/sandbox/state")) as {
    google: { channels: { id: string; calendarId: string; open: boolean; silent: boolean }[] };
  };
  return google.channels
    .filter(({ calendarId, open, silent }) => calendarId === BAY_1 && open && !silent)
    .map(({ id }) => id);
}

async function watchOf(studio: Studio) {
  return (await studio.store.get<CalendarDoc>(calendarRef(BAY_1)))?.data.watch;
}

/** Bay 1's event is dragged to the hour, and carried by a push alone: no scheduler runs. */
async function expectPushed({ studio, wire }: Scene, eventId: string, hour: number): Promise<void> {
  const at = (h: number) => `2027-02-13T${String(h).padStart(2, "0")}:00:00`;
  await studio.drag(BAY_1, eventId, at(hour), at(hour + 1));
  await work(studio, wire);
  await expectTimes(studio, [`bay 1 ${at(hour)} ${at(hour + 1)}`]);
}

async function dragUntold({ studio, eventId }: Booked): Promise<void> {
  const at = (dateTime: string) => ({ dateTime, timeZone: "Europe/London" });
  const body = { start: at("2027-02-13T15:00:00"), end: at("2027-02-13T16:00:00") };
  await onCalendar(studio, "PATCH", BAY_1, `/${eventId}`, body, "notify-lost");
}

const DRAGGED = "bay 1 2027-02-13T15:00:00 2027-02-13T16:00:00";

test("S28: a channel that expired while nothing ran is made anew, and what it missed is found", async () => {
  const scene = await open();
  const { studio, wire, eventId } = scene;
  studio.clock.advance(8 * 86_400_000);
  expect(await openChannels(studio)).toEqual([]);
  await studio.drag(BAY_1, eventId, "2027-02-13T15:00:00", "2027-02-13T16:00:00");
  await work(studio, wire);
  expect(await bookedLines(studio)).toEqual([`${scene.id} bay 1 2027-02-12T10:00:00 2027-02-12T11:00:00`]);

  await renewWatches(studio.world);
  await work(studio, wire);

  await expectTimes(studio, [DRAGGED]);
  expect(await openChannels(studio)).toEqual([(await watchOf(studio))?.channelId]);
  await expectPushed(scene, eventId, 9);
  expect(await alertsOf(studio)).toEqual([]);
});

test("S28: channels are renewed before they end, overlap, and the former one is stopped", async () => {
  const { studio, wire } = await open({ channelSeconds: 3_600 });
  const seen = new Set<string>();

  for (let minute = 0; minute < 240; minute += 10) {
    await pass(studio, 10, wire);
    const channels = await openChannels(studio);
    expect(channels.length).toBeGreaterThanOrEqual(1);
    expect(channels.length).toBeLessThanOrEqual(2);
    for (const channel of channels) seen.add(channel);
  }

  expect(seen.size).toBeGreaterThanOrEqual(4);
  expect(wire.calls().filter(({ operation }) => operation === "channels.stop").length).toBeGreaterThanOrEqual(3);
  expect(await alertsOf(studio)).toEqual([]);
});

test("S28: one failed renewal is made up for before the channel ends, without an alert", async () => {
  const scene = await open({ channelSeconds: 3_600 });
  const { studio, wire } = scene;
  const lift = wire.answer("events.watch", () => new Response("", { status: 503 }));

  await pass(studio, 40, wire);
  expect(studio.logs.map(({ message }) => message)).toContain("watch could not be renewed");
  expect(await openChannels(studio)).toHaveLength(1);
  expect(await alertsOf(studio)).toEqual([]);
  lift();
  await pass(studio, 10, wire);

  expect(await openChannels(studio)).toHaveLength(2);
  await expectPushed(scene, scene.eventId, 9);
  expect(await alertsOf(studio)).toEqual([]);
});

test("S28: a channel that cannot be renewed until it ends is shown, polled meanwhile, and closes its alert when it is back", async () => {
  const scene = await open({ channelSeconds: 3_600 });
  const { studio, wire } = scene;
  const lift = wire.answer("events.watch", () => new Response("", { status: 503 }));

  await pass(studio, 70, wire);
  expect(await openChannels(studio)).toEqual([]);
  expect(await alertsOf(studio)).toContain(`watch-down ${BAY_1}`);
  await dragUntold(scene);
  await pass(studio, JOBS["watch-renewal"].everyMinutes, wire);
  await expectTimes(studio, [DRAGGED]);

  lift();
  await pass(studio, 20, wire);
  expect(await openChannels(studio)).toHaveLength(1);
  expect(await alertsOf(studio)).toEqual([]);
  await expectPushed(scene, scene.eventId, 9);
});

test("S28: an address that Google refuses is shown, polled, and tried again later", async () => {
  const wire = openWire();
  const studio = await openStudio({ fetch: wire.fetch, stores: wire.stores });
  const lift = wire.answer("events.watch", () => {
    const error = { code: 401, errors: [{ domain: "global", reason: "webhookUrlUnauthorized" }] };
    return Response.json({ error }, { status: 401 });
  });
  await pass(studio, 20, wire);
  expect((await alertsOf(studio)).sort()).toEqual([`watch-down ${BAY_1}`, "watch-down loft-bay-2@sandbox"]);
  const id = await studio.book(1, "2027-02-12T10:00:00");
  await work(studio, wire);
  const { id: eventId } = await studio.eventOf(BAY_1, id);

  await dragUntold({ studio, wire, id, eventId });
  wire.calls();
  await pass(studio, JOBS["watch-renewal"].everyMinutes, wire);
  await expectTimes(studio, [DRAGGED]);

  lift();
  await pass(studio, 80, wire);
  expect(await alertsOf(studio)).toEqual([]);
  await expectPushed({ studio, wire }, eventId, 9);
});

test("S28: an open channel that tells nothing is noticed by a poll, replaced and shown, and what it kept to itself is carried", async () => {
  const scene = await open();
  const { studio, wire, eventId } = scene;
  const silent = await watchOf(studio);
  await studio.call("POST", "/sandbox/google/channels", { calendarId: BAY_1, make: "silent" });
  await pass(studio, 3, wire);
  await dragUntold(scene);

  await pass(studio, 30, wire);

  await expectTimes(studio, [DRAGGED]);
  const [channel, ...others] = await openChannels(studio);
  expect(others).toEqual([]);
  expect(channel).not.toBe(silent?.channelId);
  expect(await alertsOf(studio)).toEqual([`watch-silent ${BAY_1}`]);
  await expectPushed(scene, eventId, 9);
  await pass(studio, 10, wire);
  expect(await alertsOf(studio)).toEqual([]);
  await expectCalm(studio, wire);
});

test("S28: a quiet calendar is not taken for a silent channel, nor are our own writes", async () => {
  const { studio, wire, id } = await open();
  const before = (await watchOf(studio))?.channelId;
  await studio.call("POST", "/sandbox/google/channels", { calendarId: BAY_1, make: "silent" });
  await studio.staff("edit", { id, StartTime: "2027-02-12T14:00:00" });

  await pass(studio, 120, wire);

  expect((await watchOf(studio))?.channelId).toBe(before);
  expect(await alertsOf(studio)).toEqual([]);
});

test("S28: a former channel that cannot be stopped keeps nobody from opening new ones", async () => {
  const scene = await open({ channelSeconds: 3_600 });
  const { studio, wire } = scene;
  wire.answer("channels.stop", () =>
    Response.json({ error: { code: 403, errors: [{ reason: "forbidden" }] } }, { status: 403 }),
  );

  await pass(studio, 240, wire);

  expect((await openChannels(studio)).length).toBeGreaterThanOrEqual(1);
  expect(await alertsOf(studio)).toEqual([]);
  await expectPushed(scene, scene.eventId, 9);
});

test("S33: a push through a stopped or unknown channel is dropped without a call, and noted", async () => {
  const scene = await open();
  const { studio, wire } = scene;
  const former = await watchOf(studio);
  studio.clock.advance(6 * 86_400_000);
  await renewWatches(studio.world);
  await work(studio, wire);
  await renewWatches(studio.world);
  await work(studio, wire);
  expect((await watchOf(studio))?.channelId).not.toBe(former?.channelId);
  await dragUntold(scene);
  studio.logs.splice(0);
  wire.calls();
  studio.counts.writes = 0;

  for (const channelId of [former?.channelId ?? "", "f".repeat(32)]) {
    await studio.publisher.publish(TOPIC, [messageOf({ ws: WS, calendarId: BAY_1, via: "push", channelId })]);
  }
  await work(studio, wire);

  expect(wire.calls()).toEqual([]);
  expect(studio.counts.writes).toBe(0);
  expect(studio.logs.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
    "NOTICE push of a stopped channel dropped",
    "NOTICE push of a stopped channel dropped",
  ]);
  expect(await bookedLines(studio)).toEqual([`${scene.id} bay 1 2027-02-12T10:00:00 2027-02-12T11:00:00`]);
});

test("S33: while two channels overlap, a push through either counts", async () => {
  const scene = await open();
  const { studio, wire } = scene;
  const former = await watchOf(studio);
  studio.clock.advance(6 * 86_400_000);
  await renewWatches(studio.world);
  await work(studio, wire);
  await dragUntold(scene);

  const push = { ws: WS, calendarId: BAY_1, via: "push", channelId: former?.channelId ?? "" } as const;
  await studio.publisher.publish(TOPIC, [messageOf(push)]);
  await work(studio, wire);

  await expectTimes(studio, [DRAGGED]);
});

/** Each side is changed once; `fault` befalls every notification. */
async function changeEverything(studio: Studio, ids: readonly string[], fault: string): Promise<void> {
  const headers = { "x-sandbox-fault": fault };
  const [moved = "", cancelled = "", dragged = "", deleted = ""] = ids;
  const event = async (id: string) => (await studio.eventOf(BAY_1, id)).id;
  const at = (dateTime: string) => ({ dateTime, timeZone: "Europe/London" });
  const drag = { start: at("2027-01-15T15:00:00"), end: at("2027-01-15T16:00:00") };
  await studio.call("POST", "/sandbox/uschedule/edit", { id: moved, StartTime: "2027-01-14T15:00:00" }, headers);
  await studio.call("POST", "/sandbox/uschedule/cancel", { id: cancelled }, headers);
  const order = { ResourceName: "Bay 2", StartTime: "2027-01-12T10:00:00", ServiceLength: 60, CustomerName: "Ines" };
  await studio.call("POST", "/sandbox/uschedule/book", order, headers);
  await onCalendar(studio, "PATCH", BAY_1, `/${await event(dragged)}`, drag, fault);
  await onCalendar(studio, "DELETE", BAY_1, `/${await event(deleted)}`, undefined, fault);
}

const CHANGED = [
  "bay 1 2027-01-14T15:00:00 2027-01-14T16:00:00",
  "bay 1 2027-01-15T15:00:00 2027-01-15T16:00:00",
  "bay 2 2027-01-12T10:00:00 2027-01-12T11:00:00",
];
/** What Lockstep writes for it: patch, delete, insert; a rebooking; a cancellation. */
const WRITES = [
  "bookit",
  "cancelappointment",
  "cancelappointment",
  "events.delete",
  "events.insert",
  "events.patch",
  "events.patch",
];

async function openFour(): Promise<Scene & { readonly ids: string[] }> {
  const wire = openWire();
  const studio = await openRunningStudio({ fetch: wire.fetch, stores: wire.stores });
  const ids: string[] = [];
  for (let day = 12; day < 16; day++) ids.push(await studio.book(1, `2027-01-${day}T10:00:00`));
  await pass(studio, 10, wire);
  wire.calls();
  return { studio, wire, ids };
}

test("S31: with every notification lost, the poll floor repairs both sides within its stated times", async () => {
  const { studio, wire, ids } = await openFour();

  await changeEverything(studio, ids, "notify-lost");
  await pass(studio, JOBS["source-poll"].everyMinutes, wire);
  expect(await shownLines(studio)).toContain(`${ids[0]} bay 1 2027-01-14T15:00:00 2027-01-14T16:00:00`);
  expect((await shownLines(studio)).map((line) => line.split(" ")[0])).not.toContain(ids[1]);
  expect((await shownLines(studio)).join()).toContain("bay 2 2027-01-12T10:00:00");
  await pass(studio, JOBS["watch-renewal"].everyMinutes, wire);

  await expectTimes(studio, CHANGED);
  expect(wire.writes().sort()).toEqual(WRITES);
  await expectCalm(studio, wire);
});

test("S31: the calendar's floor stands without the sweep", async () => {
  const { studio, wire, eventId } = await open();
  await dragUntold({ studio, wire, eventId, id: "" });

  studio.clock.advance(JOBS["watch-renewal"].everyMinutes * 60_000);
  await renewWatches(studio.world);
  await work(studio, wire);

  await expectTimes(studio, [DRAGGED]);
});

test("S31: notifications an hour late find everything done, and do nothing", async () => {
  const { studio, wire, ids } = await openFour();

  await changeEverything(studio, ids, "notify-delay=3600000");
  await pass(studio, 20, wire);
  await expectTimes(studio, CHANGED);
  expect(wire.writes().sort()).toEqual(WRITES);
  await pass(studio, 60, wire);

  expect(wire.writes()).toEqual([]);
  await expectTimes(studio, CHANGED);
});

test("S31: doubled notifications make one write each", async () => {
  const { studio, wire, ids } = await openFour();

  await changeEverything(studio, ids, "notify-double");
  await work(studio, wire);

  await expectTimes(studio, CHANGED);
  expect(wire.writes().sort()).toEqual(WRITES);
  await expectCalm(studio, wire);
});

test("S31: changes whose notifications pass one another end as they were made last", async () => {
  const { studio, wire, id, eventId } = await open();
  const headers = { "x-sandbox-fault": "notify-reorder" };
  const at = (dateTime: string) => ({ dateTime, timeZone: "Europe/London" });

  for (const hour of [12, 13, 14, 15, 16]) {
    await studio.call("POST", "/sandbox/uschedule/edit", { id, StartTime: `2027-02-12T${hour}:00:00` }, headers);
  }
  for (let second = 0; second < 8; second++) {
    await work(studio, wire);
    studio.clock.advance(1_000);
  }
  await expectBothSides(studio, [`${id} bay 1 2027-02-12T16:00:00 2027-02-12T17:00:00`]);

  for (const hour of [12, 13, 14]) {
    const body = { start: at(`2027-02-14T${hour}:00:00`), end: at(`2027-02-14T${hour + 1}:00:00`) };
    await onCalendar(studio, "PATCH", BAY_1, `/${eventId}`, body, "notify-reorder");
    studio.clock.advance(1_000);
  }
  for (let second = 0; second < 8; second++) {
    await work(studio, wire);
    studio.clock.advance(1_000);
  }
  await expectTimes(studio, ["bay 1 2027-02-14T14:00:00 2027-02-14T15:00:00"]);
  await expectCalm(studio, wire);
});
