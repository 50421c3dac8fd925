import { expect, test } from "vitest";
import { Config } from "../../shared/config.ts";
import { buildWorld } from "../../shared/edge/build-world.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { BAY_1, BAY_2, openRunningStudio, type Studio } from "../flows/studio.ts";
import { pass, work } from "./clockwork.ts";
import type { Scene } from "./every-step.ts";
import { alertsOf, bookedLines, expectCalm, expectTimes, shownLines } from "./sides.ts";
import { openWire, type WireCall } from "./wire.ts";

async function open(): Promise<Scene> {
  const wire = openWire();
  const studio = await openRunningStudio({ fetch: wire.fetch, stores: wire.stores });
  wire.calls();
  return { studio, wire };
}

const isGoogle = ({ path }: WireCall) => path.startsWith("/google/");
const isUschedule = ({ path }: WireCall) => path.startsWith("/uschedule/");

async function fault(studio: Studio, rule: Record<string, unknown>): Promise<void> {
  await studio.call("POST", "/sandbox/faults", { rules: [rule] });
}

for (const { name, kind } of [
  { name: "429 with Retry-After", kind: "status=429;retry-after=600" },
  { name: "503 with Retry-After", kind: "status=503;retry-after=600" },
  { name: "403 rateLimitExceeded with Retry-After", kind: "status=403;reason=rateLimitExceeded;retry-after=600" },
]) {
  test(`S44: Google's ${name} is honoured for every call of that account, and nothing is lost`, async () => {
    const { studio, wire } = await open();
    await fault(studio, { api: "google", method: "POST", path: "/events", kinds: [kind], times: 1 });

    const asked = studio.clock.now();
    await studio.book(1, "2027-01-12T10:00:00");
    await studio.book(1, "2027-01-12T12:00:00");
    await studio.book(2, "2027-01-12T10:00:00");
    await work(studio, wire);
    expect(wire.calls().filter(isGoogle)).toHaveLength(1);
    await pass(studio, 9, wire);
    expect(wire.calls().filter(isGoogle)).toEqual([]);

    await pass(studio, 11, wire);
    expect(Date.parse(studio.clock.now()) - Date.parse(asked)).toBeGreaterThanOrEqual(600_000);
    await expectTimes(studio, [
      "bay 1 2027-01-12T10:00:00 2027-01-12T11:00:00",
      "bay 1 2027-01-12T12:00:00 2027-01-12T13:00:00",
      "bay 2 2027-01-12T10:00:00 2027-01-12T11:00:00",
    ]);
    expect(await alertsOf(studio)).toEqual([]);
    await expectCalm(studio, wire);
  });
}

test("S44: a short Retry-After is waited out within the turn", async () => {
  const { studio, wire } = await open();
  await fault(studio, {
    api: "google",
    method: "POST",
    path: "/events",
    kinds: ["status=503;retry-after=5"],
    times: 1,
  });
  const before = Date.parse(studio.clock.now());

  await studio.book(1, "2027-01-12T10:00:00");
  await work(studio, wire);

  expect(Date.parse(studio.clock.now()) - before).toBeGreaterThanOrEqual(5_000);
  expect(wire.writes()).toEqual(["events.insert"]);
  expect((await studio.maps()).map(({ status, attempts }) => [status, attempts])).toEqual([["active", 0]]);
});

test("S44: 403 rateLimitExceeded without a time is tried again with growing pauses, never taken for a refusal", async () => {
  const { studio, wire } = await open();
  await fault(studio, { api: "google", method: "POST", path: "/events", kinds: ["rate-limit"], times: 8 });

  await studio.book(1, "2027-01-12T10:00:00");
  await pass(studio, 30, wire);

  expect(studio.logs.map(({ message }) => message)).toContain("item parked");
  await expectTimes(studio, ["bay 1 2027-01-12T10:00:00 2027-01-12T11:00:00"]);
  expect((await studio.maps()).map(({ refusals }) => refusals)).toEqual([undefined]);
  await expectCalm(studio, wire);
});

test("S44: USchedule's 429 in the middle of a move is honoured, and the move is made once", async () => {
  const { studio, wire } = await open();
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await work(studio, wire);
  wire.calls();
  await fault(studio, { api: "uschedule", path: "bookit", kinds: ["status=429;retry-after=300"], times: 1 });

  await studio.drag(BAY_1, (await studio.eventOf(BAY_1, id)).id, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
  await work(studio, wire);
  wire.calls();
  await pass(studio, 4, wire);
  expect(wire.calls().filter(isUschedule)).toEqual([]);

  await pass(studio, 16, wire);
  await expectTimes(studio, ["bay 1 2027-01-13T15:00:00 2027-01-13T16:00:00"]);
  expect(await studio.appointments()).toHaveLength(2);
  await expectCalm(studio, wire);
});

test("S44: a burst over Google's quota loses nothing", async () => {
  const { studio, wire } = await open();
  await studio.call("POST", "/sandbox/options", { quotaPerMinute: 15 });
  for (let index = 0; index < 24; index++) {
    const hour = String(8 + (index % 12)).padStart(2, "0");
    await studio.book(index < 12 ? 1 : 2, `2027-01-12T${hour}:00:00`);
  }

  await pass(studio, 60, wire);

  await studio.call("POST", "/sandbox/options", { quotaPerMinute: null });
  expect(await shownLines(studio)).toHaveLength(24);
  expect(await shownLines(studio)).toEqual(await bookedLines(studio));
  await pass(studio, 20, wire);
  expect((await studio.maps()).every(({ status }) => status === "active")).toBe(true);
  await expectCalm(studio, wire);
});

/** Two customers on one installation: `loft` has bay 1, `annex` bay 2, each with accounts of its own. */
async function openTenants(): Promise<Scene> {
  const { studio, wire } = await open();
  const tenant = (bay: string, calendar: string) => ({
    sources: { uschedule: { provider: "uschedule" } },
    calendars: { google: { provider: "google-calendar" } },
    resources: { room: { source: "uschedule", sourceName: bay, calendar, timeZone: "Europe/London" } },
  });
  const config = Config.parse({ workspaces: { loft: tenant("Bay 1", BAY_1), annex: tenant("Bay 2", BAY_2) } });
  const { clock, newId, log, publisher, secrets, publicUrl } = studio.world;
  const environment = { GOOGLE_API_ROOT: "http://sandbox/google", USCHEDULE_API_ROOT: "http://sandbox/uschedule" };
  const world = buildWorld({
    ...{ config, clock, newId, log, publisher, secrets, publicUrl, environment, providers: PROVIDERS },
    stores: openWire().stores,
    fetch: wire.fetch(studio.sandbox.fetch),
  });
  const tenants = { ...studio, world };
  await pass(tenants, 10, wire);
  return { studio: tenants, wire };
}

test("S44: while one customer's account is asked to pause, another's bookings are carried at once", async () => {
  const { studio, wire } = await openTenants();
  const lift = wire.answer(
    ({ path }) => path.includes(encodeURIComponent(BAY_1)),
    () => new Response("{}", { status: 429, headers: { "retry-after": "900" } }),
  );
  const untold = { "x-sandbox-fault": "notify-lost" };
  for (const hour of [9, 10, 11, 12, 13]) {
    for (const bay of ["Bay 1", "Bay 2"]) {
      const order = { ResourceName: bay, StartTime: `2027-01-12T${String(hour).padStart(2, "0")}:00:00` };
      const more = { ServiceLength: 60, CustomerName: "Maya Lindqvist" };
      await studio.call("POST", "/sandbox/uschedule/book", { ...order, ...more }, untold);
    }
  }
  const before = Date.parse(studio.clock.now());

  await pass(studio, 2, wire);

  expect(Date.parse(studio.clock.now()) - before).toBeLessThan(180_000);
  expect(await studio.events(BAY_2)).toHaveLength(5);
  expect(await studio.events(BAY_1)).toHaveLength(0);
  lift();
  await pass(studio, 30, wire);
  expect(await studio.events(BAY_1)).toHaveLength(5);
});
