import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type LockstepProcess, removeFolder, startLockstep } from "./lockstep-process.ts";
import { BAYS, type Bay, type Event, localTime, mirrored, openStudio, plus, type Studio, startOf } from "./studio.ts";

/** What scheduled jobs call at any time. */
const BY_THE_CLOCK = new Set([
  ...["google events.list", "google events.watch", "google channels.stop"],
  ...["uschedule validateuser", "uschedule appointments", "uschedule getapiappointments"],
]);

/** What a backing changes for the checklist: how it is started, and how long a change may take. */
export interface ChecklistSettings {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly withinMs: number;
}

/**
 * The Loft checklist, driven over HTTP from outside: USchedule and Google Calendar as staff use them on one
 * side, what both say afterwards on the other. Every test books on a day of its own.
 */
export function describeChecklist(name: string, { args, env = {}, withinMs }: ChecklistSettings): void {
  describe(`Loft checklist on ${name}`, () => {
    let lockstep: LockstepProcess;
    let studio: Studio;
    let day = 20;

    beforeAll(async () => {
      lockstep = await startLockstep({ args, env });
      studio = openStudio(lockstep);
      await eventually(async () => expect(await studio.calls()).toContain("google events.watch"));
    });
    afterAll(async () => {
      expect(await lockstep.stop(), lockstep.screen().slice(-3000)).toBe(0);
      removeFolder(lockstep.data);
    });

    function eventually<T>(check: () => Promise<T>): Promise<T> {
      return vi.waitFor(check, { timeout: withinMs, interval: 50 });
    }

    async function mirrorOf(id: number): Promise<Event> {
      const events = (await studio.events()).filter((event) => mirrored(event) === String(id));
      expect(events).toHaveLength(1);
      return events[0] as Event;
    }

    /** A booking on a day of its own with its event. */
    async function booked(bay: Bay, customer: string) {
      day += 1;
      const start = localTime(day, 9);
      const appointment = await studio.book(bay, start, customer);
      const event = await eventually(() => mirrorOf(appointment.AppointmentID));
      return { id: appointment.AppointmentID, start, event };
    }

    /** Nothing may happen: waits out what could still be under way, then long enough to see it. */
    const quiet = () => new Promise((resolve) => setTimeout(resolve, 1500));

    describe.each(BAYS)("$name", (bay) => {
      test("a booking appears on the bay's own calendar with its three private properties", async () => {
        const { id, start, event } = await booked(bay, `Ada Booker ${bay.number}`);

        expect(event.calendarId).toBe(bay.calendar);
        expect(event.extendedProperties?.private).toMatchObject({
          uscheduleAppointmentId: String(id),
          loftSyncManaged: "true",
          bay: bay.number,
        });
        expect(startOf(event)).toBe(start);
        expect(event.summary).toBe(`Ada Booker ${bay.number}`);
      });

      test("staff move the appointment: the same event moves", async () => {
        const { id, start, event } = await booked(bay, `Bo Mover ${bay.number}`);

        await studio.edit(id, { StartTime: plus(start, 120) });

        const moved = await eventually(async () => {
          const now = await mirrorOf(id);
          expect(startOf(now)).toBe(plus(start, 120));
          return now;
        });
        expect(moved.id).toBe(event.id);
      });

      test("staff cancel the appointment: the event is gone", async () => {
        const { id } = await booked(bay, `Cy Canceller ${bay.number}`);

        await studio.cancel(id);

        await eventually(async () => expect(await eventsOf(id)).toEqual([]));
      });

      test("staff drag the event: the appointment moves to it under a new id, one event is left", async () => {
        const { id, start, event } = await booked(bay, `Di Dragger ${bay.number}`);

        await studio.drag(event, plus(start, 180));

        const row = await eventually(async () => {
          const live = (await liveOf(`Di Dragger ${bay.number}`)).filter((each) => each.StartTime === plus(start, 180));
          expect(live).toHaveLength(1);
          return live[0];
        });
        const now = await eventually(() => mirrorOf(row?.AppointmentID ?? 0));
        expect(row?.AppointmentID).not.toBe(id);
        expect(row?.ResourceName).toBe(bay.name);
        expect(now.id).toBe(event.id);
        expect(startOf(now)).toBe(plus(start, 180));
        expect((await studio.appointment(id))?.StatusID).toBe(9);
        expect(await eventsOf(id)).toEqual([]);
      });

      test("staff delete the event: the appointment is cancelled", async () => {
        const { id, event } = await booked(bay, `Ed Eraser ${bay.number}`);

        await studio.deleteEvent(event);

        await eventually(async () => expect((await studio.appointment(id))?.StatusID).toBe(9));
        await quiet();
        expect(await eventsOf(id)).toEqual([]);
      });

      test("the booking changes bay: the event moves to the other bay's calendar", async () => {
        const { id, start } = await booked(bay, `Flo Changer ${bay.number}`);
        const other = bay === BAYS[0] ? BAYS[1] : BAYS[0];

        await studio.edit(id, { ResourceName: other.name });

        const now = await eventually(async () => {
          const event = await mirrorOf(id);
          expect(event.calendarId).toBe(other.calendar);
          return event;
        });
        expect(now.extendedProperties?.private?.bay).toBe(other.number);
        expect(startOf(now)).toBe(start);
      });

      test("S61 S23: a real edit one second after our own write is honoured", async () => {
        const { id, start } = await booked(bay, `Gil Swift ${bay.number}`);
        await studio.edit(id, { StartTime: plus(start, 60) });
        const written = await eventually(async () => {
          const event = await mirrorOf(id);
          expect(startOf(event)).toBe(plus(start, 60));
          return event;
        });

        await new Promise((resolve) => setTimeout(resolve, 1000));
        await studio.drag(written, plus(start, 240));

        await eventually(async () => {
          const [row] = await liveOf(`Gil Swift ${bay.number}`);
          expect(row?.StartTime).toBe(plus(start, 240));
          expect(startOf(await mirrorOf(row?.AppointmentID ?? 0))).toBe(plus(start, 240));
        });
      });

      test("an event that is not ours stays as it is, to the byte", async () => {
        day += 1;
        const start = localTime(day, 9);
        const id = await studio.addOwnEvent(bay, start, "Staff lunch");
        const before = await eventOf(id);

        const { AppointmentID } = await studio.book(bay, plus(start, 120), `Hal Neighbour ${bay.number}`);
        await eventually(() => mirrorOf(AppointmentID));
        await studio.patchEvent(before, { summary: "Staff lunch, moved" });
        const mine = await eventOf(id);
        await quiet();

        expect(await eventOf(id)).toEqual(mine);
        expect(await liveOf("Staff lunch, moved")).toEqual([]);
      });

      test("an event whose marker was removed is left alone and shown for review", async () => {
        const { id, start, event } = await booked(bay, `Ida Unmarked ${bay.number}`);

        await studio.patchEvent(event, {
          extendedProperties: { private: { uscheduleAppointmentId: null, loftSyncManaged: null, bay: null } },
        });
        const unmarked = await eventOf(event.id);

        await eventually(async () => expect(JSON.stringify(await studio.api("review-items"))).toContain(event.id));
        await studio.edit(id, { StartTime: plus(start, 60) });
        await quiet();
        expect(await eventOf(event.id)).toEqual(unmarked);
        expect(await eventsOf(id)).toEqual([]);
      });
    });

    test("S33 S15: a second identical delivery of a webhook makes no provider call", async () => {
      const { id, start } = await booked(BAYS[0], "Jo Twice");
      const body = {
        type: "appointment.updated",
        data: { AppointmentID: id, ResourceName: "Bay 1", StartTime: start, EndTime: plus(start, 60), StatusID: 1 },
      };
      const at = new Date();
      await quiet();
      await studio.forgetCalls();
      expect(await studio.webhook(`msg_twice_${id}`, body, at)).toBe(202);
      await eventually(async () => expect(await callsNotByTheClock()).not.toEqual([]));
      await quiet();
      await studio.forgetCalls();

      expect(await studio.webhook(`msg_twice_${id}`, body, at)).toBe(200);
      await quiet();

      expect(await callsNotByTheClock()).toEqual([]);
    });

    test("S55: one call explains a booking's last decision", async () => {
      const { id } = await booked(BAYS[1], "Kim Curious");

      expect(await studio.api(`explain/uschedule:${id}`)).toMatchObject({
        appointmentId: String(id),
        maps: [{ status: "active", lastDecision: { rule: "create-event" } }],
      });
    });

    test("the screen shows each change as a line, and never a guest's name", async () => {
      const { id } = await booked(BAYS[0], "Lea Secretive");

      await eventually(async () => expect(lockstep.screen()).toMatch(`bay-1  uschedule ${id} → gcal  created`));
      expect(lockstep.screen()).not.toContain("Secretive");
    });

    /** Calls that something caused: the scheduled jobs list, and renew watches, at any time. */
    async function callsNotByTheClock(): Promise<string[]> {
      return (await studio.calls()).filter((call) => !BY_THE_CLOCK.has(call));
    }

    async function eventsOf(id: number): Promise<Event[]> {
      return (await studio.events()).filter((event) => mirrored(event) === String(id));
    }

    async function eventOf(eventId: string): Promise<Event> {
      const event = (await studio.events()).find((each) => each.id === eventId);
      if (event === undefined) throw new Error(`There is no event ${eventId}.`);
      return event;
    }

    async function liveOf(customer: string) {
      return (await studio.appointments()).filter((row) => row.CustomerName === customer && row.StatusID === 1);
    }
  });
}
