import { expect, test } from "vitest";
import { studioConfig } from "../../scripts/sim/studio/studio-config.ts";
import type { Config, WorkspaceConfig } from "../../shared/config.ts";
import { checkWebhook } from "../../shared/edge/webhook-signature.ts";
import { deliverAlerts, testAlerts } from "../../shared/flows/deliver-alerts.ts";
import type { AlertDoc } from "../../shared/flows/documents.ts";
import { pollSources } from "../../shared/flows/poll-sources.ts";
import { openRunningStudio, WS } from "./studio.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ADDRESS = "https://alerts.example.org/lockstep";

interface Posted {
  readonly headers: Headers;
  readonly body: string;
}

/** A running studio whose alerts go to an address that answers as `status` says, and what arrived there. */
async function opened(options: { readonly afterMinutes?: number } = {}) {
  const posted: Posted[] = [];
  const answer = { status: 204 };
  const workspace: WorkspaceConfig = {
    ...loft(studioConfig({})),
    alerts: { webhook: ADDRESS, secret: "alerts", afterMinutes: options.afterMinutes ?? 0 },
  };
  const studio = await openRunningStudio({
    config: { workspaces: { [WS]: workspace } },
    fetch: (sandbox) => async (input, init) => {
      const request = new Request(input, init);
      if (request.url !== ADDRESS) return sandbox(input, init);
      posted.push({ headers: request.headers, body: await request.text() });
      return new Response(null, { status: answer.status });
    },
  });
  const world = { ...studio.world, secrets: { read: async () => SECRET, write: async () => {} } };
  const alerts = async () => (await studio.store.query<AlertDoc>({ collection: "alerts" })).map(({ data }) => data);
  return { studio, world, workspace, posted, answer, alerts };
}

function loft({ workspaces }: Config): WorkspaceConfig {
  const workspace = workspaces[WS];
  if (workspace === undefined) throw new Error("the studio has a workspace");
  return workspace;
}

test("S57: alerts test themselves: one goes all the way, signed, and leaves nothing open", async () => {
  const { studio, world, workspace, posted, alerts } = await opened();

  const result = await testAlerts(world, WS, workspace);

  expect(result).toEqual({ raised: true, delivered: true, reason: null });
  const [{ headers, body } = { headers: new Headers(), body: "" }] = posted;
  const head = { id: headers.get("webhook-id"), timestamp: headers.get("webhook-timestamp") };
  checkWebhook(
    { id: head.id ?? "", timestamp: head.timestamp ?? "", signature: headers.get("webhook-signature") ?? "" },
    Buffer.from(body),
    [SECRET],
    studio.clock.now(),
  );
  expect(JSON.parse(body)).toMatchObject({ type: "alert.opened", data: { ws: WS, kind: "test" }, email: {} });
  expect((await alerts()).filter(({ status }) => status !== "closed")).toEqual([]);
});

test("S57: a way of alerts that leads nowhere is found by its test, with the reason", async () => {
  const { world, workspace, answer } = await opened();
  const { alerts: _none, ...without } = workspace;
  const wrongSecret = { ...world, secrets: { read: async () => "whsec_!", write: async () => {} } };

  answer.status = 500;
  const refused = await testAlerts(world, WS, workspace);
  const unsigned = await testAlerts(wrongSecret, WS, workspace);
  const nobody = await testAlerts(world, WS, without);

  expect(refused).toEqual({ raised: true, delivered: false, reason: "answered 500" });
  expect(unsigned).toMatchObject({ raised: true, delivered: false });
  expect(nobody).toEqual({ raised: true, delivered: null, reason: null });
});

test("S57: an alert of a job that fails fires once, is told once however often it is tried, and ends with its cause", async () => {
  const { studio, world, workspace, posted, answer, alerts } = await opened();
  await studio.call("POST", "/sandbox/faults", { rules: [{ api: "uschedule", kinds: ["status=503"], times: 500 }] });

  await pollSources(world);
  await pollSources(world);
  answer.status = 503;
  await deliverAlerts(world, WS, workspace);
  answer.status = 204;
  await deliverAlerts(world, WS, workspace);
  await deliverAlerts(world, WS, workspace);
  const fired = (await alerts()).filter(({ status }) => status === "open");
  await studio.call("DELETE", "/sandbox/faults");
  studio.clock.advance(20 * 60_000);
  await pollSources(world);
  await studio.sweep();

  expect(fired.map(({ kind }) => kind)).toEqual(["source-unreadable"]);
  expect(posted).toHaveLength(2);
  expect(posted[0]?.headers.get("webhook-id")).toBe(posted[1]?.headers.get("webhook-id"));
  expect((await alerts()).map(({ status }) => status)).toEqual(["closed"]);
});

test("S57: no alert fires in a day on which all is well", async () => {
  const { studio, world, workspace, posted, alerts } = await opened();
  await studio.book(1, "2027-01-12T10:00:00");

  for (let hour = 0; hour < 24; hour++) {
    studio.clock.advance(3_600_000);
    await studio.settle();
    await studio.turnSchedulers();
    await studio.sweep();
    await deliverAlerts(world, WS, workspace);
  }

  expect([await alerts(), posted]).toEqual([[], []]);
});

test("what closes by itself within the workspace's patience is not told", async () => {
  const { studio, world, workspace, posted } = await opened({ afterMinutes: 10 });
  await studio.call("POST", "/sandbox/faults", { rules: [{ api: "uschedule", kinds: ["status=503"], times: 500 }] });
  await pollSources(world);

  await deliverAlerts(world, WS, workspace);
  const soon = posted.length;
  studio.clock.advance(11 * 60_000);
  await deliverAlerts(world, WS, workspace);

  expect([soon, posted.length]).toEqual([0, 1]);
});
