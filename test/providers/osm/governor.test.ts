import { afterEach, beforeEach, expect, test } from "vitest";
import { codeOf } from "../../contract/trouble.ts";
import { type Account, counted, openAccount, WINDOW } from "./instances.ts";

let account: Account;
beforeEach(() => {
  account = openAccount({ itemsPerListing: 0 });
});
afterEach(() => account.stage.close());

const HOUR_MS = 3_600_000;
const limit = (osmRateLimit: number) => account.stage.arrange("options", { osmRateLimit });
const meter = async () => {
  const state = await (await account.stage.sandbox.fetch("http://sandbox/sandbox/state")).json();
  // Proof: so the sandbox shows its state (`scripts/sandbox/osm/show-state.ts`).
  return (state as { osm: { meter: { calls: number; blocked: boolean } } }).osm.meter;
};

test("S45: two instances that list without end pause before the hour's limit, and go on when it is over", async () => {
  await limit(100);
  const instances = [account.instance("a"), account.instance("b")];
  let refused = 0;

  for (let turn = 0; turn < 60; turn++) {
    for (const instance of instances) if ((await codeOf(instance.list(WINDOW))) !== "answered") refused += 1;
  }

  const { calls, blocked } = await meter();
  expect([calls <= 90, calls > 50, blocked]).toEqual([true, true, false]);
  expect(refused).toBeGreaterThan(50);
  account.stage.clock.advance(HOUR_MS);
  expect(await codeOf(instances[0]?.list(WINDOW) ?? Promise.reject(new Error("none")))).toBe("answered");
});

test("S45: what other programs of the same person spent is told, and counts", async () => {
  const source = account.instance();
  await source.list(WINDOW);
  await account.stage.arrange("osm/spend", { calls: 945 });

  const told = await codeOf(source.list(WINDOW));
  const after = await codeOf(source.list(WINDOW));
  account.calls();

  expect([told, after]).toEqual(["answered", "PROVIDER_RATE_LIMITED"]);
  expect(await codeOf(source.read([{ id: "1" }]))).toBe("PROVIDER_RATE_LIMITED");
  expect(account.calls()).toEqual([]);
});

test("S45: what can wait is no longer asked once half of the hour's calls are spent", async () => {
  const eager = openAccount({ itemsMinutes: 0 });
  await eager.book({});
  const source = eager.instance();
  await source.list(WINDOW);
  await eager.stage.arrange("osm/spend", { calls: 600 });
  eager.calls();

  const listing = await source.list(WINDOW);

  expect(counted(eager.calls())).toEqual({ list: 4 });
  expect(listing.bookings).toHaveLength(1);
  await eager.stage.close();
});

test("S44: Retry-After holds every instance, not the one alone that met it", async () => {
  const [first, second] = [account.instance("a"), account.instance("b")];
  await second.list(WINDOW);
  await account.stage.fail({ api: "osm", path: "bookings/", kinds: ["status=429;retry-after=90"] });
  await codeOf(first.read([{ id: "12345" }]));
  account.stage.clock.advance(2_000);
  account.calls();

  expect(await codeOf(second.list(WINDOW))).toBe("PROVIDER_RATE_LIMITED");
  expect(account.calls()).toEqual([]);
  account.stage.clock.advance(90_000);
  expect(await codeOf(second.list(WINDOW))).toBe("answered");
});

test("S45: X-Blocked stops every call of every instance, also of one that starts later, until a person lifts it", async () => {
  const [first, second] = [account.instance("a"), account.instance("b")];
  await second.list(WINDOW);
  await account.stage.fail({ api: "osm", path: "/bookings", kinds: ["blocked"] });
  expect(await codeOf(first.list(WINDOW))).toBe("PROVIDER_BLOCKED");
  account.stage.clock.advance(24 * HOUR_MS);
  await account.stage.arrange("osm/unblock", {});
  account.calls();

  const stopped = [first, second, account.instance("c")];

  for (const each of stopped) expect(await codeOf(each.list(WINDOW))).toBe("PROVIDER_BLOCKED");
  expect(account.calls()).toEqual([]);
  expect((await second.governor?.show())?.blockedAt).toBeDefined();
  expect([await second.governor?.lift(), await second.governor?.lift()]).toEqual([true, false]);
  account.stage.clock.advance(2_000);
  for (const each of stopped) expect(await codeOf(each.list(WINDOW))).toBe("answered");
});

test("R12: the budget costs one write for many calls", async () => {
  const source = account.instance();
  await source.list(WINDOW);
  const read = () => account.stores.workspace("camp").get({ collection: "memories", id: "account~budget" });
  const before = (await read())?.version;

  for (let turn = 0; turn < 4; turn++) await source.list(WINDOW);

  expect((await read())?.version).toBe(before);
});
