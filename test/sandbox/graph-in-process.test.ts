import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../../scripts/sandbox/sandbox.ts";
import { seedTown } from "../../scripts/sandbox/seed-demo.ts";
import { countedIds, handClock, stillAlarm } from "./harness.ts";
import { CREDENTIALS, type GraphBody, HALF_PAST_TEN, JANUARY, ROOM } from "./town.ts";

function open(more: { dataDir?: string; send?: typeof fetch } = {}): Sandbox {
  const sandbox = createSandbox({ clock: handClock(), newId: countedIds(), alarm: stillAlarm, ...more });
  seedTown(sandbox);
  return sandbox;
}

async function login(sandbox: Sandbox): Promise<string> {
  const response = await sandbox.fetch("https://login.test/graph/t/oauth2/v2.0/token", {
    method: "POST",
    body: new URLSearchParams(CREDENTIALS),
  });
  return JSON.parse(await response.text()).access_token;
}

async function call(sandbox: Sandbox, token: string, method: string, link: string, body?: object): Promise<GraphBody> {
  const path = link.replace("https://graph.microsoft.com", "https://graph.test/graph");
  const response = await sandbox.fetch(path.startsWith("https") ? path : `https://graph.test/graph/v1.0/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return JSON.parse(await response.text());
}

/** Answers handshakes and keeps the rest. */
function pushTarget(): { send: typeof fetch; bodies: string[] } {
  const bodies: string[] = [];
  const send: typeof fetch = async (input, init) => {
    const token = new URL(String(input)).searchParams.get("validationToken");
    if (token === null) bodies.push(String(init?.body));
    return new Response(token ?? "", { headers: { "content-type": "text/plain" } });
  };
  return { send, bodies };
}

function wish(): object {
  return {
    changeType: "created",
    notificationUrl: "https://push.test/graph-push",
    resource: `users/${ROOM}/events`,
    expirationDateTime: "2027-01-08T12:00:00Z",
  };
}

test("without a port, handshakes and notifications leave by what was given for sending", async () => {
  const { send, bodies } = pushTarget();
  const sandbox = open({ send });
  const token = await login(sandbox);

  const { id } = await call(sandbox, token, "POST", "subscriptions", wish());
  await call(sandbox, token, "POST", `users/${ROOM}/events`, HALF_PAST_TEN);
  await sandbox.tick();

  expect(bodies.map((body) => JSON.parse(body).value)).toMatchObject([[{ subscriptionId: id, changeType: "created" }]]);
  sandbox.close();
});

test("the same clock, ids and calls give the same answers", async () => {
  const run = async () => {
    const sandbox = open({ send: pushTarget().send });
    const token = await login(sandbox);
    await call(sandbox, token, "POST", "subscriptions", wish());
    await call(sandbox, token, "POST", `users/${ROOM}/events`, HALF_PAST_TEN);
    const round = await call(sandbox, token, "GET", `users/${ROOM}/calendarView/delta?${JANUARY}`);
    sandbox.close();
    return JSON.stringify(round);
  };
  expect(await run()).toBe(await run());
});

test("a restart keeps events, tombstones, tokens, delta links and subscriptions", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "sandbox-graph-"));
  const { send } = pushTarget();
  const before = open({ dataDir, send });
  const token = await login(before);
  const subscription = await call(before, token, "POST", "subscriptions", wish());
  const made = await call(before, token, "POST", `users/${ROOM}/events`, HALF_PAST_TEN);
  const round = await call(before, token, "GET", `users/${ROOM}/calendarView/delta?${JANUARY}`);
  await before.fetch("http://x/sandbox/graph/delete", {
    method: "POST",
    body: JSON.stringify({ room: ROOM, id: made.id }),
  });
  before.close();

  const after = open({ dataDir, send });
  const next = await call(after, token, "GET", round["@odata.deltaLink"] ?? "");
  const kept = await call(after, token, "GET", `subscriptions/${subscription.id}`);
  after.close();
  rmSync(dataDir, { recursive: true });

  expect(next.value).toMatchObject([{ id: made.id, "@removed": { reason: "deleted" } }]);
  expect(kept.id).toBe(subscription.id);
});

test("a state that was saved before an option existed has its default", () => {
  const sandbox = open();
  const { timeZone } = sandbox.world.options();
  // As an older version left it: the row holds what there was then.
  sandbox.world.cabinet.shelf("options").put("options", "current", { timeZone, graphPageSize: 3 });

  expect(sandbox.world.options()).toMatchObject({ graphPageSize: 3, graphTokenSeconds: 3599 });
  sandbox.close();
});
