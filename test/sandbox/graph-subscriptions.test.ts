import { afterEach, beforeEach, expect, test } from "vitest";
import { stillAlarm } from "./harness.ts";
import { openPushReceiver, type PushReceiver } from "./push-receiver.ts";
import { type GraphBody, HALF_PAST_TEN, OTHER_ROOM, openTown, ROOM, refusal, type Town } from "./town.ts";

let town: Town;
let receiver: PushReceiver;
beforeEach(async () => {
  town = await openTown({ alarm: stillAlarm });
  receiver = await openPushReceiver();
});
afterEach(async () => {
  await town.sandbox.close();
  await receiver.close();
});

const MINUTE = 60_000;

function inMinutes(minutes: number): string {
  return new Date(Date.parse(town.clock.now()) + minutes * MINUTE).toISOString();
}

function wish(more: object = {}): object {
  return {
    changeType: "created,updated,deleted",
    notificationUrl: `${receiver.url}/notify`,
    lifecycleNotificationUrl: `${receiver.url}/lifecycle`,
    resource: `/users/${ROOM}/events`,
    expirationDateTime: inMinutes(4000),
    clientState: "s3cret",
    ...more,
  };
}

function subscribe(more: object = {}, headers: Record<string, string> = {}): Promise<GraphBody> {
  return town.client.api("/subscriptions").headers(headers).post(wish(more));
}

/** A change by the API, delivered as far as it is due. */
async function create(headers: Record<string, string> = {}, room = ROOM): Promise<GraphBody> {
  const { body } = await town.graph("POST", `users/${room}/events`, { subject: "Choir", ...HALF_PAST_TEN }, headers);
  await town.sandbox.tick();
  return body;
}

test("a subscription is made once both its addresses have answered the validation token, decoded", async () => {
  const made = await subscribe();

  expect(receiver.handshakes.map(({ path }) => path)).toEqual(["/notify", "/lifecycle"]);
  expect(receiver.handshakes[0]?.token).toMatch(/^Validation: .+\+\/&\?$/);
  expect(made).toMatchObject({
    resource: `/users/${ROOM}/events`,
    changeType: "created,updated,deleted",
    clientState: "s3cret",
    applicationId: "lockstep",
    expirationDateTime: "2027-01-07T06:40:00.0000000Z",
  });
});

test("one address for both is asked once", async () => {
  await subscribe({ lifecycleNotificationUrl: `${receiver.url}/notify` });
  expect(receiver.handshakes).toHaveLength(1);
});

test.each([
  ["another status", { status: 202 }],
  ["another type", { type: "application/json" }],
  ["the token as it stood in the address", { encoded: true }],
  ["something else", { body: "ok" }],
])("an address that answers with %s gets no subscription", async (_, handshake) => {
  receiver.shakeWith(handshake);
  expect(await refusal(subscribe())).toBe("400 ValidationError");
  expect((await town.graph("GET", "subscriptions")).body.value).toEqual([]);
});

test("an address that cannot be reached gets no subscription", async () => {
  expect(await refusal(subscribe({ notificationUrl: "http://127.0.0.1:9/none" }))).toBe("400 ValidationError");
});

test.each([
  ["an unknown change", { changeType: "created,exploded" }, "400 InvalidRequest"],
  ["a path that is not documented", { resource: `/users/${ROOM}/calendars/x/events` }, "400 InvalidRequest"],
  ["a mailbox that does not exist", { resource: "/users/nobody@sandbox/events" }, "404 ResourceNotFound"],
  ["a clientState of 129 characters", { clientState: "x".repeat(129) }, "400 InvalidRequest"],
  ["no end", { expirationDateTime: null }, "400 InvalidRequest"],
  ["an end in the past", { expirationDateTime: "2027-01-01T00:00:00Z" }, "400 InvalidRequest"],
  ["a life beyond seven days", { expirationDateTime: "2027-01-11T12:01:00Z" }, "400 InvalidRequest"],
  ["no address", { notificationUrl: "nowhere" }, "400 InvalidRequest"],
])("a subscription with %s is refused, and no address is asked", async (_, wrong, expected) => {
  expect(await refusal(subscribe(wrong))).toBe(expected);
  expect(receiver.handshakes).toEqual([]);
});

test("a life below 45 minutes is raised to them", async () => {
  const made = await subscribe({ expirationDateTime: inMinutes(1) });
  expect(made.expirationDateTime).toBe("2027-01-04T12:45:00.0000000Z");
});

test("the same resource and changes a second time answer 409; other changes do not", async () => {
  await subscribe();
  expect(await refusal(subscribe())).toBe("409 Conflict");
  expect(await refusal(subscribe({ changeType: "deleted,updated,created" }))).toBe("409 Conflict");
  expect(await refusal(subscribe({ changeType: "created" }))).toBe("answered");
  expect(await refusal(subscribe({ resource: `users/${OTHER_ROOM}/events` }))).toBe("answered");
});

test("a notification names subscription, secret, change and event; clients check the secret per item", async () => {
  const subscription = await subscribe();
  const made = await create();
  await town.graph("PATCH", `users/${ROOM}/events/${made.id}`, { subject: "x" });
  await town.sandbox.tick();
  await town.graph("DELETE", `users/${ROOM}/events/${made.id}`);
  await town.sandbox.tick();

  const items = receiver.items();
  expect(items.map(({ changeType }) => changeType)).toEqual(["created", "updated", "deleted"]);
  expect(items[0]).toMatchObject({
    subscriptionId: subscription.id,
    subscriptionExpirationDateTime: subscription.expirationDateTime,
    clientState: "s3cret",
    tenantId: expect.any(String),
    resource: expect.stringMatching(/^Users\/.+\/Events\/AAMk/),
    resourceData: {
      "@odata.type": "#Microsoft.Graph.Event",
      "@odata.etag": made["@odata.etag"],
      id: made.id,
    },
  });
});

test("only the changes asked for are told, and only of the own room", async () => {
  await subscribe({ changeType: "deleted" });
  const made = await create();
  await create({}, OTHER_ROOM);
  await town.graph("DELETE", `users/${ROOM}/events/${made.id}`);
  await town.sandbox.tick();
  expect(receiver.items().map(({ changeType }) => changeType)).toEqual(["deleted"]);
});

test("a subscription made for immutable ids names them", async () => {
  await subscribe({}, { Prefer: 'IdType="ImmutableId"' });
  await create();
  const [{ resourceData } = {}] = receiver.items();
  expect(resourceData?.id).toMatch(/^AAkALg/);
});

test("one message may hold items of several subscriptions", async () => {
  const one = await subscribe();
  const other = await subscribe({ resource: `users/${OTHER_ROOM}/events`, clientState: "other" });
  for (const room of [ROOM, OTHER_ROOM]) {
    await town.graph("POST", `users/${room}/events`, { subject: "Choir", ...HALF_PAST_TEN });
  }
  await town.sandbox.tick();

  expect(receiver.messages).toHaveLength(1);
  expect(receiver.items().map(({ subscriptionId, clientState }) => [subscriptionId, clientState])).toEqual([
    [one.id, "s3cret"],
    [other.id, "other"],
  ]);
});

test("anything but 2xx is tried again, with growing waits, for four hours", async () => {
  await subscribe();
  receiver.answer(500, 404, 202);
  await create();
  expect(receiver.messages).toHaveLength(1);

  town.clock.advance(5000);
  await town.sandbox.tick();
  town.clock.advance(10_000);
  await town.sandbox.tick();
  town.clock.advance(3_600_000);
  await town.sandbox.tick();
  expect(receiver.messages).toHaveLength(3);

  await town.newToken();
  receiver.answer(...Array.from({ length: 100 }, () => 503));
  await create();
  for (let minute = 0; minute < 300; minute++) {
    town.clock.advance(MINUTE);
    await town.sandbox.tick();
  }
  expect(receiver.messages.length).toBe(3 + 17);
  expect((await town.control("state")).body.pendingNotices).toBe(0);
});

test.each([
  ["notify-lost", 0],
  ["notify-double", 2],
])("S31: with %s a change is told %i times", async (fault, times) => {
  await subscribe();
  await create({ "x-sandbox-fault": fault });
  expect(receiver.items()).toHaveLength(times);
});

test("a subscription is renewed; an unknown or ended one answers 404", async () => {
  const { id } = await subscribe();
  town.clock.advance(3000 * MINUTE);
  await town.newToken();

  const renewed = await town.graph("PATCH", `subscriptions/${id}`, { expirationDateTime: inMinutes(4000) });
  expect(renewed.body.expirationDateTime).toBe("2027-01-09T08:40:00.0000000Z");
  const later = { lifecycleNotificationUrl: `${receiver.url}/other`, expirationDateTime: inMinutes(4000) };
  expect((await town.graph("PATCH", `subscriptions/${id}`, later)).status).toBe(400);

  town.clock.advance(4001 * MINUTE);
  await town.newToken();
  const gone = await town.graph("PATCH", `subscriptions/${id}`, { expirationDateTime: inMinutes(60) });
  expect([gone.status, gone.body.error.code]).toEqual([404, "ResourceNotFound"]);
  await create();
  expect(receiver.items()).toEqual([]);
});

test("a deleted subscription hears nothing more", async () => {
  const { id } = await subscribe();
  expect((await town.graph("DELETE", `subscriptions/${id}`)).status).toBe(204);
  await create();
  expect(receiver.items()).toEqual([]);
  expect((await town.graph("DELETE", `subscriptions/${id}`)).status).toBe(404);
});

test("reauthorizationRequired pauses until it is reauthorized or renewed", async () => {
  const { id } = await subscribe();
  await town.person("lifecycle", { event: "reauthorizationRequired" });
  await create();
  expect(receiver.items().map(({ lifecycleEvent }) => lifecycleEvent)).toEqual(["reauthorizationRequired"]);
  expect(receiver.items()[0]).toMatchObject({ subscriptionId: id, clientState: "s3cret" });

  expect((await town.graph("POST", `subscriptions/${id}/reauthorize`)).status).toBe(204);
  await create();
  expect(receiver.items()).toHaveLength(2);
});

test("subscriptionRemoved tells the other address, and then it is gone", async () => {
  const { id } = await subscribe();
  await create({ "x-sandbox-fault": "lifecycle=subscriptionRemoved" });

  expect(receiver.messages.map(({ path }) => path)).toEqual(["/lifecycle"]);
  expect(receiver.items()).toMatchObject([{ lifecycleEvent: "subscriptionRemoved", subscriptionId: id }]);
  expect((await town.graph("GET", `subscriptions/${id}`)).status).toBe(404);
});

test("S31: missed says that something was not told, and the next change is", async () => {
  await subscribe();
  await create({ "x-sandbox-fault": "lifecycle=missed" });
  await create();
  expect(receiver.items().map(({ lifecycleEvent, changeType }) => lifecycleEvent ?? changeType)).toEqual([
    "missed",
    "created",
  ]);
});

test("without an address for it nothing is said of a subscription's life", async () => {
  await subscribe({ lifecycleNotificationUrl: undefined });
  await town.person("lifecycle", { event: "missed" });
  await town.sandbox.tick();
  expect(receiver.messages).toEqual([]);
});

test("S28: a subscription can be silent although it is open, slow, or lose all it would tell", async () => {
  await subscribe();
  await town.person("subscriptions", { make: "silent" });
  await create();
  await town.person("subscriptions", { make: "dropping" });
  await create();
  expect(receiver.items()).toEqual([]);

  await town.person("subscriptions", { make: "slow" });
  await create();
  expect(receiver.items()).toEqual([]);
  town.clock.advance(10_000);
  await town.sandbox.tick();
  expect(receiver.items()).toHaveLength(1);
});

test("a call can make a slow subscription", async () => {
  await subscribe({}, { "x-sandbox-fault": "subscription-slow" });
  await create();
  expect(receiver.items()).toEqual([]);
  town.clock.advance(10_000);
  await town.sandbox.tick();
  expect(receiver.items()).toHaveLength(1);
});

test.each([
  [1, 10, "normal"],
  [2, 15, "slow"],
  [2, 10, "dropping"],
])("%i slow answers of %i in ten minutes make an address %s", async (slow, all, state) => {
  await subscribe();
  for (let n = 0; n < all; n++) {
    receiver.before(n >= all - slow ? () => town.clock.advance(4000) : () => {});
    await create();
  }
  receiver.before(() => {});
  const told = receiver.items().length;

  await create();
  const atOnce = receiver.items().length - told;
  town.clock.advance(10_000);
  await town.sandbox.tick();
  const later = receiver.items().length - told;

  expect([atOnce, later]).toEqual({ normal: [1, 1], slow: [0, 1], dropping: [0, 0] }[state]);
});

test("S48: a mailbox can refuse subscriptions, for one call or for good", async () => {
  expect(await refusal(subscribe({}, { "x-sandbox-fault": "subscription-refused" }))).toBe("403 ExtensionError");
  await town.person("rooms", { email: ROOM, refusesSubscriptions: true });
  expect(await refusal(subscribe())).toBe("403 ExtensionError");
  expect(receiver.handshakes).toEqual([]);
});

test("the state shows subscriptions without their secrets, and what is still to be told", async () => {
  const { id } = await subscribe();
  await create({ "x-sandbox-fault": "notify-delay=3000" });

  const { body } = await town.control("state");

  expect(body).toMatchObject({ pendingNotices: 1, graph: { subscriptions: [{ id, open: true }] } });
  expect(JSON.stringify(body)).not.toContain("s3cret");
});
