import { describe, expect, test } from "vitest";
import { approveHold, rejectHold, undoHold } from "../../shared/flows/holds.ts";
import { BAY_1, openStudio, type Studio, WS } from "../flows/studio.ts";
import {
  attemptsSince,
  bookUntold,
  expectStill,
  letPass,
  liveEvents,
  namedBy,
  openAlerts,
  type StoredEvent,
  storedEvents,
  writesSince,
} from "./scene.ts";
import { onCalendar } from "./sides.ts";

const ACTOR = "operator@loft";
const ZONE = { timeZone: "Europe/London" };

interface Found {
  readonly studio: Studio;
  /** Bookings whose event is there: typed in by hand, and marked by an earlier installation. */
  readonly typed: string;
  readonly marked: string;
  /** Bookings whose event is not, or not for certain. */
  readonly missing: string;
  readonly ambiguous: string;
  readonly typedEvent: string;
  readonly markedEvent: string;
}

function hour(start: string): { start: object; end: object } {
  const end = start.replace(/T(\d\d)/, (_, hours: string) => `T${String(Number(hours) + 1).padStart(2, "0")}`);
  return { start: { dateTime: start, ...ZONE }, end: { dateTime: end, ...ZONE } };
}

async function typeIn(studio: Studio, event: Record<string, unknown>): Promise<string> {
  return String((await onCalendar(studio, "POST", BAY_1, "", event))["id"]);
}

/** Bookings and a calendar that lived side by side before Lockstep came; nothing is connected yet. */
async function openFound(): Promise<Found> {
  const studio = await openStudio();
  const bay = { ResourceName: "Bay 1", ServiceLength: 60 };
  const book = (StartTime: string, CustomerName: string) => bookUntold(studio, { ...bay, StartTime, CustomerName });
  const typed = await book("2027-01-12T10:00:00", "Maya Lindqvist");
  const marked = await book("2027-01-12T12:00:00", "Tom Eccles");
  const missing = await book("2027-01-12T14:00:00", "Priya Raman");
  const ambiguous = await book("2027-01-12T16:00:00", "Sam Okafor");
  const typedEvent = await typeIn(studio, {
    ...hour("2027-01-12T10:00:00"),
    summary: "Maya, phoned",
    colorId: "5",
    attendees: [{ email: "coach@loft.example" }],
  });
  const markedEvent = await typeIn(studio, {
    ...hour("2027-01-12T11:30:00"),
    summary: "Tom Eccles",
    extendedProperties: { private: { loftSyncManaged: "true", uscheduleAppointmentId: marked } },
  });
  await typeIn(studio, { ...hour("2027-01-12T16:00:00"), summary: "Sam Okafor" });
  await typeIn(studio, { ...hour("2027-01-12T16:00:00"), summary: "Projector check" });
  await typeIn(studio, { ...hour("2027-01-13T09:00:00"), summary: "Priya Raman" });
  await typeIn(studio, { start: { date: "2027-01-12" }, end: { date: "2027-01-13" }, summary: "Stocktaking" });
  const weekly = { recurrence: ["RRULE:FREQ=WEEKLY;COUNT=8"], summary: "Team meeting" };
  await typeIn(studio, { ...hour("2027-01-12T14:00:00"), ...weekly });
  studio.providerCalls();
  return { studio, typed, marked, missing, ambiguous, typedEvent, markedEvent };
}

/** Everything but the named events, to the byte: etag, sequence and times of change included. */
async function othersThan(studio: Studio, ids: readonly string[]): Promise<string> {
  const others = (await storedEvents(studio, BAY_1)).filter(
    ({ id }) => !ids.includes(id) && !id.startsWith("lockstep"),
  );
  return JSON.stringify(others);
}

async function adoptionHold(studio: Studio) {
  const [hold, ...others] = await studio.holds();
  if (hold === undefined || others.length > 0) throw new Error(`${others.length + 1} holds, 1 expected`);
  return hold;
}

async function stored(studio: Studio, eventId: string): Promise<StoredEvent | undefined> {
  return (await storedEvents(studio, BAY_1)).find(({ id }) => id === eventId);
}

describe("S14: a calendar that already holds twins is connected", () => {
  test("S14: the twins are shown for adoption; nothing there is touched and no second event is made beside them", async () => {
    const found = await openFound();
    const { studio, typed, marked, missing, ambiguous } = found;
    const before = await othersThan(studio, []);

    await studio.turnSchedulers();
    await letPass(studio, 10, 3);
    await studio.staff("edit", { id: typed, Notes: "two guests" });
    await studio.settle();

    const hold = await adoptionHold(studio);
    expect(hold).toMatchObject({ kind: "adoption", scope: `calendar:${BAY_1}`, status: "open", foreign: 5 });
    expect(hold.items.map((item) => [item.bookingId, item.eventId, item.would, item.reason])).toEqual([
      [typed, found.typedEvent, "adopt-event", "same time"],
      [marked, found.markedEvent, "adopt-event", "carries its marker"],
    ]);
    expect((await openAlerts(studio)).map(({ kind, subject }) => [kind, subject])).toEqual([["adoption", BAY_1]]);
    expect(await othersThan(studio, [])).toBe(before);
    expect(attemptsSince(studio)).toEqual(["events.insert 200", "events.insert 200"]);
    const made = (await liveEvents(studio)).filter(({ id }) => id.startsWith("lockstep")).map(namedBy);
    expect(made.toSorted()).toEqual([missing, ambiguous].toSorted());
    await expectStill(studio);
  });

  test("S14: approved, the twins become theirs in place, and the rest stays as it is, to the byte", async () => {
    const { studio, typed, marked, typedEvent, markedEvent } = await openFound();
    const before = await othersThan(studio, [typedEvent, markedEvent]);
    await studio.turnSchedulers();
    studio.providerCalls();

    await approveHold(studio.world, WS, (await adoptionHold(studio)).id, ACTOR);
    await studio.settle();
    await letPass(studio, 10, 3);

    expect(attemptsSince(studio)).toEqual(["events.patch 200", "events.patch 200"]);
    expect(await othersThan(studio, [typedEvent, markedEvent])).toBe(before);
    expect(await studio.eventOf(BAY_1, typed)).toMatchObject({ id: typedEvent, summary: "Maya Lindqvist" });
    expect(await stored(studio, typedEvent)).toMatchObject({
      colorId: "5",
      attendees: [{ email: "coach@loft.example" }],
    });
    const moved = await studio.eventOf(BAY_1, marked);
    expect(moved.id).toBe(markedEvent);
    expect(moved.start.dateTime).toContain("2027-01-12T12:00:00");
    expect(await openAlerts(studio)).toEqual([]);
    await expectStill(studio);
  });

  test("S14: adopted events follow their bookings, and their bookings follow them", async () => {
    const { studio, typed, marked, typedEvent, markedEvent } = await openFound();
    await studio.turnSchedulers();
    await approveHold(studio.world, WS, (await adoptionHold(studio)).id, ACTOR);
    await studio.settle();

    await studio.drag(BAY_1, typedEvent, "2027-01-14T10:00:00", "2027-01-14T11:00:00");
    await studio.deleteEvent(BAY_1, markedEvent);
    await letPass(studio, 10);

    const live = (await studio.appointments()).filter((row) => row["StatusID"] === 1);
    expect(live.map((row) => [row["CustomerName"], row["StartTime"]])).toContainEqual([
      "Maya Lindqvist",
      "2027-01-14T10:00:00",
    ]);
    expect(await studio.appointment(typed)).toMatchObject({ StatusID: 9 });
    expect(await studio.appointment(marked)).toMatchObject({ StatusID: 9 });
    expect((await stored(studio, typedEvent))?.status).toBe("confirmed");
    await expectStill(studio);
  });

  test("S14: rejected, the bookings get events of their own and the twins stay as they are, to the byte", async () => {
    const { studio, typed, marked, typedEvent, markedEvent } = await openFound();
    const before = await othersThan(studio, []);
    await studio.turnSchedulers();
    studio.providerCalls();

    await rejectHold(studio.world, WS, (await adoptionHold(studio)).id, ACTOR);
    await studio.settle();
    await letPass(studio, 10, 3);

    expect(attemptsSince(studio)).toEqual(["events.insert 200", "events.insert 200"]);
    expect(await othersThan(studio, [])).toBe(before);
    const own = (await liveEvents(studio)).filter(({ id }) => id.startsWith("lockstep"));
    expect(own.map(namedBy)).toEqual(expect.arrayContaining([typed, marked]));
    expect(own).toHaveLength(4);
    expect(own.map(({ id }) => id)).not.toContain(typedEvent);
    expect((await stored(studio, markedEvent))?.status).toBe("confirmed");
    expect(await openAlerts(studio)).toEqual([]);
    await expectStill(studio);
  });

  test("S14: whatever people do to foreign events later is none of our business", async () => {
    const { studio, typedEvent, markedEvent } = await openFound();
    await studio.turnSchedulers();
    await approveHold(studio.world, WS, (await adoptionHold(studio)).id, ACTOR);
    await studio.settle();
    await letPass(studio, 10);
    const appointments = await studio.appointments();
    const foreign = (await storedEvents(studio, BAY_1)).filter(
      ({ id }) => !id.startsWith("lockstep") && id !== typedEvent && id !== markedEvent,
    );

    for (const [index, { id }] of foreign.entries()) {
      if (index % 2 === 0) await studio.deleteEvent(BAY_1, id);
      else await onCalendar(studio, "PATCH", BAY_1, `/${id}`, { summary: "changed", colorId: "3" });
    }
    studio.providerCalls();
    await studio.settle();
    await letPass(studio, 10, 3);

    expect(foreign).toHaveLength(5);
    expect(attemptsSince(studio)).toEqual([]);
    expect(await studio.appointments()).toEqual(appointments);
    expect(await studio.reviews()).toEqual([]);
    await expectStill(studio);
  });

  test("S14: also where a webhook is the first thing that ever happens", async () => {
    const { studio, typed, typedEvent } = await openFound();
    const before = await othersThan(studio, []);

    await studio.staff("edit", { id: typed, Notes: "two guests" });
    await studio.settle();

    expect(writesSince(studio)).toEqual([]);
    expect(await othersThan(studio, [])).toBe(before);
    expect((await adoptionHold(studio)).items.map(({ eventId }) => eventId)).toContain(typedEvent);
  });

  test("S14: a twin that its people delete before the approval is not adopted; its booking gets an event", async () => {
    const { studio, typed, typedEvent } = await openFound();
    await studio.turnSchedulers();
    await studio.deleteEvent(BAY_1, typedEvent);
    await studio.settle();
    studio.providerCalls();

    await approveHold(studio.world, WS, (await adoptionHold(studio)).id, ACTOR);
    await studio.settle();

    expect(attemptsSince(studio).toSorted()).toEqual(["events.insert 200", "events.patch 200"]);
    expect((await studio.eventOf(BAY_1, typed)).id).not.toBe(typedEvent);
    expect(await studio.appointment(typed)).toMatchObject({ StatusID: 1 });
    await expectStill(studio);
  });

  test("S14: an adoption is decided once and not undone", async () => {
    const { studio } = await openFound();
    await studio.turnSchedulers();
    const { id } = await adoptionHold(studio);
    const refused = { code: "INVALID_STATE" };

    await rejectHold(studio.world, WS, id, ACTOR);

    await expect(approveHold(studio.world, WS, id, ACTOR)).rejects.toMatchObject(refused);
    await expect(undoHold(studio.world, WS, id, ACTOR)).rejects.toMatchObject(refused);
  });
});
