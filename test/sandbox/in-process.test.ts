import { expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../../scripts/sandbox/sandbox.ts";
import { seedDemo, seedStudio } from "../../scripts/sandbox/seed-demo.ts";
import { BAY_1, countedIds, handClock, stillAlarm } from "./harness.ts";

const ANY = { headers: { authorization: "Bearer x" } };
const EVENTS = `https://calendar.test/google/calendar/v3/calendars/${BAY_1}/events`;

function open(send?: typeof fetch): Sandbox {
  const parts = { clock: handClock(), newId: countedIds(), alarm: stillAlarm };
  return createSandbox(send === undefined ? parts : { ...parts, send });
}

async function state(sandbox: Sandbox) {
  const response = await sandbox.fetch("http://x/sandbox/state");
  const { google, uschedule } = JSON.parse(await response.text());
  return { calendars: google.calendars, appointments: uschedule.appointments };
}

test("the demo has about a dozen bookings that do not overlap, and one unmanaged event on each of the studio's calendars", async () => {
  const sandbox = open();
  seedDemo(sandbox);
  const { calendars, appointments } = await state(sandbox);

  expect(appointments).toHaveLength(12);
  for (const { StatusID, StartTime, ResourceName } of appointments) {
    expect(StatusID).toBe(1);
    expect(["Bay 1", "Bay 2"]).toContain(ResourceName);
    expect(StartTime > "2027-01-05").toBe(true);
  }
  expect(calendars.map(({ id, events }: { id: string; events: unknown[] }) => [id, events.length])).toEqual([
    ["loft-bay-1@sandbox", 1],
    ["loft-bay-2@sandbox", 1],
    ["staff@sandbox", 1],
    ["lets-cottage@sandbox", 0],
    ["lets-mill@sandbox", 0],
    ["camp-beech@sandbox", 0],
    ["camp-oak@sandbox", 0],
    ["camp-lodge@sandbox", 0],
  ]);
  sandbox.close();
});

test("demo data are put once; what is there stays", async () => {
  const sandbox = open();
  seedDemo(sandbox);
  await sandbox.fetch("http://x/sandbox/uschedule/remove", { method: "POST", body: '{"AppointmentID":410001}' });
  seedDemo(sandbox);
  expect((await state(sandbox)).appointments).toHaveLength(11);

  await sandbox.fetch("http://x/sandbox/reset", { method: "POST", body: '{"demo":true}' });
  expect((await state(sandbox)).appointments).toHaveLength(12);
  await sandbox.fetch("http://x/sandbox/reset", { method: "POST" });
  expect((await state(sandbox)).calendars).toEqual([]);
  sandbox.close();
});

test("the same clock, ids and calls give the same answers", async () => {
  const run = async () => {
    const sandbox = open();
    seedDemo(sandbox);
    const text = await (await sandbox.fetch(EVENTS, ANY)).text();
    sandbox.close();
    return text;
  };
  expect(await run()).toBe(await run());
});

test("fetch without a port: closed and cut connections fail as they do on a wire", async () => {
  const sandbox = open();
  seedStudio(sandbox);
  const faulty = (fault: string) => sandbox.fetch(EVENTS, { headers: { ...ANY.headers, "x-sandbox-fault": fault } });

  expect((await sandbox.fetch(EVENTS, ANY)).status).toBe(200);
  await expect(faulty("timeout-after")).rejects.toThrow("fetch failed");
  const cut = await faulty("cut");
  await expect(cut.text()).rejects.toThrow();
  const waiting = sandbox.fetch(EVENTS, {
    signal: AbortSignal.timeout(20),
    headers: { ...ANY.headers, "x-sandbox-fault": "delay-after=9" },
  });
  await expect(waiting).rejects.toThrow();
  sandbox.close();
});

test("notifications leave through the transport given, when told to", async () => {
  const heard: string[] = [];
  const sandbox = open(async (input, init) => {
    heard.push(`${input} ${new Headers(init?.headers).get("x-goog-resource-state")}`);
    return new Response(null, { status: 204 });
  });
  seedStudio(sandbox);
  const body = JSON.stringify({ id: "c-1", type: "web_hook", address: "https://lockstep.test/gcal-push" });
  await sandbox.fetch(`${EVENTS}/watch`, { ...ANY, method: "POST", body });

  expect(heard).toEqual([]);
  await sandbox.tick();
  expect(heard).toEqual(["https://lockstep.test/gcal-push sync"]);
  sandbox.close();
});
