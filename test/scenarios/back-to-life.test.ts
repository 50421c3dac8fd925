import { describe, expect, test } from "vitest";
import { explain } from "../../shared/flows/explain.ts";
import { BAY_1, BAY_2, type GoogleEvent, openRunningStudio, type Studio, WS } from "../flows/studio.ts";
import {
  attemptsSince,
  expectStill,
  letPass,
  liveEvents,
  namedBy,
  staffUntold,
  storedEvents,
  writesSince,
} from "./scene.ts";
import { onCalendar } from "./sides.ts";

const TEN = "2027-01-13T10:00:00";

async function bookShown(studio: Studio, more: Record<string, unknown> = {}): Promise<string> {
  const id = await studio.book(1, TEN, { Notes: "left-handed clubs", ...more });
  await studio.settle();
  await studio.poll();
  studio.providerCalls();
  return id;
}

/** What people see of an event; the rest is bookkeeping. */
function looks({ summary, description, start, end }: GoogleEvent): unknown {
  return { summary, description, start, end };
}

type Tell = (studio: Studio, action: string, id: string) => Promise<void>;

/** How Lockstep gets to know of what staff did. */
const WAYS: readonly { readonly way: string; readonly tell: Tell }[] = [
  {
    way: "a webhook",
    tell: async (studio, action, id) => {
      await studio.staff(action, { id });
      await studio.settle();
    },
  },
  {
    way: "the poll alone",
    tell: async (studio, action, id) => {
      await staffUntold(studio, action, { id });
      await letPass(studio, 2);
    },
  },
];

describe.each(WAYS)("told by $way", ({ tell }) => {
  test("S06: a cancelled booking that is re-enabled gets exactly one event again, each time", async () => {
    const studio = await openRunningStudio();
    const id = await bookShown(studio);
    const before = await studio.eventOf(BAY_1, id);

    for (let times = 0; times < 3; times++) {
      await tell(studio, "cancel", id);
      expect(await liveEvents(studio)).toEqual([]);
      await tell(studio, "reenable", id);
      expect(looks(await studio.eventOf(BAY_1, id))).toEqual(looks(before));
    }

    const cycle = ["events.delete 204", "events.insert 200"];
    expect(attemptsSince(studio)).toEqual([...cycle, ...cycle, ...cycle]);
    expect(await studio.appointment(id)).toMatchObject({ StatusID: 1 });
    await expectStill(studio);
  });

  test("S06: after policy mark, the marked event is itself again", async () => {
    const studio = await openRunningStudio({ policy: { cancellation: "mark" } });
    const id = await bookShown(studio);
    const before = await studio.eventOf(BAY_1, id);

    for (let times = 0; times < 3; times++) {
      await tell(studio, "cancel", id);
      const [marked, ...others] = await liveEvents(studio);
      expect(others).toEqual([]);
      expect(marked).toMatchObject({
        id: before.id,
        summary: "Cancelled: Maya Lindqvist",
        transparency: "transparent",
      });
      await letPass(studio, 16, 2);
      await tell(studio, "reenable", id);
      expect((await studio.eventOf(BAY_1, id)).id).toBe(before.id);
      expect(looks(await studio.eventOf(BAY_1, id))).toEqual(looks(before));
      expect(await liveEvents(studio)).toMatchObject([{ transparency: "opaque" }]);
    }

    expect(attemptsSince(studio)).toEqual(Array(6).fill("events.patch 200"));
    expect(await storedEvents(studio, BAY_1)).toHaveLength(1);
    await expectStill(studio);
  });

  test("S06: after policy mark, a marked event that somebody deleted is replaced by one new event", async () => {
    const studio = await openRunningStudio({ policy: { cancellation: "mark" } });
    const id = await bookShown(studio);
    const before = await studio.eventOf(BAY_1, id);
    await tell(studio, "cancel", id);
    await studio.deleteEvent(BAY_1, before.id);
    await studio.settle();
    await letPass(studio, 16, 2);
    const whileCancelled = await liveEvents(studio);

    await tell(studio, "reenable", id);

    expect(whileCancelled).toEqual([]);
    expect(looks(await studio.eventOf(BAY_1, id))).toEqual(looks(before));
    expect(await liveEvents(studio)).toHaveLength(1);
    expect(await studio.appointment(id)).toMatchObject({ StatusID: 1 });
    await expectStill(studio);
  });

  test("S06: re-enabled at another time or on the other bay, it gets one event there", async () => {
    const studio = await openRunningStudio();
    const id = await bookShown(studio);
    await tell(studio, "cancel", id);

    await staffUntold(studio, "reenable", { id });
    await staffUntold(studio, "edit", { id, ResourceName: "Bay 2", StartTime: "2027-01-14T11:00:00" });
    await letPass(studio, 2);

    expect(await liveEvents(studio)).toHaveLength(1);
    expect((await studio.eventOf(BAY_2, id)).start.dateTime).toContain("2027-01-14T11:00:00");
    await expectStill(studio);
  });

  test("S06: cancelled by the deletion of its event, then re-enabled, it gets one event again", async () => {
    const studio = await openRunningStudio();
    const id = await bookShown(studio);
    await studio.deleteEvent(BAY_1, (await studio.eventOf(BAY_1, id)).id);
    await studio.settle();
    expect(await studio.appointment(id)).toMatchObject({ StatusID: 9 });

    await tell(studio, "reenable", id);

    expect((await liveEvents(studio)).map(namedBy)).toEqual([id]);
    expect(await studio.appointment(id)).toMatchObject({ StatusID: 1 });
    await expectStill(studio);
  });
});

test("S06: cancelled and re-enabled before anybody looked, nothing happens at all", async () => {
  const studio = await openRunningStudio();
  const id = await bookShown(studio);
  const before = await liveEvents(studio);

  await studio.staff("cancel", { id });
  await studio.staff("reenable", { id });
  await studio.settle();
  await letPass(studio, 2);

  expect(attemptsSince(studio)).toEqual([]);
  expect(await liveEvents(studio)).toEqual(before);
});

describe("S07: USchedule reschedules: status 10, a new id, nothing that links them", () => {
  test.each([
    ["webhooks", true],
    ["the poll alone", false],
  ])("S07: told by %s, the one event moves; it never goes and never comes", async (_, told) => {
    const studio = await openRunningStudio();
    const id = await bookShown(studio);
    const before = await studio.eventOf(BAY_1, id);

    const change = { id, StartTime: "2027-01-14T15:00:00" };
    const row = told ? await studio.staff("reschedule", change) : await staffUntold(studio, "reschedule", change);
    const newId = String(row["Id"]);
    await studio.settle();
    await letPass(studio, 2, 10);

    const [now, ...others] = await studio.events(BAY_1);
    expect(others).toEqual([]);
    expect(now).toMatchObject({ id: before.id, summary: "Maya Lindqvist", description: "left-handed clubs" });
    expect(now?.start.dateTime).toContain("2027-01-14T15:00:00");
    expect(now?.extendedProperties?.private).toMatchObject({ uscheduleAppointmentId: newId, loftSyncManaged: "true" });
    expect(attemptsSince(studio)).toEqual(["events.patch 200"]);
    expect(await studio.appointment(id)).toMatchObject({ StatusID: 10 });
    expect(await studio.appointment(newId)).toMatchObject({ StatusID: 1 });
    const explained = await explain(studio.world, WS, id);
    expect(explained).toMatchObject({ appointmentId: newId, formerIds: [id] });
    expect(explained.maps).toHaveLength(1);
    await expectStill(studio);
  });

  test("S07: twice and three times in a row, it is still one history", async () => {
    const studio = await openRunningStudio();
    const id = await bookShown(studio);
    const before = await studio.eventOf(BAY_1, id);

    const ids = [id];
    for (const day of [14, 15, 16]) {
      const change = { id: ids.at(-1), StartTime: `2027-01-${day}T15:00:00` };
      ids.push(String((await staffUntold(studio, "reschedule", change))["Id"]));
      await letPass(studio, 2, 2);
    }

    expect((await studio.events(BAY_1)).map((event) => event.id)).toEqual([before.id]);
    expect(attemptsSince(studio)).toEqual(Array(3).fill("events.patch 200"));
    expect(await explain(studio.world, WS, id)).toMatchObject({ appointmentId: ids[3], formerIds: ids.slice(0, 3) });
    await expectStill(studio);
  });

  test("S07: two guests rescheduled at once: neither takes over the other's event", async () => {
    const studio = await openRunningStudio();
    const maya = await bookShown(studio);
    const tom = await bookShown(studio, { StartTime: "2027-01-13T12:00:00", CustomerName: "Tom Eccles" });
    const [mayas, toms] = [await studio.eventOf(BAY_1, maya), await studio.eventOf(BAY_1, tom)];

    await staffUntold(studio, "reschedule", { id: maya, StartTime: "2027-01-14T12:00:00" });
    await staffUntold(studio, "reschedule", { id: tom, StartTime: "2027-01-14T10:00:00" });
    await letPass(studio, 2, 10);

    const now = await studio.events(BAY_1);
    expect(now).toHaveLength(2);
    expect(now.find(({ id }) => id === mayas.id)).toMatchObject({ summary: "Maya Lindqvist" });
    expect(now.find(({ id }) => id === toms.id)).toMatchObject({ summary: "Tom Eccles" });
    expect(attemptsSince(studio)).toEqual(Array(2).fill("events.patch 200"));
  });

  test.each([
    ["webhooks", "notify-double"],
    ["the poll alone", "notify-lost"],
  ])(
    "S07: told by %s of two stays of one guest at once, none is guessed; each ends with one event",
    async (_, fault) => {
      const studio = await openRunningStudio();
      const first = await bookShown(studio);
      const second = await bookShown(studio, { StartTime: "2027-01-13T12:00:00" });

      for (const [id, day] of [
        [first, 14],
        [second, 15],
      ]) {
        const change = { id, StartTime: `2027-01-${day}T15:00:00` };
        await studio.call("POST", "/sandbox/uschedule/reschedule", change, { "x-sandbox-fault": fault });
      }
      await studio.settle();
      await letPass(studio, 2, 10);

      const starts = (await studio.events(BAY_1)).map(({ start }) => String(start.dateTime).slice(0, 19)).toSorted();
      expect(starts).toEqual(["2027-01-14T15:00:00", "2027-01-15T15:00:00"]);
      expect(writesSince(studio).toSorted()).toEqual([
        ...Array(2).fill("events.delete"),
        ...Array(2).fill("events.insert"),
      ]);
      await expectStill(studio);
    },
  );

  test.each([
    ["neither of the two was seen", false],
    ["its successor was told by a webhook", true],
  ])("S07: a new booking of the same guest is not taken for the successor, where %s", async (_, told) => {
    const studio = await openRunningStudio();
    const id = await bookShown(studio);
    const before = await studio.eventOf(BAY_1, id);

    const again = {
      ResourceName: "Bay 1",
      StartTime: "2027-01-15T10:00:00",
      ServiceLength: 60,
      CustomerName: "Maya Lindqvist",
    };
    const other = String((await staffUntold(studio, "book", again))["Id"]);
    const next = String((await staffUntold(studio, "reschedule", { id, StartTime: "2027-01-14T15:00:00" }))["Id"]);
    for (const each of told ? [next, id] : []) {
      await studio.receiveWebhook({ id: `msg_${each}`, body: { AppointmentID: Number(each), ResourceName: "Bay 1" } });
      await studio.settle();
    }
    await letPass(studio, 2, 10);

    const now = await liveEvents(studio);
    expect(now.map(namedBy).toSorted()).toEqual([other, next].toSorted());
    expect(now.find((event) => event.id === before.id)).toBeUndefined();
    await expectStill(studio);
  });

  test("S07: onto the other bay, it ends with one event there", async () => {
    const studio = await openRunningStudio();
    const id = await bookShown(studio);

    await staffUntold(studio, "reschedule", { id, ResourceName: "Bay 2", StartTime: "2027-01-14T15:00:00" });
    await letPass(studio, 2, 10);

    expect(await liveEvents(studio)).toHaveLength(1);
    expect(await studio.events(BAY_2)).toMatchObject([{ summary: "Maya Lindqvist" }]);
    await expectStill(studio);
  });

  test("S07: told in the wrong order, both slots are blocked until it is certain; then one event is left", async () => {
    const studio = await openRunningStudio();
    const id = await bookShown(studio);
    const row = await staffUntold(studio, "reschedule", { id, StartTime: "2027-01-14T15:00:00" });
    const newId = String(row["Id"]);

    for (const each of [newId, id]) {
      await studio.receiveWebhook({ id: `msg_${each}`, body: { AppointmentID: Number(each), ResourceName: "Bay 1" } });
      await studio.settle();
    }
    const atFirst = (await liveEvents(studio)).map(namedBy).toSorted();
    await letPass(studio, 2, 5);

    expect(atFirst).toEqual([id, newId].toSorted());
    expect((await liveEvents(studio)).map(namedBy)).toEqual([newId]);
    expect(attemptsSince(studio)).toEqual(["events.insert 200", "events.delete 204"]);
    await expectStill(studio);
  });

  test("S07: without a successor, its event goes when the wait is over, not before", async () => {
    const studio = await openRunningStudio();
    const id = await bookShown(studio);

    await studio.staff("edit", { id, StatusID: 10 });
    await studio.settle();
    await letPass(studio, 1, 2);
    const waiting = (await liveEvents(studio)).map(namedBy);
    await letPass(studio, 1, 3);

    expect(waiting).toEqual([id]);
    expect(await liveEvents(studio)).toEqual([]);
    expect(writesSince(studio)).toEqual(["events.delete"]);
    await expectStill(studio);
  });

  test("S07: what a move of ours booked for another stay of the guest follows no booking that staff rescheduled", async () => {
    const studio = await openRunningStudio();
    const first = await bookShown(studio);
    const second = await bookShown(studio, { StartTime: "2027-01-13T12:00:00" });
    const { id: eventId } = await studio.eventOf(BAY_1, second);

    // A worker that moved the first died before it learned of this one; where the second lives on is another guest's name by now.
    const half = await studio.book(1, "2027-01-13T18:00:00", { Notes: `[lockstep ${first}-000000000001]` });
    const { Id: next } = await staffUntold(studio, "reschedule", { id: second, StartTime: "2027-01-14T15:00:00" });
    await staffUntold(studio, "edit", { id: String(next), CustomerName: "Tom Eccles" });
    studio.publisher.take();
    await letPass(studio, 2, 10);

    const event = (await liveEvents(studio)).find(({ id }) => id === eventId);
    expect(event && namedBy(event)).not.toBe(half);
    await expectStill(studio);
  });

  test("S07: an event dragged while its booking is rescheduled ends where the source says, once", async () => {
    const studio = await openRunningStudio();
    const id = await bookShown(studio);
    const { id: eventId } = await studio.eventOf(BAY_1, id);

    const row = await staffUntold(studio, "reschedule", { id, StartTime: "2027-01-14T15:00:00" });
    const at = (dateTime: string) => ({ dateTime, timeZone: "Europe/London" });
    const drag = { start: at("2027-01-20T09:00:00"), end: at("2027-01-20T10:00:00") };
    await onCalendar(studio, "PATCH", BAY_1, `/${eventId}`, drag);
    await studio.settle();
    await letPass(studio, 2, 10);

    const live = (await studio.appointments()).filter((each) => each["holdsSlot"] === true);
    expect(live).toHaveLength(1);
    const [event, ...others] = await studio.events(BAY_1);
    expect(others).toEqual([]);
    expect(event?.start.dateTime).toContain(String(live[0]?.["StartTime"]));
    expect(String(live[0]?.["AppointmentID"])).toBe(String(row["Id"]));
    await expectStill(studio);
  });
});
