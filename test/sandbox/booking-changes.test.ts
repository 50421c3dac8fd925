import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NINE, openTown, TEN, type Town } from "./booking-town.ts";
import { complaintsAbout } from "./contract.ts";
import { openReceiver, type Receiver } from "./receiver.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

let town: Town;
let receiver: Receiver;
beforeEach(async () => {
  receiver = await openReceiver();
  town = openTown({ send: fetch });
  await town.set({ bookingWebhook: { url: receiver.url, secret: SECRET } });
});
afterEach(async () => {
  town.sandbox.close();
  await receiver.close();
});

interface Changes {
  readonly items: readonly { readonly id: string; readonly version: number; readonly deleted?: true }[];
  readonly next: string;
  readonly more: boolean;
}

const changes = async (query = "") => (await town.call<Changes>(`/changes${query}`)).body;
const book = (more: object = {}) => town.desk("book", { resources: "room-1", ...NINE, title: "Choir", ...more });

describe("changes since a cursor", () => {
  test("come once each as they are now, deletions as tombstones, oldest first", async () => {
    const { next } = await changes();
    const [moved, deleted] = [await book(), await book({ resources: "room-2" })];
    await town.desk("delete", { id: deleted.id });
    await town.desk("move", { id: moved.id, ...TEN });

    const since = await changes(`?since=${next}`);

    expect(since.items.map(({ id, version, deleted: gone }) => [id, version, gone])).toEqual([
      [deleted.id, 2, true],
      [moved.id, 2, undefined],
    ]);
    expect((await changes(`?since=${since.next}`)).items).toEqual([]);
  });

  test("come in pages, and what vanished without a trace does not come at all", async () => {
    const { next } = await changes();
    for (const room of [1, 2, 3]) await book({ resources: `room-${room}` });
    const { id } = await book({ resources: "room-4" });
    await town.desk("remove", { id });

    const first = await changes(`?since=${next}&limit=2`);
    const second = await changes(`?since=${first.next}&limit=2`);

    expect([first, second].map(({ items, more }) => [items.length, more])).toEqual([
      [2, true],
      [1, false],
    ]);
  });

  test("S29: an old cursor is 410, by age or by fault", async () => {
    const { next } = await changes();
    const early = await town.call(`/changes?since=${next}`, { fault: "expire-cursor" });
    town.clock.advance(8 * 86_400_000);
    const late = await town.call(`/changes?since=${next}`);

    expect([early.status, late.status, late.body.code]).toEqual([410, 410, "CURSOR_EXPIRED"]);
    expect((await town.call("/changes?since=yesterday")).status).toBe(400);
  });
});

describe("webhooks", () => {
  const bodies = () => receiver.received.map(({ body }) => JSON.parse(body));

  test("tell what happened to which reservation and its version, and no word more", async () => {
    const { id } = await book();
    await town.desk("rooms", { id, resources: ["room-2", "room-3"] });
    await town.desk("cancel", { id });
    await town.desk("enable", { id });
    await town.desk("delete", { id });
    await town.sandbox.tick();

    expect(bodies().map(({ type, data }) => [type, data])).toEqual([
      ["reservation.created", { id, version: 1 }],
      ["reservation.changed", { id, version: 2 }],
      ["reservation.cancelled", { id, version: 3 }],
      ["reservation.enabled", { id, version: 4 }],
      ["reservation.deleted", { id, version: 5 }],
    ]);
    for (const body of bodies()) expect(complaintsAbout(body, "/components/schemas/Notice")).toEqual([]);
  });

  test("S33: are signed as the library signs; the secret is shown nowhere", async () => {
    await book();
    await town.sandbox.tick();
    const [got] = receiver.received;

    const at = new Date(Number(got?.headers["webhook-timestamp"]) * 1000);
    const state = await (await town.sandbox.fetch("http://sandbox/sandbox/state")).text();

    expect(got?.headers["webhook-signature"]).toBe(
      new Webhook(SECRET).sign(String(got?.headers["webhook-id"]), at, got?.body ?? ""),
    );
    expect(state).not.toContain(SECRET);
  });

  test.each([
    ["notify-lost", 0],
    ["notify-double", 2],
  ])("S31: %s delivers %i times, under one id", async (fault, times) => {
    await town.desk("book", { resources: "room-1", ...NINE }, fault);
    await town.sandbox.tick();

    expect(receiver.received).toHaveLength(times);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBeLessThanOrEqual(1);
  });

  test("S31: what is refused is tried again under the same id", async () => {
    receiver.answer(503, 500);
    await book();
    for (const _ of [1, 2, 3]) {
      await town.sandbox.tick();
      town.clock.advance(10_000);
    }

    expect(receiver.received).toHaveLength(3);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  });

  test("what vanishes without a trace tells nobody, and what changes nothing neither", async () => {
    const { id } = await book();
    await town.sandbox.tick();
    await town.desk("edit", { id, title: "Choir" });
    await town.desk("remove", { id });
    await town.sandbox.tick();

    expect(receiver.received).toHaveLength(1);
  });
});
