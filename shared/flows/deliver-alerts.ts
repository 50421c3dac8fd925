import { createHash } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { isError, isOurOwnFailure, LockstepError } from "../errors.ts";
import type { Stored } from "../ports/store.ts";
import { later } from "../sync/time.ts";
import { type AlertDoc, alertRef } from "./documents.ts";
import { closeAlert, raiseAlert } from "./review.ts";
import type { WorkspaceConfig, World } from "./world.ts";

/** Alerts delivered in one run; the rest waits for the next (law 12). */
const MAX_ALERTS = 100;

/**
 * Tells the workspace's webhook of each open alert, once, signed by Standard Webhooks; one that is not taken is tried again
 * with the next run, under the same `webhook-id`. Without a webhook in the configuration nothing is read.
 */
export async function deliverAlerts(world: World, ws: string, workspace: WorkspaceConfig): Promise<void> {
  if (workspace.alerts === undefined) return;
  const due = later(world.clock.now(), -workspace.alerts.afterMinutes * 60_000);
  const open = await world.store(ws).query<AlertDoc>({
    collection: "alerts",
    where: [{ field: "status", op: "==", value: "open" }],
    limit: MAX_ALERTS,
  });
  for (const stored of open) {
    if (stored.data.deliveredAt !== undefined || stored.data.openedAt > due) continue;
    const refusal = await post(world, ws, workspace.alerts, stored.data);
    if (refusal === undefined) await noteDelivered(world, ws, stored);
    else world.log.write("WARNING", "alert could not be delivered", { ws, alert: stored.data.id, reason: refusal });
  }
}

async function noteDelivered(world: World, ws: string, { ref, data, version }: Stored<AlertDoc>): Promise<void> {
  try {
    const done: AlertDoc = { ...data, deliveredAt: world.clock.now() };
    await world.store(ws).commit([{ kind: "put", ref, data: done, ifVersion: version }]);
  } catch (error) {
    // Closed or acknowledged this moment: told all the same.
    if (!isError(error, "STORE_CONFLICT")) throw error;
  }
}

export interface TestedAlerts {
  /** An alert was raised, and stood open in the store. */
  readonly raised: boolean;
  /** The webhook took it; null where there is none in the configuration. */
  readonly delivered: boolean | null;
  /** Why it was not taken. */
  readonly reason: string | null;
}

/** Raises an alert of kind `test`, delivers it at once and closes it again: the way of every alert, from end to end (S57). */
export async function testAlerts(world: World, ws: string, workspace: WorkspaceConfig): Promise<TestedAlerts> {
  const store = world.store(ws);
  const subject = world.newId();
  const detail = "Nothing is wrong: somebody tests whether alerts arrive.";
  await raiseAlert(store, { kind: "test", subject, detail }, world.clock.now());
  const stored = await store.get<AlertDoc>(alertRef(`test~${subject}`));
  const raised = stored?.data.status === "open";
  const refusal =
    stored === undefined || workspace.alerts === undefined
      ? undefined
      : await post(world, ws, workspace.alerts, stored.data);
  await closeAlert(store, "test", subject);
  const delivered = workspace.alerts === undefined ? null : raised && refusal === undefined;
  return { raised, delivered, reason: refusal ?? null };
}

/** Undefined where it was taken, else why it was not. Throws where our own store or secrets fail. */
async function post(
  world: World,
  ws: string,
  to: NonNullable<WorkspaceConfig["alerts"]>,
  alert: AlertDoc,
): Promise<string | undefined> {
  const { id, kind, subject, detail, openedAt } = alert;
  const text = `${detail}\n\nSince ${openedAt}, in workspace ${ws}.`;
  const body = JSON.stringify({
    ...{ type: "alert.opened", timestamp: openedAt, data: { ws, id, kind, subject, detail, openedAt } },
    email: { subject: `Lockstep ${ws}: ${kind} ${subject}`, text },
  });
  const messageId = createHash("sha256").update(`${ws}\n${id}\n${openedAt}`).digest("hex").slice(0, 32);
  const at = new Date(world.clock.now());
  try {
    const signature = new Webhook(await world.secrets.read(to.secret)).sign(messageId, at, body);
    const answer = await world.fetch(to.webhook, {
      method: "POST",
      redirect: "error",
      headers: {
        "content-type": "application/json",
        "webhook-id": messageId,
        "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
        "webhook-signature": signature,
      },
      body,
    });
    await answer.body?.cancel();
    return answer.ok ? undefined : `answered ${answer.status}`;
  } catch (error) {
    if (isOurOwnFailure(error)) throw error;
    return error instanceof LockstepError
      ? error.message
      : "could not be reached, or its secret is none of Standard Webhooks";
  }
}
