import { describe, expect, test } from "vitest";
import { pollSources } from "../../shared/flows/poll-sources.ts";
import { BAY_1, openRunningStudio, type Studio } from "../flows/studio.ts";
import {
  attemptsSince,
  bookMany,
  bookUntold,
  breakCalls,
  expectStill,
  letPass,
  liveEvents,
  mendCalls,
  namedBy,
  openAlerts,
  staffUntold,
  writesSince,
} from "./scene.ts";

const SOURCE_LIST = { api: "uschedule", path: "/getapiappointments" } as const;
const CALENDAR_LIST = { api: "google", method: "GET", path: "^/google/.*/events$" } as const;

/** Polls `times` times, far enough apart to count. */
async function pollApart(studio: Studio, times: number, seconds = 61): Promise<void> {
  for (let poll = 0; poll < times; poll++) {
    studio.clock.advance(seconds * 1_000);
    await studio.poll();
  }
}

describe("S02: forty future stays", () => {
  test.each([
    ["none", "empty", "source-empty"],
    ["a page of HTML", "html", "source-unreadable"],
    ["half a JSON text", "garbled", "source-unreadable"],
    ["no text at all", "no-body", "source-unreadable"],
  ])("S02: stay when the source's list answers 200 with %s, and that is shown", async (_, fault, kind) => {
    const studio = await openRunningStudio();
    await bookMany(studio, 40, [1, 2]);
    const before = await liveEvents(studio);

    await breakCalls(studio, { ...SOURCE_LIST, kinds: [fault] });
    await pollApart(studio, 5);
    await letPass(studio, 10, 3);

    expect(attemptsSince(studio)).toEqual([]);
    expect(await studio.holds()).toEqual([]);
    expect(await liveEvents(studio)).toEqual(before);
    expect((await openAlerts(studio)).map((alert) => [alert.kind, alert.subject])).toEqual([[kind, "uschedule"]]);

    await mendCalls(studio);
    await letPass(studio, 16, 2);

    expect(await openAlerts(studio)).toEqual([]);
    expect(await liveEvents(studio)).toEqual(before);
    await expectStill(studio);
  });

  test.each([
    ["none", "empty"],
    ["a page of HTML", "html"],
  ])("S02: stay when the calendar's list answers 200 with %s", async (_, fault) => {
    const studio = await openRunningStudio();
    await bookMany(studio, 40, [1, 2]);
    const [events, appointments] = [await liveEvents(studio), await studio.appointments()];

    await breakCalls(studio, { ...CALENDAR_LIST, kinds: [fault] });
    await studio.call("POST", "/sandbox/google/expire-sync-tokens", {});
    await letPass(studio, 16, 3);

    expect(attemptsSince(studio)).toEqual([]);
    expect(await studio.holds()).toEqual([]);
    expect(await studio.appointments()).toEqual(appointments);
    expect(await liveEvents(studio)).toEqual(events);

    await mendCalls(studio);
    await letPass(studio, 16, 2);

    expect(await studio.appointments()).toEqual(appointments);
    expect(await liveEvents(studio)).toEqual(events);
    await expectStill(studio);
  });

  test("S02: one that is really gone goes after as many complete lists as the policy asks, a minute apart", async () => {
    const studio = await openRunningStudio();
    const [gone = "", ...others] = await bookMany(studio, 40, [1, 2]);

    await staffUntold(studio, "remove", { id: gone });
    await pollApart(studio, 1);
    await pollApart(studio, 5, 5);
    await pollApart(studio, 1);
    const afterTwo = await liveEvents(studio);
    studio.providerCalls();
    await pollApart(studio, 1);

    expect(afterTwo).toHaveLength(40);
    expect(writesSince(studio)).toEqual(["events.delete"]);
    expect((await liveEvents(studio)).map(namedBy).toSorted()).toEqual(others.toSorted());
    await expectStill(studio);
  });

  test("S02: a list that failed in between does not count, and one that has the stay again begins anew", async () => {
    const studio = await openRunningStudio();
    const [stay = ""] = await bookMany(studio, 40, [1, 2]);
    const gone = [
      { ...SOURCE_LIST, kinds: [`omit=${stay}`] },
      { api: "uschedule", path: "/getappointment", kinds: [`omit=${stay}`] },
    ] as const;

    await breakCalls(studio, ...gone);
    await pollApart(studio, 2);
    await breakCalls(studio, { ...SOURCE_LIST, kinds: ["html"], times: 9 });
    await pollApart(studio, 3);
    await mendCalls(studio);
    await pollApart(studio, 1);
    await breakCalls(studio, ...gone);
    await pollApart(studio, 2);

    expect(await liveEvents(studio)).toHaveLength(40);
    await mendCalls(studio);
    await letPass(studio, 16, 2);
    expect(writesSince(studio)).toEqual([]);
    await expectStill(studio);
  });

  test("S02: all really gone, listed as none: a person is asked before anything goes", async () => {
    const studio = await openRunningStudio();
    const ids = await bookMany(studio, 40, [1, 2]);

    for (const id of ids) await staffUntold(studio, "remove", { id });
    await pollApart(studio, 8);

    expect(attemptsSince(studio)).toEqual([]);
    expect(await liveEvents(studio)).toHaveLength(40);
    expect((await studio.maps()).filter(({ status }) => status === "held")).toHaveLength(40);
    expect((await openAlerts(studio)).map(({ kind }) => kind)).toContain("source-empty");
    expect((await openAlerts(studio)).map(({ kind }) => kind)).toContain("held");
  });
});

/** A studio of 1,200 stays whose list of bookings can be cut to the first 1,000 as a success. */
async function openLargeStudio(): Promise<{ studio: Studio; cut: { on: boolean } }> {
  const cut = { on: false };
  const studio = await openRunningStudio({
    fetch: (sandbox) => async (input, init) => {
      const answer = await sandbox(input, init);
      const url = input instanceof Request ? input.url : String(input);
      if (!cut.on || !url.includes("/getapiappointments")) return answer;
      const rows = (await answer.json()) as { AppointmentID: number }[];
      return Response.json(rows.filter(({ AppointmentID }) => AppointmentID <= 410_000 + 1_000));
    },
  });
  await breakCalls(studio, { api: "google", kinds: ["notify-lost"] });
  for (let index = 0; index < 1_200; index++) {
    const day = new Date(Date.UTC(2027, 0, 12 + Math.floor(index / 24))).toISOString().slice(0, 10);
    const hour = String(8 + (Math.floor(index / 2) % 12)).padStart(2, "0");
    await bookUntold(studio, { ResourceName: `Bay ${1 + (index % 2)}`, StartTime: `${day}T${hour}:00:00` });
  }
  await studio.poll();
  await mendCalls(studio);
  await studio.turnSchedulers();
  studio.providerCalls();
  return { studio, cut };
}

describe("S03: half a list", () => {
  test("S03: a list of 1,200 that answers 1,000 as a success takes nothing away", { timeout: 60_000 }, async () => {
    const { studio, cut } = await openLargeStudio();
    expect(await liveEvents(studio)).toHaveLength(1_200);

    cut.on = true;
    await pollApart(studio, 5);
    await studio.sweep();

    expect(attemptsSince(studio)).toEqual([]);
    expect(await liveEvents(studio)).toHaveLength(1_200);
    expect(await studio.holds()).toEqual([]);
    expect((await studio.maps()).every(({ status }) => status === "active")).toBe(true);

    cut.on = false;
    await letPass(studio, 16);
    expect(attemptsSince(studio)).toEqual([]);
    await expectStill(studio);
  });

  test("S03: a list of which a part fails is marked incomplete, and no absence is counted from it", async () => {
    const studio = await openRunningStudio();
    const [gone = "", moved = "", ...others] = await bookMany(studio, 12, [1, 2]);
    const inMarch = await bookUntold(studio, { ResourceName: "Bay 1", StartTime: "2027-03-20T10:00:00" });
    await studio.poll();
    studio.providerCalls();

    await breakCalls(studio, { ...SOURCE_LIST, body: '"EndDate":"04', kinds: ["status=503"] });
    await staffUntold(studio, "remove", { id: gone });
    await staffUntold(studio, "edit", { id: moved, StartTime: "2027-01-20T20:00:00" });
    await pollSources(studio.world);
    const runs = studio.publisher.published.map(({ data }) => JSON.parse(data) as { run: { complete: boolean } });
    await studio.settle();
    await pollApart(studio, 6);

    expect(runs.map(({ run }) => run.complete)).toEqual([false]);
    expect(writesSince(studio)).toEqual(["events.patch"]);
    const shown = (await liveEvents(studio)).map(namedBy).toSorted();
    expect(shown).toEqual([gone, moved, ...others, inMarch].toSorted());

    await mendCalls(studio);
    await pollApart(studio, 2);
    expect(writesSince(studio)).toEqual([]);
    await pollApart(studio, 1);
    expect(writesSince(studio)).toEqual(["events.delete"]);
    await expectStill(studio);
  });

  test.each([
    ["breaks off after its first page", { kinds: ["status=503"], skip: 1 }],
    ["ends after half of each page as if that were all", { kinds: ["truncate"] }],
    ["lacks its second page, cut off", { kinds: ["cut"], skip: 1 }],
  ])("S03: a calendar's list that %s takes nothing away", async (_, fault) => {
    const studio = await openRunningStudio();
    await bookMany(studio, 20);
    const [events, appointments] = [await liveEvents(studio), await studio.appointments()];

    await studio.call("POST", "/sandbox/options", { pageSize: 5 });
    await studio.call("POST", "/sandbox/google/expire-sync-tokens", {});
    await breakCalls(studio, { ...CALENDAR_LIST, path: "^/google/.*loft-bay-1.*/events$", ...fault });
    await letPass(studio, 16, 3);

    expect(attemptsSince(studio)).toEqual([]);
    expect(await studio.holds()).toEqual([]);
    expect(await studio.appointments()).toEqual(appointments);

    await mendCalls(studio);
    await letPass(studio, 16, 2);
    expect(await liveEvents(studio)).toEqual(events);
    expect(await studio.appointments()).toEqual(appointments);
    await expectStill(studio);
  });

  test("S03: a cursor is kept where a list broke off, and the change behind it is not lost", async () => {
    const studio = await openRunningStudio();
    const [id = ""] = await bookMany(studio, 3);
    const event = await studio.eventOf(BAY_1, id);
    await breakCalls(studio, { ...CALENDAR_LIST, kinds: ["status=503"] });
    await studio.deleteEvent(BAY_1, event.id);
    await studio.settle();
    studio.providerCalls();

    await mendCalls(studio);
    await letPass(studio, 10);

    expect(writesSince(studio)).toEqual(["cancelappointment"]);
    expect(await studio.appointment(id)).toMatchObject({ StatusID: 9 });
  });
});
