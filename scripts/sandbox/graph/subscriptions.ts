import { isRecord, json, noContent, parseJson, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { badRequest, guid, refuse } from "./errors.ts";
import { mailboxNamed, userInPath } from "./mailboxes.ts";
import { contextOf } from "./odata.ts";
import { readPrefer } from "./prefer.ts";
import type { ChangeType, MailboxRow, SubscriptionRow } from "./rows.ts";
import { subscriptionsOf } from "./shelves.ts";
import { stamp } from "./show-event.ts";
import { callerOf } from "./token.ts";

const CHANGE_TYPES: readonly ChangeType[] = ["created", "updated", "deleted"];
/** The documented paths for events; those of single calendars are not (API_FACTS §3). */
const RESOURCE = /^\/?users\/([^/]+)\/(?:calendar\/)?events\/?$/i;
const MAX_CLIENT_STATE = 128;
const MAX_PER_MAILBOX = 1000;
const LEAST_MS = 45 * 60_000;

/** `POST /subscriptions`. The addresses have shown in `handshake.ts` that they answer. */
export function createSubscription(call: Call): Reply {
  const row = { ...readSubscription(call), id: guid(call.world.newId()) };
  subscriptionsOf(call.world).put("subscriptions", row.id, row);
  return json(201, { "@odata.context": contextOf(call, "subscriptions/$entity"), ...showSubscription(row) });
}

/** What a client asks for, all checked but whether its addresses answer. */
export function readSubscription(call: Call): Omit<SubscriptionRow, "id"> {
  const sent = parseJson(call.request.body);
  if (!isRecord(sent)) return refuse(400, "RequestBodyRead", "The body is no JSON object.");
  const mailbox = readResource(call, sent.resource);
  refuseWhereRefused(call, mailbox);
  if (sent.includeResourceData === true) badRequest("Resource data is not simulated.", "InvalidRequest");
  const row = {
    resource: String(sent.resource),
    mailbox: mailbox.id,
    changeTypes: readChangeTypes(sent.changeType),
    notificationUrl: readUrl(call, sent.notificationUrl, "notificationUrl"),
    ...(sent.lifecycleNotificationUrl === undefined || sent.lifecycleNotificationUrl === null
      ? {}
      : { lifecycleNotificationUrl: readUrl(call, sent.lifecycleNotificationUrl, "lifecycleNotificationUrl") }),
    ...readClientState(sent.clientState),
    expiresMs: readExpiry(call, sent.expirationDateTime),
    applicationId: callerOf(call).applicationId,
    immutable: readPrefer(call.request).immutable,
    delivery: call.faults.has("subscription-slow") ? ("slow" as const) : ("normal" as const),
  };
  refuseDoubles(call, row);
  return row;
}

/** `GET /subscriptions`: those of the app that asks. */
export function listSubscriptions(call: Call): Reply {
  const { applicationId } = callerOf(call);
  const value = liveSubscriptions(call)
    .filter((row) => row.applicationId === applicationId)
    .map(showSubscription);
  return json(200, { "@odata.context": contextOf(call, "subscriptions"), value });
}

export function getSubscription(call: Call, [id = ""]: readonly string[]): Reply {
  return json(200, showSubscription(ownSubscription(call, id)));
}

/** Renews, and with that reauthorizes. Nothing but the expiry can be changed. */
export function renewSubscription(call: Call, [id = ""]: readonly string[]): Reply {
  const row = ownSubscription(call, id);
  if (call.faults.has("subscription-refused")) accessDenied();
  const sent = parseJson(call.request.body);
  if (!isRecord(sent)) return refuse(400, "RequestBodyRead", "The body is no JSON object.");
  if (sent.lifecycleNotificationUrl !== undefined) {
    badRequest("lifecycleNotificationUrl cannot be updated.", "InvalidRequest");
  }
  const renewed = { ...row, expiresMs: readExpiry(call, sent.expirationDateTime), delivery: reauthorized(row) };
  subscriptionsOf(call.world).put("subscriptions", id, renewed);
  return json(200, showSubscription(renewed));
}

export function reauthorizeSubscription(call: Call, [id = ""]: readonly string[]): Reply {
  const row = ownSubscription(call, id);
  if (call.faults.has("subscription-refused")) accessDenied();
  subscriptionsOf(call.world).put("subscriptions", id, { ...row, delivery: reauthorized(row) });
  return noContent();
}

export function deleteSubscription(call: Call, [id = ""]: readonly string[]): Reply {
  ownSubscription(call, id);
  subscriptionsOf(call.world).remove("subscriptions", id);
  return noContent();
}

export function showSubscription(row: SubscriptionRow): Record<string, unknown> {
  return {
    id: row.id,
    resource: row.resource,
    applicationId: row.applicationId,
    changeType: row.changeTypes.join(","),
    clientState: row.clientState ?? null,
    notificationUrl: row.notificationUrl,
    notificationQueryOptions: null,
    lifecycleNotificationUrl: row.lifecycleNotificationUrl ?? null,
    expirationDateTime: stamp(new Date(row.expiresMs).toISOString()),
    creatorId: row.applicationId,
    includeResourceData: null,
    latestSupportedTlsVersion: "v1_2",
    encryptionCertificate: null,
    encryptionCertificateId: null,
    notificationUrlAppId: null,
  };
}

/** Those that have not ended. */
export function liveSubscriptions({ world }: Call): SubscriptionRow[] {
  return subscriptionsOf(world)
    .all("subscriptions")
    .filter(({ expiresMs }) => expiresMs > world.now());
}

function ownSubscription(call: Call, id: string): SubscriptionRow {
  const { applicationId } = callerOf(call);
  const found = liveSubscriptions(call).find((row) => row.id === id && row.applicationId === applicationId);
  return found ?? refuse(404, "ResourceNotFound", "The object was not found.");
}

function reauthorized({ delivery }: SubscriptionRow): SubscriptionRow["delivery"] {
  return delivery === "unauthorized" ? "normal" : delivery;
}

function readResource(call: Call, sent: unknown): MailboxRow {
  const user = typeof sent === "string" ? RESOURCE.exec(sent)?.[1] : undefined;
  if (user === undefined) return badRequest(`Resource '${String(sent)}' is not supported.`, "InvalidRequest");
  return mailboxNamed(call.world, userInPath(user)) ?? refuse(404, "ResourceNotFound", "Resource not found.");
}

function refuseWhereRefused({ faults }: Call, mailbox: MailboxRow): void {
  if (mailbox.refusesSubscriptions || faults.has("subscription-refused") || faults.has("no-access")) accessDenied();
}

function accessDenied(): never {
  refuse(403, "ExtensionError", "Operation: Create; Exception: [Status Code: Forbidden; Reason: Access is denied.]");
}

function readChangeTypes(sent: unknown): ChangeType[] {
  const names = typeof sent === "string" ? sent.split(",").map((name) => name.trim()) : [];
  const wrong = names.find((name) => !CHANGE_TYPES.some((type) => type === name));
  if (names.length === 0 || wrong !== undefined) {
    return badRequest(`The changeType '${String(sent)}' is not supported.`, "InvalidRequest");
  }
  return CHANGE_TYPES.filter((type) => names.includes(type));
}

function readUrl(call: Call, sent: unknown, field: string): string {
  if (typeof sent !== "string" || !URL.canParse(sent)) return badRequest(`${field} is no URL.`, "InvalidRequest");
  if (call.world.options().requireHttps && !sent.startsWith("https://")) {
    return badRequest(`${field} must use https.`, "InvalidRequest");
  }
  return sent;
}

function readClientState(sent: unknown): { clientState?: string } {
  if (sent === undefined || sent === null) return {};
  if (typeof sent !== "string" || sent.length > MAX_CLIENT_STATE) {
    return badRequest(`clientState may have ${MAX_CLIENT_STATE} characters.`, "InvalidRequest");
  }
  return { clientState: sent };
}

/** A life below 45 minutes is raised; beyond the longest it is refused (API_FACTS §3). */
function readExpiry(call: Call, sent: unknown): number {
  const ms = typeof sent === "string" ? Date.parse(sent) : Number.NaN;
  const now = call.world.now();
  if (Number.isNaN(ms)) return badRequest("expirationDateTime is required.", "InvalidRequest");
  if (ms <= now) return badRequest("Subscription expiration must be in the future.", "InvalidRequest");
  const minutes = call.world.options().subscriptionMinutes;
  if (ms > now + minutes * 60_000) {
    return badRequest(`Subscription expiration can only be ${minutes} minutes in the future.`, "InvalidRequest");
  }
  return Math.max(ms, now + LEAST_MS);
}

function refuseDoubles(call: Call, row: Omit<SubscriptionRow, "id">): void {
  const others = liveSubscriptions(call).filter(({ mailbox }) => mailbox === row.mailbox);
  const same = others.some(
    (other) => other.applicationId === row.applicationId && String(other.changeTypes) === String(row.changeTypes),
  );
  if (same) refuse(409, "Conflict", "A subscription on this resource and changeType exists.");
  if (others.length >= MAX_PER_MAILBOX) {
    refuse(403, "ExtensionError", `Subscription count has reached its limit of ${MAX_PER_MAILBOX}.`);
  }
}
