import { expect, test } from "vitest";
import { BAY_1, BAY_2, openRunningStudio } from "./studio.ts";

test("a booking appears on its bay's calendar with the three private properties", async () => {
  const studio = await openRunningStudio();

  const id = await studio.book(1, "2027-01-12T10:00:00");
  await studio.settle();

  const event = await studio.eventOf(BAY_1, id);
  expect(event.summary).toBe("Maya Lindqvist");
  expect(event.start.dateTime).toContain("2027-01-12T10:00:00");
  expect(event.extendedProperties?.private).toMatchObject({
    uscheduleAppointmentId: id,
    loftSyncManaged: "true",
    bay: "1",
  });
});

test("a moved booking moves the same event", async () => {
  const studio = await openRunningStudio();
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await studio.settle();
  const before = await studio.eventOf(BAY_1, id);

  await studio.staff("edit", { id, StartTime: "2027-01-12T14:00:00" });
  await studio.settle();

  const after = await studio.eventOf(BAY_1, id);
  expect(after.id).toBe(before.id);
  expect(after.start.dateTime).toContain("2027-01-12T14:00:00");
});

test("a cancelled booking's event goes", async () => {
  const studio = await openRunningStudio();
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await studio.settle();

  await studio.staff("cancel", { id });
  await studio.settle();

  expect(await studio.events(BAY_1)).toEqual([]);
});

test("a dragged event moves the appointment: new id, old one cancelled, one event", async () => {
  const studio = await openRunningStudio();
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await studio.settle();
  const event = await studio.eventOf(BAY_1, id);

  await studio.drag(BAY_1, event.id, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
  await studio.settle();

  const [now, ...others] = await studio.events(BAY_1);
  const newId = now?.extendedProperties?.private?.["uscheduleAppointmentId"] ?? "";
  expect(others).toEqual([]);
  expect(now?.id).toBe(event.id);
  expect(newId).not.toBe(id);
  expect(await studio.appointment(id)).toMatchObject({ StatusID: 9 });
  expect(await studio.appointment(newId)).toMatchObject({
    StatusID: 1,
    StartTime: "2027-01-13T15:00:00",
    CustomerName: "Maya Lindqvist",
  });
  expect((await studio.maps()).map(({ bookingId, status }) => [bookingId, status])).toEqual([[newId, "active"]]);
});

test("a deleted event cancels its appointment", async () => {
  const studio = await openRunningStudio();
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await studio.settle();
  const event = await studio.eventOf(BAY_1, id);

  await studio.deleteEvent(BAY_1, event.id);
  await studio.settle();

  expect(await studio.appointment(id)).toMatchObject({ StatusID: 9 });
});

test("a booking that changes bays moves to the other calendar", async () => {
  const studio = await openRunningStudio();
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await studio.settle();

  await studio.staff("edit", { id, ResourceName: "Bay 2" });
  await studio.settle();

  expect(await studio.events(BAY_1)).toEqual([]);
  expect((await studio.eventOf(BAY_2, id)).extendedProperties?.private).toMatchObject({ bay: "2" });
  expect(await studio.appointment(id)).toMatchObject({ StatusID: 1 });
});
