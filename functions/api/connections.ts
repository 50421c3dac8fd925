import { z } from "zod";
import { type EdgeAnswer, jsonBody, parsed } from "../../shared/cloud/edge-request.ts";
import { logOperatorAction } from "../../shared/edge/edge-log.ts";
import { isError, LockstepError } from "../../shared/errors.ts";
import {
  type ConnectionDoc,
  connectionRef,
  listConnections,
  loadConnection,
  PLATFORMS,
} from "../../shared/flows/mail/connection.ts";
import { createConnection, editConnection } from "../../shared/flows/mail/edit-connection.ts";
import { syncConnection } from "../../shared/flows/mail/sync-connection.ts";
import { askForMail } from "../../shared/flows/mail/touch-mailbox.ts";
import type { ApiCall } from "./route.ts";

const Words = z.strictObject({
  platform: z.enum(PLATFORMS).exactOptional(),
  /** Exact name of the Gmail label; Gmail keeps at most 225 characters. */
  reservation_label: z.string().trim().min(1).max(225).exactOptional(),
  /** The one property its mails are about, as id of a resource; null: they name it themselves. */
  property: z.string().nullable().exactOptional(),
});
const NewWords = Words.required({ platform: true });

/** A person waits for the answer; what is left then is read by `gmail-poll`. */
const PATIENCE = { budgetMs: 45_000, waitsForQuota: false };

export async function createConnectionHere({ world, caller, body }: ApiCall): Promise<EdgeAnswer> {
  const words = parsed(NewWords, jsonBody(body), "body");
  const doc = await createConnection(world, caller.ws, { ...wordsOf(words), platform: words.platform }, caller.actor);
  note({ world, caller }, "create connection", doc.id);
  return { status: 201, json: shown(doc) };
}

export async function changeConnectionHere(call: ApiCall): Promise<EdgeAnswer> {
  const { world, caller, body, param } = call;
  const words = parsed(Words, jsonBody(body), "body");
  await requireHere(call);
  const doc = await editConnection(world, caller.ws, param("id"), wordsOf(words));
  note(call, "change connection", doc.id);
  return { status: 200, json: shown(doc) };
}

export async function showConnections({ world, caller }: ApiCall): Promise<EdgeAnswer> {
  return { status: 200, json: { items: (await listConnections(world.store(caller.ws))).map(shown), next: null } };
}

export async function showConnection(call: ApiCall): Promise<EdgeAnswer> {
  return { status: 200, json: shown(await requireHere(call)) };
}

/** How the mailbox does: `connected`, `pending` or `error` with its reason, and when it was read. */
export async function showHealth(call: ApiCall): Promise<EdgeAnswer> {
  return { status: 200, json: healthOf(await requireHere(call)) };
}

/** Reads new mail now. Throws SYNC_IN_PROGRESS, LABEL_NOT_FOUND, LABEL_NOT_CONFIGURED, LABEL_CONFLICT, NEEDS_RECONNECT. */
export async function syncNow(call: ApiCall): Promise<EdgeAnswer> {
  const { world, caller, param } = call;
  await requireHere(call);
  note(call, "sync mailbox", param("id"));
  const { scanned, kept, skipped, enriched, asked, closed, violations, outcome } = await syncConnection(
    ...([world, caller.ws, param("id"), PATIENCE] as const),
  );
  if (outcome === "more") await askForMail(world, caller.ws, param("id"), "more");
  return {
    status: 200,
    json: {
      ...{ emails_scanned: scanned, emails_new: kept, emails_skipped: skipped, bookings_enriched: enriched },
      ...{ review_items_opened: asked, review_items_closed: closed, label_isolation_violations: violations },
      complete: outcome === "done",
    },
  };
}

/**
 * The connection, where it is the caller's. Throws FORBIDDEN where it is another workspace's, as the requirements ask,
 * and NOT_FOUND where it is nobody's: ids are unguessable, so that the difference tells nothing to strangers.
 */
export async function requireHere({
  world,
  caller,
  param,
}: Pick<ApiCall, "world" | "caller" | "param">): Promise<ConnectionDoc> {
  try {
    return (await loadConnection(world.store(caller.ws), param("id"))).data;
  } catch (error) {
    if (!isError(error, "NOT_FOUND")) throw error;
    for (const ws of Object.keys(world.config.workspaces)) {
      if (ws !== caller.ws && (await world.store(ws).get(connectionRef(param("id")))) !== undefined) throw foreign();
    }
    throw error;
  }
}

function foreign(): LockstepError {
  return new LockstepError("FORBIDDEN", { detail: "This connection belongs to another workspace." });
}

function wordsOf({ platform, reservation_label: label, property }: z.output<typeof Words>) {
  return {
    ...(platform === undefined ? {} : { platform }),
    ...(label === undefined ? {} : { label }),
    ...(property === undefined ? {} : { property }),
  };
}

/** What callers see; nothing of the permission but whose mailbox it is for. */
function shown(doc: ConnectionDoc) {
  return {
    ...{ id: doc.id, platform: doc.platform, reservation_label: doc.label === "" ? null : doc.label },
    ...{ property: doc.property ?? null, account: doc.account === "" ? null : doc.account, createdAt: doc.createdAt },
    ...healthOf(doc),
  };
}

export function healthOf({ status, reason, lastSync, lastSuccess, watch, listing }: ConnectionDoc) {
  return {
    gmail_status: status,
    reason: reason ?? null,
    last_sync_started_at: lastSync?.startedAt ?? null,
    last_sync_ended_at: lastSync?.endedAt ?? null,
    last_sync_outcome: lastSync?.outcome ?? null,
    last_success_at: lastSuccess ?? null,
    notices_until: watch?.expiresAt ?? null,
    complete: listing === undefined && lastSync?.outcome === "done",
  };
}

function note({ world, caller }: Pick<ApiCall, "world" | "caller">, action: string, target: string): void {
  logOperatorAction(world.log, { actor: caller.actor, ws: caller.ws, action, target });
}
