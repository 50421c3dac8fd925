import { expect, test } from "vitest";
import { auditCalendar } from "../../shared/flows/audit.ts";
import { overlapping, readFeed } from "../../shared/flows/feed.ts";
import { freshnessSince } from "../../shared/flows/freshness.ts";
import { connectionHealth } from "../../shared/flows/health.ts";
import { countOf, quantile } from "../../shared/flows/histogram.ts";
import type { DeadLetter } from "../../shared/flows/keep-dead-letter.ts";
import { bookingHint, messagesOf } from "../../shared/flows/publish.ts";
import { renewWatches } from "../../shared/flows/renew-watches.ts";
import { dropLetter, replayAll, replayLetter } from "../../shared/flows/replay.ts";
import { retryFailed } from "../../shared/flows/retry-failed.ts";
import { statsOf } from "../../shared/flows/stats.ts";
import { tend } from "../../shared/flows/tend.ts";
import { timelineOf } from "../../shared/flows/timeline.ts";
import { renewWatch, stopWatch } from "../../shared/flows/watches.ts";
import { BAY_1, openRunningStudio, type Studio, WS } from "./studio.ts";

const DAY = ["2027-01-12T00:00:00.000Z", "2027-01-13T00:00:00.000Z"] as const;

async function keep(studio: Studio, change: Partial<DeadLetter> = {}): Promise<void> {
  const id = change.messageId ?? "m-1";
  const place = { ws: WS, resource: "bay-1", source: "uschedule", bookingId: "4711" };
  const [message] = messagesOf(bookingHint(place, "replay", studio.clock.now()));
  if (message === undefined) throw new Error("a hint makes one message");
  const letter: DeadLetter = {
    ...{ messageId: id, subscription: "sync", reason: "refused 10 times", encoding: "text", status: "kept" },
    ...{ data: message.data, attributes: message.attributes, orderingKey: message.orderingKey },
    ...{ publishedAt: studio.clock.now(), keptAt: studio.clock.now(), ...change },
  };
  await studio.store.commit([{ kind: "put", ref: { collection: "deadLetters", id }, data: letter }]);
}

/** From now on no event can be changed. */
async function googleFails(studio: Studio): Promise<void> {
  const rule = { api: "google", method: "PATCH", kinds: ["status=503"], times: 50 };
  await studio.call("POST", "/sandbox/faults", { rules: [rule] });
}

test("the timeline shows both sides of a pair in step, and neither of another day's", async () => {
  const studio = await openRunningStudio();
  await studio.book(1, "2027-01-12T10:00:00");
  await studio.book(1, "2027-01-14T10:00:00");
  await studio.settle();

  const { items, more } = await timelineOf(studio.store, ...DAY);

  const span = { start: "2027-01-12T10:00:00.000Z", end: "2027-01-12T11:00:00.000Z" };
  expect(items).toMatchObject([{ resource: "bay-1", state: "in-step", booking: span, event: span }]);
  expect(more).toBe(false);
});

test("the timeline shows what is parked as pending, with its reason, and what was cancelled no more", async () => {
  const studio = await openRunningStudio();
  const [late, gone] = [await studio.book(1, "2027-01-12T10:00:00"), await studio.book(1, "2027-01-12T12:00:00")];
  await studio.settle();
  await googleFails(studio);
  await studio.staff("edit", { id: late, StartTime: "2027-01-12T15:00:00" });
  await studio.staff("cancel", { id: gone });
  await studio.settle();

  const { items } = await timelineOf(studio.store, ...DAY);

  expect(items).toMatchObject([{ bookingKey: `uschedule:${late}`, state: "pending" }]);
  expect(items[0]?.detail).toContain("503");
});

test("the feed tells each change once to who reads on from its cursor, a second look included", async () => {
  const studio = await openRunningStudio();
  const start = studio.clock.now();
  studio.clock.advance(1_000);
  await studio.book(1, "2027-01-12T10:00:00");
  await studio.settle();

  const first = await readFeed(studio.store, start);
  const again = await readFeed(studio.store, overlapping(first.next));
  const rest = await readFeed(studio.store, first.next);

  expect(first.items).toMatchObject([{ resource: "bay-1", rule: "create-event", status: "active" }]);
  expect(again.items.map(({ id }) => id)).toEqual(first.items.map(({ id }) => id));
  expect(rest.items).toEqual([]);
});

test("a quiet sweep touches no map: the feed stays silent and nothing was written", async () => {
  const studio = await openRunningStudio();
  await studio.book(1, "2027-01-12T10:00:00");
  await studio.settle();
  await studio.turnSchedulers();
  const { next } = await readFeed(studio.store, "2027-01-01T00:00:00.000Z");
  studio.clock.advance(60_000);
  studio.counts.writes = 0;

  await studio.sweep();

  expect((await readFeed(studio.store, next)).items).toEqual([]);
  expect(studio.counts.writes).toBe(0);
});

test("a dead letter is published again as it was, once", async () => {
  const studio = await openRunningStudio();
  await keep(studio, { attributes: { ws: WS, CloudPubSubDeadLetterSourceSubscription: "sync" } });

  const done = await replayLetter(studio.world, WS, "m-1", "key:1");

  expect(studio.publisher.published).toMatchObject([{ topic: "observations", attributes: { ws: WS } }]);
  expect(Object.keys(studio.publisher.published[0]?.attributes ?? {})).toEqual(["ws"]);
  expect(done).toMatchObject({ status: "replayed", decidedBy: "key:1" });
  await expect(replayLetter(studio.world, WS, "m-1", "key:1")).rejects.toMatchObject({ code: "INVALID_STATE" });
});

test("of all letters those that cannot be published again stay, each with its reason", async () => {
  const studio = await openRunningStudio();
  await keep(studio);
  await keep(studio, { messageId: "m-2", cut: true });
  await keep(studio, { messageId: "m-3", subscription: "nobody" });

  const { replayed, refused } = await replayAll(studio.world, WS, "key:1");

  expect(replayed).toBe(1);
  expect(refused.map(({ messageId }) => messageId)).toEqual(["m-2", "m-3"]);
  expect(refused[0]?.reason).toContain("too large");
  const dropped = await dropLetter(studio.world, WS, "m-2", { actor: "key:1", reason: "seen at the source" });
  expect(dropped).toMatchObject({ status: "dropped", dropReason: "seen at the source" });
});

test("an audit finds what is missing, moved or left over on a calendar, and changes nothing", async () => {
  const studio = await openRunningStudio();
  const ids = await Promise.all(
    [9, 11, 13].map((hour) => studio.book(1, `2027-01-12T${hour}:00:00`.replace("T9", "T09"))),
  );
  await studio.settle();
  const clean = await auditCalendar(studio.world, WS, "bay-1");
  const [first] = ids;
  const event = await studio.eventOf(BAY_1, first ?? "");
  await studio.deleteEvent(BAY_1, event.id);
  studio.counts.writes = 0;

  const found = await auditCalendar(studio.world, WS, "bay-1");

  expect(clean).toMatchObject({ expected: 3, inStep: 3, score: 1, drifts: [] });
  expect(found).toMatchObject({ expected: 3, inStep: 2, score: 0.667 });
  expect(found.drifts).toEqual([{ kind: "missing", bookingKey: `uschedule:${first}`, eventId: event.id }]);
  expect(studio.counts.writes).toBe(0);
});

test("a push channel that an operator stopped stays stopped until somebody renews it", async () => {
  const studio = await openRunningStudio();
  const workspace = studio.world.config.workspaces[WS];
  if (workspace === undefined) throw new Error("the studio has a workspace");
  const stateOf = async () =>
    (await connectionHealth(studio.world, WS, workspace)).find(({ id }) => id === BAY_1)?.watch?.state;

  expect(await stateOf()).toBe("live");
  await stopWatch(studio.world, WS, "bay-1", "key:1");
  await renewWatches(studio.world);
  expect(await stateOf()).toBe("stopped");
  await renewWatch(studio.world, WS, "bay-1");
  expect(await stateOf()).toBe("live");
});

test("what is parked is counted, seen in its connection's health, and tried at once when asked for", async () => {
  const studio = await openRunningStudio();
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await studio.settle();
  await googleFails(studio);
  await studio.staff("edit", { id, StartTime: "2027-01-12T15:00:00" });
  await studio.settle();
  const workspace = studio.world.config.workspaces[WS];
  if (workspace === undefined) throw new Error("the studio has a workspace");
  const rows = await connectionHealth(studio.world, WS, workspace);
  const parked = await statsOf(studio.store);
  await studio.call("DELETE", "/sandbox/faults");

  const asked = await retryFailed(studio.world, WS, "bay-1");
  await studio.settle();

  expect(rows.find(({ id: calendar }) => calendar === BAY_1)).toMatchObject({ state: "parked", parked: 1 });
  expect(parked.maps).toMatchObject({ active: 1, parked: 1 });
  expect(asked).toEqual({ asked: [`uschedule:${id}`], more: false });
  expect((await statsOf(studio.store, "bay-1")).maps).toMatchObject({ active: 1, parked: 0 });
  expect((await studio.eventOf(BAY_1, id)).start.dateTime).toContain("T15:00:00");
});

test("what was done is counted by way and hour, once, and nothing done is nothing written", async () => {
  const studio = await openRunningStudio();
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await studio.settle();
  const event = await studio.eventOf(BAY_1, id);
  studio.clock.advance(1_000);
  await studio.drag(BAY_1, event.id, "2027-01-12T15:00:00", "2027-01-12T16:00:00");
  studio.clock.advance(30_000);
  await studio.settle();
  studio.clock.advance(60_000);

  await tend(studio.world);
  const first = await freshnessSince(studio.store, "2027-01-11T00:00:00.000Z");
  studio.counts.writes = 0;
  await tend(studio.world);
  const again = await freshnessSince(studio.store, "2027-01-11T00:00:00.000Z");

  const [toCalendar, toSource] = ["uschedule", BAY_1].map((from) => first.find((way) => way.from === from));
  expect(toCalendar).toMatchObject({ to: BAY_1, hour: "2027-01-11T08:00:00.000Z" });
  expect(toCalendar?.effects["insert-event"]).toBe(1);
  expect(toSource).toMatchObject({ to: "uschedule", effects: { "move-booking": 1 } });
  expect(countOf(toSource?.took ?? [])).toBe(1);
  expect(quantile(toSource?.took ?? [], 0.95)).toBe(30_000);
  expect(again).toEqual(first);
  expect(studio.counts.writes).toBe(0);
});

test("the day's statistics are logged once, from eight in the workspace's morning on", async () => {
  const studio = await openRunningStudio({ now: "2027-01-11T06:30:00.000Z" });
  const logged = async () => {
    await tend(studio.world);
    return studio.logs.filter(({ message }) => message === "daily statistics").length;
  };

  expect(await logged()).toBe(0);
  studio.clock.advance(2 * 3_600_000);
  expect(await logged()).toBe(1);
  studio.clock.advance(2 * 3_600_000);
  expect(await logged()).toBe(1);
  studio.clock.advance(24 * 3_600_000);
  expect(await logged()).toBe(2);
});
