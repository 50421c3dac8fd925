import { afterEach, beforeEach, expect, test } from "vitest";
import { openStudio, type Studio } from "./harness.ts";

const ORDER = {
  LocationID: 1,
  ServiceID: 1,
  ResourceUnitID: 101,
  StartTime: "2027-01-10T09:00:00",
  ServiceLength: 60,
  Notes: "left-handed",
  PaymentType: "Venue",
};
const WEEK = { StartDate: "01/08/2027", EndDate: "01/15/2027" };

let studio: Studio;
beforeEach(async () => {
  studio = await openStudio();
});
afterEach(() => studio.sandbox.close());

test("a booking appears in the list with its notes as description and the logged-in user as customer", async () => {
  const booked = await studio.uschedule("bookit", ORDER);
  const listed = await studio.uschedule("getapiappointments", WEEK);

  expect(booked).toEqual({ status: 200, body: { Id: 410_001 } });
  expect(listed.body).toEqual([
    {
      AppointmentID: 410_001,
      ResourceName: "Bay 1",
      StartTime: "2027-01-10T09:00:00",
      EndTime: "2027-01-10T10:00:00",
      StatusID: 1,
      CustomerName: "Lockstep",
      Description: "left-handed",
    },
  ]);
});

test.each([
  [{}, 401],
  [{ "X-US-Application-Key": "app", "X-US-AuthToken": "nobody" }, 401],
])("a call with the headers %j is refused", async (headers, status) => {
  expect((await studio.call("/uschedule/api/loft/locations", undefined, headers)).status).toBe(status);
});

test("a login without a password is refused", async () => {
  const headers = { "X-US-Application-Key": "app" };
  const { status } = await studio.call("/uschedule/api/loft/validateuser", { UserName: "x" }, headers);
  expect(status).toBe(401);
});

test("a token expires where the option says so; logging in again helps", async () => {
  await studio.call("/sandbox/options", { tokenSeconds: 60 });
  expect((await studio.uschedule("services")).status).toBe(200);
  studio.clock.advance(61_000);
  expect((await studio.uschedule("services")).status).toBe(401);
});

test("the catalogue names location, services, employees, resources and resource units", async () => {
  const [locations, services, employees, resources, units] = await Promise.all(
    ["locations", "services", "employees", "resources", "resourceunits"].map((name) => studio.uschedule(name)),
  );
  expect(locations?.body).toEqual([{ Id: 1, Name: "Loft Golf Studios" }]);
  expect(services?.body).toMatchObject([{ Duration: 60 }, { Duration: 90 }]);
  expect(employees?.body).toHaveLength(1);
  expect(resources?.body).toMatchObject([{ Name: "Bay 1" }, { Name: "Bay 2" }]);
  expect(units?.body).toMatchObject([
    { Id: 101, Name: "Bay 1" },
    { Id: 102, Name: "Bay 2" },
  ]);
});

test("a taken slot is refused; the other bay and the following hour are free", async () => {
  await studio.uschedule("bookit", ORDER);

  const again = await studio.uschedule("bookit", { ...ORDER, StartTime: "2027-01-10T09:30:00" });
  const beside = await studio.uschedule("bookit", { ...ORDER, ResourceUnitID: 102 });
  const after = await studio.uschedule("bookit", { ...ORDER, StartTime: "01/10/2027 10:00 AM" });

  expect(again).toEqual({ status: 409, body: { Message: "The requested time is not available." } });
  expect([beside.status, after.status]).toEqual([200, 200]);
});

test("ids are taken as Id, id or AppointmentID, numbers or digits, and a bay by its name", async () => {
  const { ResourceUnitID: _, ...rest } = ORDER;
  const { body } = await studio.uschedule("bookit", { ...rest, ResourceName: "Bay 2" });

  for (const sent of [{ Id: body.Id }, { id: String(body.Id) }, { AppointmentID: body.Id }]) {
    expect((await studio.uschedule("getappointment", sent)).body.ResourceName).toBe("Bay 2");
  }
  expect((await studio.uschedule(`getappointment?id=${body.Id}`)).body.Notes).toBe("left-handed");
});

test("a cancelled booking stays in the list with status 9, frees its slot, and is not cancelled twice", async () => {
  const { body } = await studio.uschedule("bookit", ORDER);

  expect((await studio.uschedule("cancelappointment", { id: body.Id })).body).toEqual({ Id: body.Id });
  expect((await studio.uschedule("cancelappointment", { id: body.Id })).status).toBe(400);

  expect((await studio.uschedule("getapiappointments", WEEK)).body).toMatchObject([{ StatusID: 9 }]);
  expect((await studio.uschedule("bookit", ORDER)).status).toBe(200);
});

test("availability shows the free parts of a bay", async () => {
  await studio.uschedule("bookit", ORDER);

  const asked = { ResourceUnitID: 101, StartTime: "2027-01-10T08:00:00", EndTime: "2027-01-10T12:00:00" };
  const { body } = await studio.uschedule("getavailability", asked);

  expect(body).toEqual([
    { ResourceUnitID: 101, ResourceName: "Bay 1", StartTime: "2027-01-10T08:00:00", EndTime: "2027-01-10T09:00:00" },
    { ResourceUnitID: 101, ResourceName: "Bay 1", StartTime: "2027-01-10T10:00:00", EndTime: "2027-01-10T12:00:00" },
  ]);
});

test("there is no update, and no method of another name", async () => {
  expect((await studio.uschedule("updateappointment", { id: 1 })).status).toBe(404);
  expect((await studio.uschedule("getappointment", { id: 1 })).status).toBe(404);
});

test.each([
  [{ StartTime: "soon" }],
  [{ StartTime: "2027-02-30T09:00:00" }],
  [{ ServiceLength: -5 }],
  [{ ResourceUnitID: 999 }],
  [{ ServiceID: 9 }],
  [{ CustomerID: 9 }],
])("S41: a booking with %j is refused with a message", async (wrong) => {
  const { status, body } = await studio.uschedule("bookit", { ...ORDER, ...wrong });
  expect(status).toBe(400);
  expect(body.Message).toMatch(/\w/);
});

test("S39: a time with an offset is read as the studio's wall time", async () => {
  const { body } = await studio.uschedule("bookit", { ...ORDER, StartTime: "2027-01-10T14:00:00Z" });
  expect((await studio.uschedule("getappointment", body)).body.StartTime).toBe("2027-01-10T09:00:00");
});
