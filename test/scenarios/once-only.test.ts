import { describe, expect, test } from "vitest";
import { pollSources } from "../../shared/flows/poll-sources.ts";
import type { PublishedMessage } from "../fakes/memory-publisher.ts";
import { BAY_1, openRunningStudio, type Studio } from "../flows/studio.ts";
import { deliver, pass, takeAll, takeFirst, work } from "./clockwork.ts";
import { atEveryStep, type Scene } from "./every-step.ts";
import { breakCalls, mendCalls, staffUntold, storedEvents } from "./scene.ts";
import { expectBothSides, expectCalm, expectTimes, openReviews } from "./sides.ts";
import { Death, openWire } from "./wire.ts";

const TEN = "2027-01-12T10:00:00";
const AT_TEN = "410001 bay 1 2027-01-12T10:00:00 2027-01-12T11:00:00";
const AT_THREE = "410001 bay 1 2027-01-13T15:00:00 2027-01-13T16:00:00";

async function openScene(): Promise<Scene> {
  const wire = openWire();
  const studio = await openRunningStudio({ fetch: wire.fetch, stores: wire.stores });
  wire.calls();
  return { studio, wire };
}

interface Booked extends Scene {
  readonly id: string;
  readonly eventId: string;
}

async function openBooked(): Promise<Booked> {
  const { studio, wire } = await openScene();
  const id = await studio.book(1, TEN);
  await work(studio, wire);
  const { id: eventId } = await studio.eventOf(BAY_1, id);
  wire.calls();
  return { studio, wire, id, eventId };
}

/** A booking whose worker died right after Google made its event; the message is not delivered again yet. */
async function openHalfDone(): Promise<Booked & { readonly message: PublishedMessage }> {
  const { studio, wire } = await openScene();
  const id = await studio.book(1, TEN);
  await studio.sandbox.tick();
  const message = takeFirst(studio);
  if (message === undefined) throw new Error("the webhook's message is missing");
  wire.after("events.insert", () => wire.die());
  await expect(deliver(studio, message)).rejects.toThrow(Death);
  wire.revive();
  const { id: eventId } = await studio.eventOf(BAY_1, id);
  return { studio, wire, id, eventId, message };
}

/** Every event the calendar ever had, deleted ones too. */
async function everMade(studio: Studio): Promise<number> {
  return (await storedEvents(studio, BAY_1)).length;
}

describe("S13: Google made the event and the process died before the map was saved", () => {
  test("S13: an insert whose commit died is adopted; one event", async () => {
    const { studio, wire, id, eventId, message } = await openHalfDone();
    const [before] = await studio.maps();
    wire.calls();

    await deliver(studio, message, 2);
    await work(studio, wire);

    expect(before).toMatchObject({ eventId, intent: { eventId }, status: "pending" });
    expect(before).not.toHaveProperty("base");
    expect(wire.writes()).toEqual([]);
    expect(await everMade(studio)).toBe(1);
    expect((await studio.eventOf(BAY_1, id)).id).toBe(eventId);
    await expectBothSides(studio, [AT_TEN]);
    const [map] = await studio.maps();
    expect(map).toMatchObject({ eventId, status: "active", dirty: false, base: { agreement: 1 } });
    expect(map).not.toHaveProperty("intent");
    await expectCalm(studio, wire);
  });

  test("S13: where the message never comes again, the sweep finds it; one event", async () => {
    const { studio, wire, eventId } = await openHalfDone();
    takeAll(studio);
    wire.calls();

    await pass(studio, 20, wire);

    expect(wire.writes()).toEqual([]);
    expect(await everMade(studio)).toBe(1);
    await expectBothSides(studio, [AT_TEN]);
    expect((await studio.maps()).map((map) => [map.eventId, map.status])).toEqual([[eventId, "active"]]);
    await expectCalm(studio, wire);
  });

  test("S13: it dies again and again, at the same place: still one event", async () => {
    const { studio, wire, message } = await openHalfDone();

    for (let attempt = 2; attempt < 6; attempt++) {
      wire.after(
        ({ operation }) => operation === "events.insert" || operation === "events.get",
        () => wire.die(),
      );
      await expect(deliver(studio, message, attempt)).rejects.toThrow(Death);
      wire.revive();
    }
    await deliver(studio, message, 6);
    await work(studio, wire);

    expect(await everMade(studio)).toBe(1);
    await expectBothSides(studio, [AT_TEN]);
    await expectCalm(studio, wire);
  });

  test("S13: at whatever step it dies, one event", async () => {
    const steps = await atEveryStep({
      open: openScene,
      begin: ({ studio }) => studio.book(1, TEN),
      meanwhile: ({ wire }) => wire.die(),
      end: async ({ studio, wire }) => {
        expect(await everMade(studio)).toBe(1);
        await expectBothSides(studio, [AT_TEN]);
        expect(await openReviews(studio)).toEqual([]);
        await expectCalm(studio, wire);
      },
    });
    expect(steps).toBeGreaterThan(8);
  });

  test("S13: the booking moved before the redelivery: the adopted event moves", async () => {
    const { studio, wire, id, eventId, message } = await openHalfDone();
    await staffUntold(studio, "edit", { id, StartTime: "2027-01-13T15:00:00" });

    await deliver(studio, message, 2);
    await pass(studio, 20, wire);

    expect(await everMade(studio)).toBe(1);
    expect((await studio.eventOf(BAY_1, id)).id).toBe(eventId);
    await expectBothSides(studio, [AT_THREE]);
    await expectCalm(studio, wire);
  });

  test("S13: the booking was cancelled before the redelivery: the event goes", async () => {
    const { studio, wire, id, message } = await openHalfDone();
    await staffUntold(studio, "cancel", { id });

    await deliver(studio, message, 2);
    await pass(studio, 20, wire);

    await expectBothSides(studio, []);
    expect(await everMade(studio)).toBe(1);
    await expectCalm(studio, wire);
  });

  test("S13: a person dragged the event before the redelivery: the booking follows", async () => {
    const { studio, wire, eventId, message } = await openHalfDone();
    await studio.drag(BAY_1, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00");

    await deliver(studio, message, 2);
    await pass(studio, 20, wire);

    expect(await everMade(studio)).toBe(1);
    await expectTimes(studio, ["bay 1 2027-01-13T15:00:00 2027-01-13T16:00:00"]);
    await expectCalm(studio, wire);
  });

  test.each(["timeout-after", "status-after=500", "cut", "garbled", "no-body"])(
    "S13: the answer to the insert was lost (%s): one event",
    async (fault) => {
      const { studio, wire } = await openScene();
      await breakCalls(studio, {
        api: "google",
        method: "POST",
        path: "^/google/.*/events$",
        kinds: [fault],
        times: 1,
      });

      await studio.book(1, TEN);
      await work(studio, wire);
      await mendCalls(studio);
      await pass(studio, 20, wire);

      expect(await everMade(studio)).toBe(1);
      await expectBothSides(studio, [AT_TEN]);
      await expectCalm(studio, wire);
    },
  );

  test("S13: no answer came to any of the tries: parked, then adopted; one event", async () => {
    const { studio, wire } = await openScene();
    const insert = { api: "google", method: "POST", path: "^/google/.*/events$" } as const;
    await breakCalls(studio, { ...insert, kinds: ["timeout-after"], times: 3 });

    await studio.book(1, TEN);
    await work(studio, wire);
    await mendCalls(studio);
    await pass(studio, 20, wire);

    expect(await everMade(studio)).toBe(1);
    await expectBothSides(studio, [AT_TEN]);
    await expectCalm(studio, wire);
  });
});

describe("S15: the same booking arrives twice", () => {
  test("S15: a webhook delivered twice: one event, one write, and nothing is asked again of Google", async () => {
    const { studio, wire } = await openScene();
    const order = { ResourceName: "Bay 1", StartTime: TEN, ServiceLength: 60, CustomerName: "Maya Lindqvist" };

    await studio.call("POST", "/sandbox/uschedule/book", order, { "x-sandbox-fault": "notify-double" });
    await work(studio, wire);

    expect(studio.webhooks).toHaveLength(2);
    const calls = wire.calls().map(({ operation, status }) => `${operation} ${status}`);
    expect(calls.filter((each) => each.startsWith("events.insert"))).toEqual(["events.insert 200"]);
    expect(calls.filter((each) => /events\.(patch|delete|get)/.test(each))).toEqual([]);
    await expectBothSides(studio, [AT_TEN]);
    await expectCalm(studio, wire);
  });

  test("S15: the same webhook comes again much later: no provider is asked, nothing is written", async () => {
    const { studio, wire } = await openBooked();
    await pass(studio, 60, wire);
    const [webhook] = studio.webhooks;
    if (webhook === undefined) throw new Error("the webhook is missing");
    wire.calls();
    studio.counts.writes = 0;

    await studio.receiveWebhook(webhook);
    await work(studio, wire);

    expect(wire.calls()).toEqual([]);
    expect(studio.counts.writes).toBe(0);
  });

  test("S15: webhook and poll tell of it, one after the other in either order: one write", async () => {
    for (const pollFirst of [true, false]) {
      const { studio, wire } = await openScene();
      await studio.book(1, TEN);
      if (!pollFirst) await studio.sandbox.tick();
      await pollSources(studio.world);
      await work(studio, wire);

      expect(wire.writes()).toEqual(["events.insert"]);
      await expectBothSides(studio, [AT_TEN]);
      await expectCalm(studio, wire);
    }
  });
});

/** What happens to a booking, and what must be left of it; writes that may take effect, each once. */
const DEEDS: readonly {
  readonly deed: string;
  readonly act: (scene: Booked) => Promise<unknown>;
  readonly writes: readonly string[];
  readonly end: readonly string[];
}[] = [
  {
    deed: "staff move it",
    act: ({ studio, id }) => studio.staff("edit", { id, StartTime: "2027-01-13T15:00:00" }),
    writes: ["events.patch"],
    end: ["bay 1 2027-01-13T15:00:00 2027-01-13T16:00:00"],
  },
  {
    deed: "staff cancel it",
    act: ({ studio, id }) => studio.staff("cancel", { id }),
    writes: ["events.delete"],
    end: [],
  },
  {
    deed: "its event is dragged",
    act: ({ studio, eventId }) => studio.drag(BAY_1, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00"),
    writes: ["bookit", "cancelappointment", "events.patch"],
    end: ["bay 1 2027-01-13T15:00:00 2027-01-13T16:00:00"],
  },
  {
    deed: "its event is deleted",
    act: ({ studio, eventId }) => studio.deleteEvent(BAY_1, eventId),
    writes: ["cancelappointment"],
    end: [],
  },
];

/** The notice of what happened, twice at once: a second worker does all its work at one step of the first. */
async function twiceAtOnce<S extends Scene>(story: {
  readonly open: () => Promise<S>;
  readonly act: (scene: S) => Promise<unknown>;
  readonly end: (scene: S) => Promise<void>;
}): Promise<number> {
  const copies = new WeakMap<Scene, PublishedMessage>();
  return atEveryStep({
    open: story.open,
    begin: async (scene) => {
      await story.act(scene);
      await scene.studio.sandbox.tick();
      const [message] = scene.studio.publisher.published;
      if (message === undefined) throw new Error("nothing tells of what happened");
      copies.set(scene, message);
      scene.wire.calls();
    },
    meanwhile: async (scene) => {
      const copy = copies.get(scene);
      if (copy !== undefined) await deliver(scene.studio, copy);
    },
    end: story.end,
  });
}

describe("S15: two triggers work on it at the same moment", () => {
  test("S15: it is booked: one event, one write that took effect, at whatever step the second one works", async () => {
    const steps = await twiceAtOnce({
      open: openScene,
      act: ({ studio }) => studio.book(1, TEN),
      end: async ({ studio, wire }) => {
        expect(wire.writes()).toEqual(["events.insert"]);
        expect(await everMade(studio)).toBe(1);
        await expectBothSides(studio, [AT_TEN]);
        await expectCalm(studio, wire);
      },
    });
    expect(steps).toBeGreaterThan(8);
  });

  test.each(DEEDS)("S15: $deed: each write takes effect once, at whatever step the second one works", async (deed) => {
    const steps = await twiceAtOnce({
      open: openBooked,
      act: deed.act,
      end: async ({ studio, wire }) => {
        expect(wire.writes().toSorted()).toEqual(deed.writes.toSorted());
        await expectTimes(studio, deed.end);
        expect(await openReviews(studio)).toEqual([]);
        await expectCalm(studio, wire);
      },
    });
    expect(steps).toBeGreaterThan(4);
  });
});
