import { afterEach, beforeEach, expect, test } from "vitest";
import { openStudio, type Studio } from "./harness.ts";

const ORDER = { ServiceID: 1, ResourceUnitID: 101, StartTime: "2027-01-10T09:00:00", ServiceLength: 60 };
const WEEK = { StartDate: "01/08/2027", EndDate: "01/15/2027" };

let studio: Studio;
let id: number;
beforeEach(async () => {
  studio = await openStudio();
  id = (await studio.uschedule("bookit", ORDER)).body.Id;
});
afterEach(() => studio.sandbox.close());

function staff(action: string, body: object) {
  return studio.call(`/sandbox/uschedule/${action}`, body);
}

async function read(of = id) {
  return (await studio.uschedule("getappointment", { id: of })).body;
}

test("an edited appointment keeps its id, and its length where only the start is given", async () => {
  await staff("edit", { AppointmentID: id, StartTime: "2027-01-10T11:00:00", ResourceName: "Bay 2", CustomerID: 502 });

  expect(await read()).toMatchObject({
    AppointmentID: id,
    ResourceName: "Bay 2",
    StartTime: "2027-01-10T11:00:00",
    EndTime: "2027-01-10T12:00:00",
    CustomerName: "Tom Eccles",
    StatusID: 1,
  });
});

test("staff do not overbook unless they force it", async () => {
  await studio.uschedule("bookit", { ...ORDER, StartTime: "2027-01-10T11:00:00" });
  const over = { AppointmentID: id, StartTime: "2027-01-10T10:30:00" };

  expect((await staff("edit", over)).status).toBe(409);
  expect((await staff("edit", { ...over, force: true })).status).toBe(200);
});

test("S07: a rescheduled appointment is status 10 and lives on under a new id", async () => {
  const { body } = await staff("reschedule", { AppointmentID: id, StartTime: "2027-01-11T09:00:00" });

  expect(body.Id).toBe(id + 1);
  expect((await studio.uschedule("getapiappointments", WEEK)).body).toMatchObject([
    { AppointmentID: id, StatusID: 10, StartTime: "2027-01-10T09:00:00" },
    { AppointmentID: id + 1, StatusID: 1, StartTime: "2027-01-11T09:00:00" },
  ]);
});

test("S06: a cancelled appointment is re-enabled under its id, unless its slot was given away", async () => {
  await staff("cancel", { AppointmentID: id });
  await staff("reenable", { AppointmentID: id });
  expect((await read()).StatusID).toBe(1);

  await staff("cancel", { AppointmentID: id });
  await studio.uschedule("bookit", ORDER);
  expect((await staff("reenable", { AppointmentID: id })).status).toBe(409);
});

test("a removed row is gone from every answer", async () => {
  await staff("remove", { AppointmentID: id });
  expect((await studio.uschedule("getapiappointments", WEEK)).body).toEqual([]);
  expect((await studio.uschedule("getappointment", { id })).status).toBe(404);
});

test("S11: cancelled rows read status 0, identical to live ones but for their slot", async () => {
  await studio.call("/sandbox/options", { unclearStatus: true });
  expect((await read()).StatusID).toBe(0);
  await staff("cancel", { AppointmentID: id });

  const row = await read();
  expect(row.StatusID).toBe(0);
  const asked = { ResourceUnitID: 101, StartTime: row.StartTime, EndTime: row.EndTime };
  expect((await studio.uschedule("getavailability", asked)).body).toHaveLength(1);
});

test("S12: an unpaid checkout holds its slot for 15 minutes, then frees it while its record stays", async () => {
  const order = { ...ORDER, StartTime: "2027-01-10T14:00:00" };
  const { body } = await studio.uschedule("bookit", order, { "x-sandbox-fault": "phantom" });

  expect((await read(body.Id)).StatusID).toBe(0);
  expect((await studio.uschedule("bookit", order)).status).toBe(409);
  studio.clock.advance(15 * 60_000);
  expect((await studio.uschedule("bookit", order)).status).toBe(200);
  expect((await read(body.Id)).StatusID).toBe(0);
});

test("S12: a checkout that is paid becomes a booking", async () => {
  const { body } = await staff("checkout", {
    ...ORDER,
    StartTime: "2027-01-10T14:00:00",
    CustomerName: "Maya Lindqvist",
  });
  expect((await read(body.Id)).StatusID).toBe(0);
  await staff("pay", { AppointmentID: body.Id });
  expect((await read(body.Id)).StatusID).toBe(1);
  expect((await staff("pay", { AppointmentID: body.Id })).status).toBe(409);
});

test("the clock of the sandbox goes forward on request", async () => {
  await studio.call("/sandbox/options", { tokenSeconds: 60 });
  const { body } = await studio.call("/sandbox/clock", { advanceSeconds: 61 });
  expect(body).toEqual({ now: "2027-01-04T12:01:01.000Z", aheadMs: 61_000 });
  expect((await studio.uschedule("services")).status).toBe(401);
  expect((await studio.call("/sandbox/clock", { to: "2027-01-01T00:00:00Z" })).status).toBe(400);
});

test.each([
  ["slots", { StartTime: "2027-01-10T08:00:00", EndTime: "2027-01-10T09:00:00" }],
  ["starts", { StartTime: "2027-01-10T08:00:00" }],
])("availability can be shown as %s on the half hour", async (availability, first) => {
  await studio.call("/sandbox/options", { availability });
  const asked = { ResourceUnitID: 101, StartTime: "2027-01-10T08:00:00", EndTime: "2027-01-10T11:30:00" };
  const { body } = await studio.uschedule("getavailability", { ...asked, ServiceLength: 60 });
  const rest = { ResourceUnitID: 101, ResourceName: "Bay 1" };
  expect(body).toHaveLength(3);
  expect(body).toMatchObject([
    { ...rest, ...first },
    { StartTime: "2027-01-10T10:00:00" },
    { StartTime: "2027-01-10T10:30:00" },
  ]);
});
