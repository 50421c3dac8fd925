import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStudio, type Studio, stillAlarm } from "./harness.ts";
import { openReceiver, type Receiver } from "./receiver.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ORDER = { ServiceID: 1, ResourceUnitID: 101, StartTime: "2027-01-10T09:00:00", ServiceLength: 60 };

let studio: Studio;
let receiver: Receiver;
beforeEach(async () => {
  receiver = await openReceiver();
  studio = await openStudio({ alarm: stillAlarm, webhook: { url: receiver.url, secret: SECRET } });
});
afterEach(async () => {
  await studio.sandbox.close();
  await receiver.close();
});

function bodies() {
  return receiver.received.map(({ body }) => JSON.parse(body));
}

async function book(headers: Record<string, string> = {}, more: object = {}): Promise<number> {
  const { body } = await studio.uschedule("bookit", { ...ORDER, ...more }, headers);
  await studio.sandbox.tick();
  return body.Id;
}

async function staff(action: string, body: object, headers: Record<string, string> = {}) {
  const answer = await studio.call(`/sandbox/uschedule/${action}`, body, headers);
  await studio.sandbox.tick();
  return answer;
}

test("a booking sends a signed webhook that names the bay, local times and status", async () => {
  const id = await book();

  expect(bodies()).toEqual([
    {
      type: "appointment.created",
      timestamp: "2027-01-04T12:00:00.000Z",
      data: {
        AppointmentID: id,
        ResourceName: "Bay 1",
        StartTime: "2027-01-10T09:00:00",
        EndTime: "2027-01-10T10:00:00",
        StatusID: 1,
        CustomerName: "Lockstep",
      },
    },
  ]);
});

test("the signature is that of the Standard Webhooks library", async () => {
  const { sandbox } = studio;
  await book();
  const [got] = receiver.received;
  const id = String(got?.headers["webhook-id"]);
  const at = new Date(Number(got?.headers["webhook-timestamp"]) * 1000);

  expect(got?.headers["webhook-signature"]).toBe(new Webhook(SECRET).sign(id, at, got?.body ?? ""));
  expect(at.toISOString()).toBe("2027-01-04T12:00:00.000Z");
  expect((await studio.call("/sandbox/options")).body.webhook).toEqual({ url: receiver.url });
  expect(sandbox.log.deliveries()).toMatchObject([{ from: "uschedule", attempt: 1, status: 200 }]);
});

test("cancelling, editing and rescheduling tell what happened; a bay change names the new bay", async () => {
  const id = await book();
  await staff("edit", { AppointmentID: id, ResourceName: "Bay 2" });
  await staff("reschedule", { AppointmentID: id, StartTime: "2027-01-11T09:00:00" });
  await studio.uschedule("cancelappointment", { id: id + 1 });
  await studio.sandbox.tick();

  const told = bodies().map(({ type, data }) => [type, data.AppointmentID, data.StatusID, data.ResourceName]);
  expect(told).toEqual([
    ["appointment.created", id, 1, "Bay 1"],
    ["appointment.updated", id, 1, "Bay 2"],
    ["appointment.updated", id, 10, "Bay 2"],
    ["appointment.created", id + 1, 1, "Bay 2"],
    ["appointment.cancelled", id + 1, 9, "Bay 2"],
  ]);
});

test("a refused webhook is tried again under the same id, and given up after eight attempts", async () => {
  receiver.answer(...Array.from({ length: 20 }, () => 500));
  await book();
  for (let n = 0; n < 12; n++) {
    studio.clock.advance(300_000);
    await studio.sandbox.tick();
  }

  expect(receiver.received).toHaveLength(8);
  expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  expect(new Set(receiver.received.map(({ headers }) => headers["webhook-timestamp"])).size).toBe(8);
});

test.each([
  ["notify-lost", 0],
  ["notify-double", 2],
])("S31: %s delivers a webhook %i times", async (fault, times) => {
  await book({ "x-sandbox-fault": fault });
  expect(receiver.received).toHaveLength(times);
  expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBeLessThanOrEqual(1);
});

test("S31: webhooks can be late and out of order, also by rule and for staff actions", async () => {
  await studio.call("/sandbox/faults", { rules: [{ path: "/bookit", kinds: ["notify-delay=2000"], times: 1 }] });
  const id = await book();
  await staff("edit", { AppointmentID: id, CustomerName: "Tom Eccles" });
  await staff("edit", { AppointmentID: id, Notes: "x" }, { "x-sandbox-fault": "notify-lost" });
  studio.clock.advance(5000);
  await studio.sandbox.tick();

  expect(bodies().map(({ type }) => type)).toEqual(["appointment.updated", "appointment.created"]);
});

test("a held webhook leaves within five seconds", async () => {
  await book({ "x-sandbox-fault": "notify-reorder" });
  await book({}, { ResourceUnitID: 102 });
  studio.clock.advance(5000);
  await studio.sandbox.tick();

  expect(bodies().map(({ data }) => data.ResourceName)).toEqual(["Bay 2", "Bay 1"]);
});
