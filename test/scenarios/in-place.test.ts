import { expect, test } from "vitest";
import { approveHold } from "../../shared/flows/holds.ts";
import { BAY_1, BAY_2, openRunningStudio, openStudio, type Studio, WS } from "../flows/studio.ts";
import { pass, work } from "./clockwork.ts";
import { bookUntold, breakCalls, mendCalls, storedEvents } from "./scene.ts";
import { expectCalm, namedBy, onCalendar } from "./sides.ts";
import { openWire, type Wire, type WireCall } from "./wire.ts";

/** What people and other programs keep on an event, and Lockstep knows nothing of. */
const THEIRS = {
  attendees: [{ email: "coach@loft.example", responseStatus: "accepted" }, { email: "maya@guest.example" }],
  colorId: "7",
  location: "Loft, second floor",
  reminders: { useDefault: false, overrides: [{ method: "popup", minutes: 30 }] },
  visibility: "public",
};

async function openBooked(policy: Record<string, unknown> = {}) {
  const wire = openWire();
  const studio = await openRunningStudio({ policy, fetch: wire.fetch, stores: wire.stores });
  const id = await studio.book(1, "2027-01-12T10:00:00", { Notes: "left-handed clubs" });
  await work(studio, wire);
  const { id: eventId } = await studio.eventOf(BAY_1, id);
  await onCalendar(studio, "PATCH", BAY_1, `/${eventId}`, THEIRS);
  await onCalendar(studio, "PATCH", BAY_1, `/${eventId}`, {
    extendedProperties: { private: { theirs: "kept" }, shared: { door: "4711" } },
  });
  await work(studio, wire);
  return { studio, wire, id, eventId };
}

/** Lockstep's own writes to calendars. */
function eventWrites(calls: readonly WireCall[]): WireCall[] {
  return calls.filter(({ operation }) => /^events\.(insert|patch|update|delete|move|import|quickAdd)$/.test(operation));
}

function expectSilent(writes: readonly WireCall[]): void {
  for (const { operation, path } of writes) {
    const said = new URL(path, "http://sandbox").searchParams;
    expect(`${operation} ${said.get("sendUpdates")}`).toBe(`${operation} none`);
    expect(said.has("sendNotifications")).toBe(false);
  }
}

async function expectTheirs(studio: Studio, calendarId: string, eventId: string): Promise<void> {
  const event = (await storedEvents(studio, calendarId)).find(({ id }) => id === eventId);
  expect(event).toMatchObject({ status: "confirmed", ...THEIRS });
  expect(event).toMatchObject({
    extendedProperties: { private: { theirs: "kept", loftSyncManaged: "true" }, shared: { door: "4711" } },
  });
}

/** What changes an event, from either side; each must change that very event. */
const CHANGES: readonly {
  readonly change: string;
  readonly policy?: Record<string, unknown>;
  readonly act: (scene: { studio: Studio; wire: Wire; id: string; eventId: string }) => Promise<unknown>;
  readonly patches: number;
}[] = [
  {
    change: "staff move the booking",
    act: ({ studio, id }) => studio.staff("edit", { id, StartTime: "2027-01-13T15:00:00" }),
    patches: 1,
  },
  {
    change: "staff change guest, notes and length",
    act: ({ studio, id }) =>
      studio.staff("edit", { id, CustomerName: "Tom Eccles", Notes: "two guests", ServiceLength: 90 }),
    patches: 1,
  },
  {
    change: "the booking is rescheduled under a new id",
    act: ({ studio, id }) => studio.staff("reschedule", { id, StartTime: "2027-01-14T15:00:00" }),
    patches: 1,
  },
  {
    change: "a person drags the event",
    act: ({ studio, eventId }) => studio.drag(BAY_1, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00"),
    patches: 1,
  },
  {
    change: "a person drags the event where the bay is taken",
    act: async ({ studio, wire, eventId }) => {
      await studio.book(1, "2027-01-13T15:00:00");
      await work(studio, wire);
      wire.calls();
      await studio.drag(BAY_1, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
    },
    patches: 1,
  },
  {
    change: "the booking is cancelled and re-enabled, and the policy marks",
    policy: { cancellation: "mark" },
    act: async ({ studio, wire, id }) => {
      await studio.staff("cancel", { id });
      await work(studio, wire);
      await studio.staff("reenable", { id });
    },
    patches: 2,
  },
];

test.each(CHANGES)(
  "S25: $change: the same event is patched, what others keep on it stays, nobody is notified",
  async (row) => {
    const scene = await openBooked(row.policy);
    const { studio, wire, eventId } = scene;
    wire.calls();

    await row.act(scene);
    await work(studio, wire);
    await pass(studio, 10, wire);
    const writes = eventWrites(wire.calls());

    expect(writes.map(({ operation, status }) => `${operation} ${status}`)).toEqual(
      Array(row.patches).fill("events.patch 200"),
    );
    expectSilent(writes);
    await expectTheirs(studio, BAY_1, eventId);
    await expectCalm(studio, wire);
  },
);

test("S25: a patch carries only what changed", async () => {
  const { studio, wire, id } = await openBooked();
  wire.calls();

  await studio.staff("edit", { id, Notes: "two guests" });
  await work(studio, wire);

  const [patch, ...others] = eventWrites(wire.calls());
  expect(others).toEqual([]);
  expect(Object.keys(JSON.parse(patch?.body ?? "{}")).toSorted()).toEqual(["description", "extendedProperties"]);
});

test("S25: every kind of calendar write says sendUpdates=none, from the first event to the last", async () => {
  const { studio, wire, id, eventId } = await openBooked();

  await studio.staff("edit", { id, ResourceName: "Bay 2" });
  await work(studio, wire);
  await studio.staff("cancel", { id });
  await work(studio, wire);
  await studio.staff("reenable", { id });
  await work(studio, wire);
  const back = await studio.eventOf(BAY_2, id);
  await onCalendar(studio, "PATCH", BAY_2, `/${back.id}`, THEIRS);
  await onCalendar(studio, "POST", BAY_2, `/${back.id}/move?destination=${encodeURIComponent(BAY_1)}`);
  await work(studio, wire);
  await pass(studio, 10, wire);

  const writes = eventWrites(wire.calls());
  expect(new Set(writes.map(({ operation }) => operation))).toEqual(
    new Set(["events.insert", "events.patch", "events.delete"]),
  );
  expect(writes.length).toBeGreaterThan(5);
  expectSilent(writes);
  expect(back.id).not.toBe(eventId);
  const [moved, ...others] = (await studio.events(BAY_1)).filter((event) => namedBy(event) !== "");
  expect(others).toEqual([]);
  expect(moved).toMatchObject({ id: back.id, attendees: THEIRS.attendees });
  await expectCalm(studio, wire);
});

test("S25: restoring, undoing and repeating after trouble notify nobody either", async () => {
  const { studio, wire, id, eventId } = await openBooked({ calendarDeletion: "restore" });
  await breakCalls(studio, { api: "google", method: "POST", kinds: ["timeout-after", "status=503"], times: 2 });
  wire.calls();

  await studio.deleteEvent(BAY_1, eventId);
  await work(studio, wire);
  await mendCalls(studio);
  await pass(studio, 20, wire);

  const writes = eventWrites(wire.calls());
  expect(writes.length).toBeGreaterThan(1);
  expectSilent(writes);
  expect((await studio.eventOf(BAY_1, id)).id).not.toBe(eventId);
});

test("S25: an adopted event is patched in place and nobody is notified", async () => {
  const wire = openWire();
  const studio = await openStudio({ fetch: wire.fetch, stores: wire.stores });
  const id = await bookUntold(studio, { ResourceName: "Bay 1", StartTime: "2027-01-12T10:00:00" });
  const at = (dateTime: string) => ({ dateTime, timeZone: "Europe/London" });
  const times = { start: at("2027-01-12T10:00:00"), end: at("2027-01-12T11:00:00") };
  const twin = await onCalendar(studio, "POST", BAY_1, "", { ...times, ...THEIRS, summary: "phoned" });
  await studio.turnSchedulers();
  wire.calls();

  const [hold] = await studio.holds();
  await approveHold(studio.world, WS, hold?.id ?? "", "operator@loft");
  await work(studio, wire);

  const writes = eventWrites(wire.calls());
  expect(writes.map(({ operation }) => operation)).toEqual(["events.patch"]);
  expectSilent(writes);
  const adopted = await studio.eventOf(BAY_1, id);
  expect(adopted).toMatchObject({ id: twin["id"], ...THEIRS });
});
