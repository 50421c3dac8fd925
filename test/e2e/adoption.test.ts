import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { createSandbox } from "../../scripts/sandbox/sandbox.ts";
import { seedStudio } from "../../scripts/sandbox/seed-demo.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { type LockstepProcess, removeFolder, startLockstep, tempFolder } from "./lockstep-process.ts";
import { BAYS, localTime, mirrored, openStudio, plus, startOf } from "./studio.ts";

describe("first connection to a calendar that is not empty", () => {
  let lockstep: LockstepProcess | undefined;

  afterAll(async () => {
    await lockstep?.kill();
    if (lockstep !== undefined) removeFolder(lockstep.data);
  });

  test("S14: twins are previewed and adopted on approval, foreign events stay as they are", async () => {
    const data = tempFolder();
    const start = localTime(21, 9);
    await prepareCalendar(data, start);
    lockstep = await startLockstep({ data });
    const studio = openStudio(lockstep);
    const titles = async () => (await studio.events(BAYS[0].calendar)).map((event) => event.summary).sort();

    const hold = await vi.waitFor(async () => {
      const { items } = (await studio.api("holds")) as { items: { id: string; scope: string; items: unknown[] }[] };
      const adoption = items.find(({ scope }) => scope === `calendar:${BAYS[0].calendar}`);
      expect(adoption?.items).toHaveLength(1);
      return adoption;
    }, 15_000);
    const before = await studio.events(BAYS[0].calendar);
    expect(before.filter((event) => startOf(event) === start).map(mirrored)).toEqual([undefined]);

    await studio.api(`holds/${encodeURIComponent(hold?.id ?? "")}/approve`, { method: "POST" });

    await vi.waitFor(async () => {
      const there = (await studio.events(BAYS[0].calendar)).filter((event) => startOf(event) === start);
      expect(there).toHaveLength(1);
      expect(mirrored(there[0] as (typeof there)[number])).toMatch(/^\d+$/);
    }, 15_000);
    expect(await titles()).toContain("Simulator maintenance, by hand");
    const foreign = (events: typeof before) =>
      events.find((event) => event.summary === "Simulator maintenance, by hand");
    expect(foreign(await studio.events(BAYS[0].calendar))).toEqual(foreign(before));
  });
});

/** The studio as it was before Lockstep: one booking with an event somebody typed, and one other event. */
async function prepareCalendar(data: string, start: string): Promise<void> {
  const sandbox = createSandbox({
    clock: systemClock,
    newId: () => crypto.randomUUID().replaceAll("-", ""),
    dataDir: join(data, "sandbox"),
  });
  seedStudio(sandbox);
  sandbox.arrange(({ world }) => world.setOptions({ ...world.options(), timeZone: "Europe/London" }));
  const post = async (path: string, body: object) => {
    const answer = await sandbox.fetch(`http://sandbox${path}`, {
      method: "POST",
      headers: { authorization: "Bearer staff", "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBeLessThan(300);
  };
  const event = (summary: string, from: string) => ({
    summary,
    start: { dateTime: from, timeZone: "Europe/London" },
    end: { dateTime: plus(from, 60), timeZone: "Europe/London" },
  });
  const events = `/google/calendar/v3/calendars/${encodeURIComponent(BAYS[0].calendar)}/events`;
  await post("/sandbox/uschedule/book", {
    ResourceName: "Bay 1",
    StartTime: start,
    ServiceLength: 60,
    CustomerName: "Oz Early",
  });
  await post(events, event("Oz (typed by hand)", start));
  await post(events, event("Simulator maintenance, by hand", plus(start, 240)));
  sandbox.close();
}
