import { describe, expect, test, vi } from "vitest";
import { pollSources } from "../../shared/flows/poll-sources.ts";
import type { PublishedMessage } from "../fakes/memory-publisher.ts";
import type { Studio } from "../flows/studio.ts";
import { deliver, pass, pollDyingAt, takeAll, takeFirst, work } from "./clockwork.ts";
import { atEveryStep } from "./every-step.ts";
import { deleteEvent, everMade } from "./room-calendars.ts";
import { expectCalm } from "./sides.ts";
import { atDesk, CALENDARS, dragToThree, eventOf, expectBoth, openTown, ROOM_1, reserve, type Town } from "./town.ts";
import { Death } from "./wire.ts";

// A story is played once for each of its steps.
vi.setConfig({ testTimeout: 120_000 });

const AT_TEN = "2027-01-12T10:00:00 2027-01-12T11:00:00";
const AT_THREE = "2027-01-13T15:00:00 2027-01-13T16:00:00";
const AT_NOON = "2027-01-12T12:00:00 2027-01-12T13:00:00";
const NOON = { start: "2027-01-12T12:00:00Z", end: "2027-01-12T13:00:00Z" };

interface TwoBooked extends Town {
  readonly other: string;
  readonly otherEvent: string;
}

/** Answers the message over which the worker died. */
async function deliverUntilDeath(studio: Studio): Promise<PublishedMessage> {
  await studio.sandbox.tick();
  for (let message = takeFirst(studio); message !== undefined; message = takeFirst(studio)) {
    try {
      await deliver(studio, message);
    } catch (error) {
      if (error instanceof Death) return message;
      throw error;
    }
  }
  throw new Error("the worker should have died");
}

describe.each(CALENDARS)("on %s", (calendar) => {
  const open = () => openTown({ calendar });

  /** A second reservation at noon, on both sides. */
  async function openTwo(): Promise<TwoBooked> {
    const town = await open();
    const other = await reserve(town.studio, NOON);
    await work(town.studio, town.wire);
    const { id: otherEvent } = await eventOf(town.studio, ROOM_1, other);
    town.wire.calls();
    return { ...town, other, otherEvent };
  }

  test("S13: whenever the worker dies over a new reservation, it gets one event", async () => {
    let other = "";
    const steps = await atEveryStep<Town>({
      open,
      async begin({ studio }) {
        other = await reserve(studio, NOON);
      },
      meanwhile: ({ wire }) => wire.die(),
      async end({ studio, wire, id }) {
        await expectBoth(studio, [`${id} room-1 ${AT_TEN} Choir`, `${other} room-1 ${AT_NOON} Choir`]);
        expect(await everMade(studio)).toBe(2);
        await expectCalm(studio, wire);
      },
    });

    expect(steps).toBeGreaterThan(5);
  });

  test.each([
    ["its message comes again", true],
    ["its message is lost", false],
  ])(
    "S13: where %s, an event is found whose key the calendar has forgotten and whose map was never saved",
    async (_, again) => {
      const { studio, wire, id } = await open();
      await studio.call("POST", "/sandbox/options", { transactionSeconds: 1 });
      wire.after("events.insert", () => wire.die());
      const other = await reserve(studio, NOON);
      const message = await deliverUntilDeath(studio);
      wire.revive();
      studio.publisher.take();
      studio.clock.advance(60_000);

      if (again) await deliver(studio, message, 2);
      await pass(studio, 30, wire);

      await expectBoth(studio, [`${id} room-1 ${AT_TEN} Choir`, `${other} room-1 ${AT_NOON} Choir`]);
      expect(await everMade(studio)).toBe(2);
      await expectCalm(studio, wire);
    },
  );

  test("S15: a new reservation told by its webhook and by the poll at the same moment gets one event", async () => {
    const { studio, wire, id } = await open();
    const other = await reserve(studio, NOON, "notify-double");
    await studio.sandbox.tick();
    await pollSources(studio.world);
    const messages = takeAll(studio);

    await Promise.all(messages.map((message) => deliver(studio, message)));
    await work(studio, wire);

    expect(messages.length).toBeGreaterThan(1);
    await expectBoth(studio, [`${id} room-1 ${AT_TEN} Choir`, `${other} room-1 ${AT_NOON} Choir`]);
    expect(await everMade(studio)).toBe(2);
    await expectCalm(studio, wire);
  });

  test("S30: whenever the worker dies over a drag and a deletion, each is carried over once", async () => {
    const steps = await atEveryStep<TwoBooked>({
      open: openTwo,
      async begin(town) {
        await dragToThree(town);
        await deleteEvent(town.studio, ROOM_1, town.otherEvent);
      },
      meanwhile: ({ wire }) => wire.die(),
      async end({ studio, wire, id }) {
        await expectBoth(studio, [`${id} room-1 ${AT_THREE} Choir`]);
        expect(await everMade(studio)).toBe(2);
        await expectCalm(studio, wire);
      },
    });

    expect(steps).toBeGreaterThan(10);
  });

  test("S30: whenever the worker dies over a move and a cancellation at the desk, each is carried over once", async () => {
    const steps = await atEveryStep<TwoBooked>({
      open: openTwo,
      async begin({ studio, id, other }) {
        await atDesk(studio, "cancel", { id: other });
        await atDesk(studio, "move", { id, ...NOON });
      },
      meanwhile: ({ wire }) => wire.die(),
      async end({ studio, wire, id }) {
        await expectBoth(studio, [`${id} room-1 ${AT_NOON} Choir`]);
        expect(await everMade(studio)).toBe(2);
        await expectCalm(studio, wire);
      },
    });

    expect(steps).toBeGreaterThan(5);
  });

  test.each([0, 1, 2, 3, 4, 5])("S30: a poll that dies at its step %i loses no change", async (step) => {
    const { studio, wire, id } = await open();
    await atDesk(studio, "move", { id, ...NOON }, "notify-lost");

    await pollDyingAt(studio, wire, step);

    expect(wire.writes()).toEqual(["events.patch"]);
    await expectBoth(studio, [`${id} room-1 ${AT_NOON} Choir`]);
  });
});
