import { z } from "zod";
import type { ErrorCode } from "../../shared/errors.ts";
import { type ConnectionDoc, listConnections, PLATFORMS } from "../../shared/flows/mail/connection.ts";
import { disconnect } from "../../shared/flows/mail/disconnect.ts";
import { createConnection, editConnection } from "../../shared/flows/mail/edit-connection.ts";
import { syncConnection } from "../../shared/flows/mail/sync-connection.ts";
import { askForMail } from "../../shared/flows/mail/touch-mailbox.ts";
import { Connection, Health, SyncStats } from "./answers/mailboxes.ts";
import { START_GMAIL } from "./gmail-sign-in.ts";
import { healthOf, requireHere } from "./own-connection.ts";
import { pageAnswer } from "./page.ts";
import { type ApiCall, route } from "./route.ts";

const Words = z.strictObject({
  platform: z.enum(PLATFORMS).exactOptional(),
  /** Exact name of the Gmail label; Gmail keeps at most 225 characters. Null: none for now. */
  reservation_label: z.string().trim().min(1).max(225).nullable().exactOptional(),
  /** The one property its mails are about, as id of a resource; null: they name it themselves. */
  property: z.string().nullable().exactOptional(),
});
const NewWords = Words.required({ platform: true });

const SYNC_PROBLEMS = [
  ...["SYNC_IN_PROGRESS", "LABEL_NOT_FOUND", "LABEL_NOT_CONFIGURED", "LABEL_CONFLICT", "NEEDS_RECONNECT"],
  ...["INVALID_STATE", "CONFIG_INVALID", "PROVIDER_UNAVAILABLE", "PROVIDER_RATE_LIMITED", "PROVIDER_FORBIDDEN"],
] as ErrorCode[];

/** A person waits for the answer; what is left then is read by `gmail-poll`. */
const PATIENCE = { budgetMs: 45_000, waitsForQuota: false };

const OF_ONE = { path: { id: "Of the connection." } } as const;

export const CONNECTION_ROUTES = [
  route({
    ...{ method: "GET", pattern: "connections", scope: "read" },
    summary: "The Gmail labels that are read.",
    answer: pageAnswer(Connection),
    handle: async ({ world, caller }) => ({
      items: (await listConnections(world.store(caller.ws))).map(shown),
      next: null,
    }),
  }),
  route({
    ...{ method: "POST", pattern: "connections", scope: "operate", status: 201, action: "create connection" },
    notes: ({ answer }) => ({ target: answer.id }),
    summary: "A new connection; its mailbox is connected next.",
    body: NewWords,
    answer: Connection,
    problems: ["INVALID_STATE", "LABEL_CONFLICT"],
    handle: createHere,
  }),
  route({
    ...{ method: "GET", pattern: "connections/:id", scope: "read", ...OF_ONE },
    summary: "One connection and how it does.",
    answer: Connection,
    handle: async (call) => shown(await requireHere(call)),
  }),
  route({
    ...{ method: "PATCH", pattern: "connections/:id", scope: "operate", action: "change connection", ...OF_ONE },
    summary: "Changes what it reads; a new label of a connected mailbox is looked for at once.",
    body: Words,
    answer: Connection,
    problems: ["LABEL_CONFLICT"],
    handle: changeHere,
  }),
  START_GMAIL,
  route({
    ...{ method: "POST", pattern: "connections/:id/sync", scope: "operate", action: "sync mailbox", ...OF_ONE },
    summary: "Reads new mail now.",
    answer: SyncStats,
    problems: SYNC_PROBLEMS,
    handle: syncNow,
  }),
  route({
    ...{
      method: "POST",
      pattern: "connections/:id/disconnect",
      scope: "operate",
      action: "disconnect mailbox",
      ...OF_ONE,
    },
    summary: "Gives the permission back; what was read stays.",
    answer: Connection,
    problems: ["PROVIDER_UNAVAILABLE", "CONFIG_INVALID"],
    handle: disconnectHere,
  }),
  route({
    ...{ method: "GET", pattern: "connections/:id/health", scope: "read", ...OF_ONE },
    summary: "How the mailbox does, and when it was read.",
    answer: Health,
    handle: async (call) => healthOf(await requireHere(call)),
  }),
];

async function createHere({ world, caller, body }: ApiCall<unknown, z.output<typeof NewWords>>) {
  const words = { ...wordsOf(body), platform: body.platform };
  const doc = await createConnection(world, caller.ws, words, caller.actor);
  return shown(doc);
}

async function changeHere(call: ApiCall<unknown, z.output<typeof Words>>) {
  const { world, caller, body, param } = call;
  await requireHere(call);
  const doc = await editConnection(world, caller.ws, param("id"), wordsOf(body));
  return shown(doc);
}

async function disconnectHere(call: ApiCall) {
  const { world, caller, param } = call;
  await requireHere(call);
  const doc = await disconnect(world, caller.ws, param("id"));
  return shown(doc);
}

async function syncNow(call: ApiCall) {
  const { world, caller, param } = call;
  await requireHere(call);
  const { outcome, ...counts } = await syncConnection(world, caller.ws, param("id"), PATIENCE);
  if (outcome === "more") await askForMail(world, caller.ws, param("id"), "more");
  return {
    emails_scanned: counts.scanned,
    emails_new: counts.kept,
    emails_skipped: counts.skipped,
    bookings_enriched: counts.enriched,
    review_items_opened: counts.asked,
    review_items_closed: counts.closed,
    label_isolation_violations: counts.violations,
    complete: outcome === "done",
  };
}

function wordsOf({ platform, reservation_label: label, property }: z.output<typeof Words>) {
  return {
    ...(platform === undefined ? {} : { platform }),
    ...(label === undefined ? {} : { label: label ?? "" }),
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
