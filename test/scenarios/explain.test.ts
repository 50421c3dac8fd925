import { expect, test } from "vitest";
import { explain } from "../../shared/flows/explain.ts";
import { publishBookingHint } from "../../shared/flows/publish.ts";
import { sentenceOf } from "../../shared/sync/rules.ts";
import { approveForGood } from "../flows/approve.ts";
import { BAY_1, openRunningStudio, openStudio, type Studio, WS } from "../flows/studio.ts";
import { pass, work } from "./clockwork.ts";
import type { Scene } from "./every-step.ts";
import { onCalendar } from "./sides.ts";
import { openWire } from "./wire.ts";

async function open(policy: Record<string, unknown> = {}): Promise<Scene> {
  const wire = openWire();
  const studio = await openRunningStudio({ policy, fetch: wire.fetch, stores: wire.stores });
  return { studio, wire };
}

async function book({ studio, wire }: Scene, start = "2027-01-12T10:00:00"): Promise<{ id: string; eventId: string }> {
  const id = await studio.book(1, start);
  await work(studio, wire);
  return { id, eventId: (await studio.eventOf(BAY_1, id)).id };
}

async function told(studio: Studio, key: string) {
  const answer = await explain(studio.world, WS, key);
  const [map, ...others] = answer.maps;
  if (map === undefined || others.length > 0) throw new Error(`${answer.maps.length} maps, 1 expected`);
  return { ...answer, map };
}

test("S55: what was done last, by which rule, and what the provider answered", async () => {
  const scene = await open();
  const { id, eventId } = await book(scene);
  await scene.studio.staff("edit", { id, StartTime: "2027-01-12T14:00:00" });
  await work(scene.studio, scene.wire);

  const { map, ...answer } = await told(scene.studio, id);

  expect(answer).toMatchObject({ bookingKey: `uschedule:${id}`, appointmentId: id, resources: ["bay-1"], reviews: [] });
  expect(answer.seen?.span).toMatchObject({ start: "2027-01-12T14:00:00.000Z" });
  expect(map).toMatchObject({ status: "active", calendarId: BAY_1, eventId, error: null, hold: null });
  expect(map.lastDecision).toMatchObject({
    rule: "carry-booking-change",
    sentence: "What changed at the booking source is changed on the event, in place.",
    booking: "changed",
    event: "same",
    effects: [{ effect: "patch-event", answer: "changed" }],
  });
  expect(map.lastDecision?.saw).toContain("booking seen");
  expect(map.journal.map((entry) => entry?.rule)).toEqual(["create-event", "carry-booking-change"]);
  expect(map.why).toBe(sentenceOf("carry-booking-change"));
});

test("S55: the same answer by source and id, by the bare id and by the event's id", async () => {
  const scene = await open();
  const { id, eventId } = await book(scene);

  const answers = await Promise.all(
    [`uschedule:${id}`, id, eventId].map((key) => explain(scene.studio.world, WS, key)),
  );

  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
});

test("S55: a booking parked at its very first turn says what was tried, what Google answered and when it goes on", async () => {
  const { studio, wire } = await open();
  wire.answer("events.insert", () => new Response("", { status: 503 }));
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await work(studio, wire);

  const { map } = await told(studio, id);

  expect(map).toMatchObject({ status: "pending", attempts: 1, error: { code: "PROVIDER_UNAVAILABLE" } });
  expect(map.attempted).toMatchObject({
    rule: "create-event",
    effect: "insert-event",
    sentence: "A live booking without an event gets one.",
  });
  expect(map.why).toContain("503");
  expect(map.why).toContain("Tried 1 times");
  expect(map.nextAttempt).not.toBeNull();
  expect(map.why).toContain(map.nextAttempt ?? "never");
});

test("S55: a parked change says what was tried, and the last decision before it stays", async () => {
  const scene = await open();
  const { studio, wire } = scene;
  const { id, eventId } = await book(scene);
  wire.answer("bookit", () => new Response("", { status: 500 }));

  await studio.drag(BAY_1, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
  await work(studio, wire);

  const { map, rebooking } = await told(studio, eventId);
  expect(map.attempted).toMatchObject({
    rule: "carry-event-edit",
    effect: "move-booking",
    code: "PROVIDER_UNAVAILABLE",
  });
  expect(map.why).toContain("bookit failed (500)");
  expect(map.lastDecision).toMatchObject({
    rule: "create-event",
    effects: [{ effect: "insert-event", answer: "created" }],
  });
  expect(rebooking).toMatchObject({ step: "book" });
  expect(map.appointmentId).toBe(id);
});

test("S55: a booking that was given up says so, and why", async () => {
  const { studio, wire } = await open();
  wire.answer("events.insert", () =>
    Response.json({ error: { code: 400, errors: [{ reason: "invalid" }] } }, { status: 400 }),
  );
  const id = await studio.book(1, "2027-01-12T10:00:00");
  await pass(studio, 10 * 60, wire);

  const { map } = await told(studio, `uschedule:${id}`);

  expect(map).toMatchObject({ status: "error", error: { code: "PROVIDER_REFUSED" }, nextAttempt: null });
  expect(map.why).toMatch(/^Given up.*400 invalid/);
});

test("S55: a held cancellation names its hold and what would happen, and what became of it", async () => {
  const scene = await open({ breakerCount: 1, breakerPercent: 1 });
  const { studio, wire } = scene;
  const booked = [
    await book(scene),
    await book(scene, "2027-01-13T10:00:00"),
    await book(scene, "2027-01-14T10:00:00"),
  ];
  for (const { eventId } of booked) await onCalendar(studio, "DELETE", BAY_1, `/${eventId}`, undefined, "notify-lost");
  await pass(studio, 10, wire);
  const held = (await studio.maps()).find(({ status }) => status === "held");

  const { map } = await told(studio, held?.key ?? "");

  expect(map.hold).toMatchObject({ kind: "breaker", status: "open", would: "cancel-booking", reason: "event-deleted" });
  expect(map.lastDecision).toMatchObject({ rule: "held-by-breaker", effects: [] });
  expect(map.why).toBe(`${sentenceOf("held-by-breaker")} Approve or reject hold ${map.hold?.id}.`);

  await approveForGood(studio, map.hold?.id ?? "", "Kim");
  await work(studio, wire);
  const after = await told(studio, held?.key ?? "");
  expect(after.map.lastDecision).toMatchObject({
    rule: "event-deleted",
    effects: [{ effect: "cancel-booking", answer: "cancelled" }],
  });
});

test("S55: an event that waits for adoption says which hold to decide", async () => {
  const wire = openWire();
  const studio = await openStudio({ fetch: wire.fetch, stores: wire.stores });
  const id = await studio.book(1, "2027-01-12T10:00:00");
  const at = (dateTime: string) => ({ dateTime, timeZone: "Europe/London" });
  const twin = { summary: "Maya", start: at("2027-01-12T10:00:00"), end: at("2027-01-12T11:00:00") };
  await onCalendar(studio, "POST", BAY_1, "", twin);
  await studio.turnSchedulers();

  const { map } = await told(studio, id);

  expect(map).toMatchObject({ status: "held", hold: { kind: "adoption", would: "adopt-event", reason: "same time" } });
  expect(map.why).toContain(`hold ${map.hold?.id}`);
});

test("S55: a booking about which a person is asked shows the question and both values", async () => {
  const scene = await open({ merge: "ask" });
  const { studio, wire } = scene;
  const { id, eventId } = await book(scene);
  await studio.staff("edit", { id, StartTime: "2027-01-12T14:00:00" });
  await studio.drag(BAY_1, eventId, "2027-01-12T16:00:00", "2027-01-12T17:00:00");
  await work(studio, wire);

  const { map, reviews, seen } = await told(studio, id);

  expect(map).toMatchObject({ status: "conflict", lastDecision: { rule: "merge-both", effects: [] } });
  expect(reviews).toMatchObject([{ kind: "merge-conflict" }]);
  expect(map.why).toContain("a person must decide (merge-conflict)");
  expect(seen?.span).toMatchObject({ start: "2027-01-12T14:00:00.000Z" });
  expect(map.event).toMatchObject({ content: { span: { start: "2027-01-12T16:00:00.000Z" } } });
});

test("S55: a booking that lives on under a new id is explained under every id it had", async () => {
  const scene = await open();
  const { studio, wire } = scene;
  const { id, eventId } = await book(scene);
  await studio.drag(BAY_1, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
  await work(studio, wire);
  await studio.drag(BAY_1, eventId, "2027-01-14T15:00:00", "2027-01-14T16:00:00");
  await work(studio, wire);

  const answer = await told(studio, id);

  expect(answer).toMatchObject({
    bookingKey: "uschedule:410003",
    askedFor: `uschedule:${id}`,
    formerIds: [id, "410002"],
  });
  expect(answer.map.journal.map((entry) => entry?.rule)).toEqual([
    "create-event",
    "carry-event-edit",
    "carry-event-edit",
  ]);
  expect(answer.map.lastDecision?.effects).toEqual([{ effect: "move-booking", answer: "rebooked as 410003" }]);
  expect(await explain(studio.world, WS, "410002")).toMatchObject({ bookingKey: "uschedule:410003" });
  expect(await explain(studio.world, WS, eventId)).toMatchObject({ bookingKey: "uschedule:410003" });
});

test("S55: a move that was not possible is shown with the time that was wished", async () => {
  const scene = await open();
  const { studio, wire } = scene;
  const { id, eventId } = await book(scene);
  await studio.book(1, "2027-01-13T15:00:00");
  await work(studio, wire);
  await studio.drag(BAY_1, eventId, "2027-01-13T15:00:00", "2027-01-13T16:00:00");
  await work(studio, wire);

  const { map, reviews } = await told(studio, id);

  expect(map.lastDecision).toMatchObject({
    rule: "carry-event-edit",
    effects: [{ effect: "patch-event", answer: "changed" }],
  });
  expect(map.lastDecision?.lost).toMatchObject([
    { side: "calendar", field: "span", value: { span: { start: "2027-01-13T15:00:00.000Z" } } },
  ]);
  expect(reviews).toMatchObject([{ kind: "slot-taken" }]);
});

test("S55: a doubt is explained as one, and that nothing is done meanwhile", async () => {
  const scene = await open();
  const { studio, wire } = scene;
  const { id } = await book(scene);
  await pass(studio, 2, wire);
  await studio.staff("remove", { id });
  await pass(studio, 2, wire);

  const { map, listed } = await told(studio, id);
  expect(map.status).toBe("active");
  expect(listed).toMatchObject({ status: "live", missing: { listings: 1 } });
  expect(map.why).toBe(`${sentenceOf("wait-for-evidence")} Listings that lack it: 1.`);

  await publishBookingHint(studio.world, { ws: WS, resource: "bay-1", source: "uschedule", bookingId: id }, "asked");
  await work(studio, wire);
  const asked = await told(studio, id);
  expect(asked.map.lastDecision).toMatchObject({ rule: "wait-for-evidence", booking: "doubtful", effects: [] });
  expect(asked.seen?.status).toBe("absent");
});

test("S55: a booking or an event that was set aside is explained by its reason", async () => {
  const scene = await open();
  const { studio, wire } = scene;
  const { eventId } = await book(scene);
  await studio.call("POST", "/sandbox/faults", {
    rules: [{ api: "uschedule", path: "getapiappointments", kinds: ["bad-row"] }],
  });
  const copy = await onCalendar(studio, "GET", BAY_1, `/${eventId}`);
  const { id: _id, iCalUID: _uid, etag: _etag, ...fields } = copy;
  const copied = await onCalendar(studio, "POST", BAY_1, "", fields);
  await pass(studio, 10, wire);

  expect((await explain(studio.world, WS, "999999")).reviews).toMatchObject([{ kind: "quarantined" }]);
  const { reviews } = await explain(studio.world, WS, String(copied["id"]));
  expect(reviews).toMatchObject([{ kind: "copied-event" }]);
  expect(reviews[0]?.detail).toContain("left alone");
});

test("S55: what was never seen is told as such, and one call costs no provider anything", async () => {
  const scene = await open();
  await book(scene);
  scene.wire.calls();

  await expect(explain(scene.studio.world, WS, "4711")).rejects.toMatchObject({ code: "NOT_FOUND" });
  await explain(scene.studio.world, WS, "410001");

  expect(scene.wire.calls()).toEqual([]);
});
