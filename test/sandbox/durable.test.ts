import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../shared/ports/clock.ts";
import { BAY_1, googleClient, NINE, openStudio, stillAlarm } from "./harness.ts";
import { openReceiver } from "./receiver.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "sandbox-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

/** The sandbox as its own process, and where it listens. */
async function spawnSandbox(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn("node", ["scripts/sandbox/main.ts", "--port", "0", "--data", dataDir], { stdio: "pipe" });
  for await (const chunk of child.stdout ?? []) {
    const url = /http:\/\/[\d.:]+/.exec(String(chunk))?.[0];
    if (url !== undefined) return { child, url };
  }
  throw new Error("the sandbox did not start");
}

test("kill -9 loses nothing that was answered: events, tombstones, sync tokens, channels, appointments", async () => {
  const receiver = await openReceiver();
  await receiver.close(); // nobody listens: pushes stay pending
  const { child, url } = await spawnSandbox();
  const google = googleClient(url);
  const channel = { id: "c-1", type: "web_hook", address: receiver.url };
  await google.events.watch({ calendarId: BAY_1, requestBody: channel });
  const first = await google.events.list({ calendarId: BAY_1 });
  for (const id of ["event1", "event2"])
    await google.events.insert({ calendarId: BAY_1, requestBody: { id, ...NINE } });
  await google.events.delete({ calendarId: BAY_1, eventId: "event2" });

  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  const again = await openStudio({ dataDir, alarm: stillAlarm, clock: systemClock });

  const syncToken = first.data.nextSyncToken ?? "";
  const changes = await again.google.events.list({ calendarId: BAY_1, syncToken });
  expect(changes.data.items).toMatchObject([{ id: "event1" }, { id: "event2", status: "cancelled" }]);
  const { body } = await again.call("/sandbox/state");
  expect(body).toMatchObject({ google: { channels: [{ id: "c-1" }] }, uschedule: { appointments: expect.any(Array) } });
  expect(body.pendingNotices).toBeGreaterThanOrEqual(3);
  await again.sandbox.close();
});

test("a second process on the same folder is refused; a closed one lets go of it", async () => {
  const first = await openStudio({ dataDir });
  await expect(openStudio({ dataDir })).rejects.toThrow(/Stop the other sandbox/);
  await first.sandbox.close();

  const second = await openStudio({ dataDir });
  await second.sandbox.close();
});

test("a refused call leaves no trace, on disk or in memory", async () => {
  const studio = await openStudio({ dataDir });
  const before = (await studio.call("/sandbox/state")).body;
  const headers = { authorization: "Bearer x" };
  const body = { id: "event1", start: NINE.end, end: NINE.start };
  await studio.call(`/google/calendar/v3/calendars/${BAY_1}/events`, body, headers);

  expect((await studio.call("/sandbox/state")).body).toEqual(before);
  await studio.sandbox.close();
});
