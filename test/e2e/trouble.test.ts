import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type BesideSandbox, startBesideSandbox } from "./beside-sandbox.ts";
import { BAYS, type Bay, type Event, localTime, mirrored, plus, type Studio, startOf } from "./studio.ts";

const LISTING = "^/google/calendar/v3/calendars/[^/]+/events$";
const WITHIN_MS = 20_000;

describe("trouble on the wire, seen from outside", () => {
  let beside: BesideSandbox;
  let studio: Studio;
  let day = 20;

  beforeAll(async () => {
    beside = await startBesideSandbox();
    studio = beside.studio;
    await eventually(async () => expect(await studio.calls()).toContain("google events.watch"));
  });
  afterEach(() => studio.clearFaults());
  afterAll(() => beside.close());

  function eventually<T>(check: () => Promise<T>): Promise<T> {
    return vi.waitFor(check, { timeout: WITHIN_MS, interval: 50 });
  }

  async function booked(bay: Bay, customer: string): Promise<{ id: number; start: string; event: Event }> {
    day += 1;
    const start = localTime(day, 9);
    const { AppointmentID: id } = await studio.book(bay, start, customer);
    const event = await eventually(async () => {
      const [made] = await eventsOf(id);
      if (made === undefined) throw new Error(`no event of ${id} yet`);
      return made;
    });
    return { id, start, event };
  }

  const eventsOf = async (id: number) => (await studio.events()).filter((event) => mirrored(event) === String(id));
  const liveOf = async (customer: string) =>
    (await studio.appointments()).filter((row) => row.CustomerName === customer && row.StatusID === 1);

  async function expectMoved(customer: string, start: string): Promise<void> {
    await eventually(async () => {
      const live = await liveOf(customer);
      expect(live.map((row) => row.StartTime)).toEqual([start]);
      expect((await eventsOf(live[0]?.AppointmentID ?? 0)).map(startOf)).toEqual([start]);
    });
  }

  test("S32: a second notification while the first is being handled is handled too", async () => {
    const [first, second] = [await booked(BAYS[0], "Ria First"), await booked(BAYS[0], "Sol Second")];
    await studio.fault({ api: "google", method: "GET", path: LISTING, kinds: ["delay-after=1500"], times: 1 });

    await studio.drag(first.event, plus(first.start, 120));
    await new Promise((resolve) => setTimeout(resolve, 500));
    await studio.drag(second.event, plus(second.start, 180));

    await expectMoved("Ria First", plus(first.start, 120));
    await expectMoved("Sol Second", plus(second.start, 180));
  });

  test("S56: answers that break off half-way change nothing on either side", async () => {
    await booked(BAYS[0], "Tia Whole");
    await booked(BAYS[1], "Ugo Whole");
    const before = [await studio.appointments(), await studio.events()];
    await studio.fault({ api: "uschedule", path: "getapiappointments", kinds: ["cut"], times: 8 });
    await studio.fault({ api: "google", method: "GET", path: LISTING, kinds: ["cut"], times: 8 });

    await studio.api("sync", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
    await vi.waitFor(async () => expect(await studio.faults()).toEqual([]), { timeout: 60_000, interval: 250 });

    expect([await studio.appointments(), await studio.events()]).toEqual(before);
    await booked(BAYS[0], "Una After");
  });

  test("S62: a guest cancels in the middle of our rebooking: cancel wins, the slot is not taken again", async () => {
    const { id, start, event } = await booked(BAYS[0], "Val Leaver");
    await studio.fault({ api: "uschedule", path: "bookit", kinds: ["delay-after=1500"], times: 1 });

    await studio.drag(event, plus(start, 120));
    await eventually(async () => expect(await liveOf("Val Leaver")).toHaveLength(2));
    await studio.cancel(id);

    await eventually(async () => {
      expect(await liveOf("Val Leaver")).toEqual([]);
      expect((await studio.events()).filter((each) => each.id === event.id)).toEqual([]);
    });
  });

  test("S63: an event dragged half an hour on, over the booking's own old slot, moves the booking", async () => {
    const { id, start, event } = await booked(BAYS[1], "Wes Overlap");

    await studio.drag(event, plus(start, 30));

    await expectMoved("Wes Overlap", plus(start, 30));
    expect((await studio.appointment(id))?.StatusID).toBe(9);
  });

  test("S60: inserted, killed, deleted by a person: counts as deleted; re-enabled, there is a new event", async () => {
    day += 1;
    await studio.fault({ api: "google", method: "POST", path: LISTING, kinds: ["delay-after=5000"], times: 1 });
    const { AppointmentID: id } = await studio.book(BAYS[0], localTime(day, 9), "Xia Crash");
    const event = await eventually(async () => {
      const [made] = await eventsOf(id);
      if (made === undefined) throw new Error("not inserted yet");
      return made;
    });

    await beside.lockstep().kill();
    await studio.deleteEvent(event);
    await beside.restart();

    await eventually(async () => expect((await studio.appointment(id))?.StatusID).toBe(9));
    await studio.reenable(id);
    const again = await eventually(async () => {
      const made = await eventsOf(id);
      expect(made).toHaveLength(1);
      return made[0];
    });
    expect(again?.id).not.toBe(event.id);
  });
});
