import { afterEach, beforeEach, expect, test } from "vitest";
import { buildWorld } from "../../shared/edge/build-world.ts";
import { grantSecret } from "../../shared/flows/mail/connection.ts";
import { openMailbox } from "../../shared/flows/mail/grant-keeper.ts";
import { beginHandshake, finishHandshake } from "../../shared/flows/mail/handshake.ts";
import { syncConnection } from "../../shared/flows/mail/sync-connection.ts";
import type { World } from "../../shared/flows/world.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";
import { memoryPublisher } from "../fakes/memory-publisher.ts";
import { memoryStores } from "../fakes/memory-store.ts";
import { WS } from "../flows/studio.ts";
import { ANNA, gmail, type Lets, letsConfig, openLets, PATIENCE, s256 } from "./lets.ts";

const stores = () => memoryStores();
let lets: Lets;
let shared: ReturnType<typeof memoryStores>;
beforeEach(async () => {
  shared = stores();
  lets = await openLets({ stores: shared });
});
afterEach(() => lets.studio.sandbox.close());

/** Another instance beside the first: same store and secrets, a memory of its own. */
function anotherInstance(): World {
  const { world, studio } = lets;
  let turns = 0;
  return buildWorld({
    config: letsConfig(),
    // Time passes for whoever waits, and others get their turn.
    clock: { now: () => world.clock.now(), sleep: () => new Promise((resolve) => setTimeout(resolve, 1)) },
    newId: () => `other-${++turns}`.padEnd(32, "0"),
    log: world.log,
    publisher: memoryPublisher(),
    secrets: world.secrets,
    publicUrl: world.publicUrl,
    stores: shared,
    providers: PROVIDERS,
    environment: { GMAIL_API_ROOT: "http://sandbox" },
    fetch: studio.sandbox.fetch,
  });
}

test("S46: two instances refresh at once: one goes first, the other goes on with what it got, and nobody has to reconnect", async () => {
  await lets.studio.call("POST", "/sandbox/options", { gmailRotateTokens: true });
  await gmail(lets.studio, "expire-access", { email: ANNA });
  const [one, two] = [anotherInstance(), anotherInstance()];
  const before = await lets.world.secrets.read(grantSecret(lets.connection.id));

  const labels = await Promise.all([one, two].map((world) => openMailbox(world, WS, lets.connection).labels()));

  expect(labels.every((each) => each.some(({ name }) => name === "Airbnb"))).toBe(true);
  const after = await lets.world.secrets.read(grantSecret(lets.connection.id));
  expect(after).not.toBe(before);
  const refused = lets.studio.sandbox.log
    .calls()
    .filter((call) => call.operation === "oauth.token" && call.status >= 400);
  expect(refused).toEqual([]);
});

test("S46: calls of one instance share a renewal", async () => {
  const world = anotherInstance();
  lets.studio.sandbox.log.reset();
  const mailbox = openMailbox(world, WS, lets.connection);

  await Promise.all([mailbox.labels(), mailbox.position(), mailbox.labels()]);

  expect(lets.studio.sandbox.log.counts()["gmail oauth.token"]).toBe(1);
});

test("S46: an outage of the token endpoint ends no connection", async () => {
  await gmail(lets.studio, "expire-access", { email: ANNA });
  await lets.studio.call("POST", "/sandbox/faults", {
    rules: [{ api: "gmail", path: "/oauth/token", kinds: ["status=503"] }],
  });

  await expect(syncConnection(lets.world, WS, lets.connection.id, PATIENCE)).rejects.toMatchObject({
    code: "PROVIDER_UNAVAILABLE",
  });

  expect((await lets.studio.store.query({ collection: "connections" }))[0]?.data).toMatchObject({
    status: "connected",
  });
});

/** What Google sends the browser back with. */
async function answerOf(address: string): Promise<{ state: string; code: string }> {
  const answer = await lets.studio.sandbox.fetch(address, { redirect: "manual" });
  const { searchParams } = new URL(answer.headers.get("location") ?? "");
  return { state: searchParams.get("state") ?? "", code: searchParams.get("code") ?? "" };
}

test("the way to Google asks for offline access with PKCE, and holds neither connection nor verifier", async () => {
  const { address, verifier } = await beginHandshake(lets.world, WS, lets.connection.id, "test");
  const { searchParams } = new URL(address);

  expect(Object.fromEntries(searchParams)).toMatchObject({
    access_type: "offline",
    prompt: "consent",
    code_challenge: s256(verifier),
    code_challenge_method: "S256",
    scope: "https://www.googleapis.com/auth/gmail.readonly",
  });
  expect(address).not.toContain(lets.connection.id);
  expect(address).not.toContain(verifier);
});

test("an answer in another browser, with a forged state, used twice or too late is refused", async () => {
  const { address, verifier } = await beginHandshake(lets.world, WS, lets.connection.id, "test");
  const answer = await answerOf(address);
  const refusal = { code: "FORBIDDEN" };

  await expect(finishHandshake(lets.world, { ...answer, verifier: "x".repeat(64) })).rejects.toMatchObject(refusal);
  await expect(finishHandshake(lets.world, { ...answer, state: `${WS}.forged`, verifier })).rejects.toMatchObject(
    refusal,
  );
  await expect(finishHandshake(lets.world, { ...answer, state: "nowhere", verifier })).rejects.toMatchObject(refusal);
  await finishHandshake(lets.world, { ...answer, verifier });
  await expect(finishHandshake(lets.world, { ...answer, verifier })).rejects.toMatchObject(refusal);

  const late = await beginHandshake(lets.world, WS, lets.connection.id, "test");
  const lateAnswer = await answerOf(late.address);
  lets.studio.clock.advance(601_000);
  await expect(finishHandshake(lets.world, { ...lateAnswer, verifier: late.verifier })).rejects.toMatchObject(refusal);
});

test("a state of one workspace opens nothing in another", async () => {
  const { address, verifier } = await beginHandshake(lets.world, WS, lets.connection.id, "test");
  const { state, code } = await answerOf(address);

  const moved = state.replace(/^loft\./, "villa.");

  await expect(finishHandshake(lets.world, { state: moved, code, verifier })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
});

test("who says no at Google leaves the connection as it was", async () => {
  await lets.studio.call("POST", "/sandbox/options", { gmailConsent: "deny" });
  const { address, verifier } = await beginHandshake(lets.world, WS, lets.connection.id, "test");
  const answer = await lets.studio.sandbox.fetch(address, { redirect: "manual" });
  const state = new URL(answer.headers.get("location") ?? "").searchParams.get("state") ?? "";

  await expect(finishHandshake(lets.world, { state, verifier })).rejects.toMatchObject({ code: "NEEDS_RECONNECT" });

  expect((await lets.studio.store.query({ collection: "connections" }))[0]?.data).toMatchObject({
    status: "connected",
  });
});
