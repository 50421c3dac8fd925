import { afterEach, beforeEach, expect, test } from "vitest";
import { osm } from "../../../shared/providers/osm/index.ts";
import { codeOf } from "../../contract/trouble.ts";
import { fakeMemory } from "../../fakes/source-memory.ts";
import { type Account, counted, openAccount, WINDOW } from "./instances.ts";

let account: Account;
beforeEach(() => {
  account = openAccount();
});
afterEach(() => account.stage.close());

const HOUR_MS = 3_600_000;

/** An account that a person authorised: its refresh token is good once, as OSM gives another with each. */
async function authorised() {
  const given = String((await account.stage.arrange("osm/authorize", {}))["refresh_token"]);
  const settings = osm.settings.parse({ campsiteId: 1, refreshToken: "osm-refresh", clientSecret: "osm-secret" });
  const secrets = { read: async (name: string) => (name === "osm-refresh" ? given : "the client's secret") };
  const connection = { ...account.stage.connection("osm", settings), secrets };
  return (name: string) => osm.connect({ ...connection, memory: fakeMemory(account.stores, name) });
}

test("S46: two instances whose token ended renew it once; the other takes what was saved", async () => {
  const instance = await authorised();
  const [first, second] = [instance("a"), instance("b")];
  await Promise.all([first.list(WINDOW), second.list(WINDOW)]);
  const begun = counted(account.calls());
  account.stage.clock.advance(2 * HOUR_MS);

  const codes = await Promise.all([codeOf(first.list(WINDOW)), codeOf(second.list(WINDOW))]);

  expect(codes).toEqual(["answered", "answered"]);
  expect(begun).toEqual({ token: 1, list: 8 });
  expect(counted(account.calls())).toEqual({ token: 1, list: 8 });
});

test("S46: a token that OSM forgot is renewed once by whichever calls meet it first", async () => {
  const instance = await authorised();
  const source = instance("a");
  await source.list(WINDOW);
  await account.stage.arrange("osm/expire-tokens", {});
  account.calls();

  expect(await codeOf(source.list(WINDOW))).toBe("answered");
  expect(counted(account.calls())).toEqual({ token: 1, list: 8 });
});

test("S46: a later instance goes on with the refresh token that came last, not with the one from the secrets", async () => {
  const instance = await authorised();
  await instance("a").list(WINDOW);
  account.stage.clock.advance(2 * HOUR_MS);

  expect(await codeOf(instance("later").list(WINDOW))).toBe("answered");
});

test("S46: invalid_grant is PROVIDER_UNAUTHORIZED for all, and nobody asks again for five minutes", async () => {
  const instance = await authorised();
  await account.stage.fail({ api: "osm", path: "/oauth/token", kinds: ["invalid-grant"] });

  const codes = [await codeOf(instance("a").list(WINDOW)), await codeOf(instance("b").list(WINDOW))];
  const asked = counted(account.calls());
  account.stage.clock.advance(5 * 60_000);

  expect(codes).toEqual(["PROVIDER_UNAUTHORIZED", "PROVIDER_UNAUTHORIZED"]);
  expect(asked).toEqual({ token: 1 });
  expect(await codeOf(instance("b").list(WINDOW))).toBe("answered");
});

test("S46: an instance that dies while it renews holds the others up for half a minute, not for good", async () => {
  const instance = await authorised();
  const memory = fakeMemory(account.stores, "dead");
  const until = new Date(Date.parse(account.stage.clock.now()) + 30_000).toISOString();
  await memory.save("token", { lease: { by: "dead", until } }, undefined);

  expect(await codeOf(instance("a").list(WINDOW))).toBe("PROVIDER_UNAVAILABLE");
  account.stage.clock.advance(30_000);
  expect(await codeOf(instance("a").list(WINDOW))).toBe("answered");
});

test("what is kept of the token is sealed: neither it nor the refresh token stands in the store", async () => {
  const instance = await authorised();
  await instance("a").list(WINDOW);

  const stored = await account.stores.workspace("camp").get({ collection: "memories", id: "account~token" });
  const text = JSON.stringify(stored?.data);

  expect(text).toContain("sealed");
  expect(text).not.toMatch(/osm\.0|refresh\.0/);
});
