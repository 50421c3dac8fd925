import type { Scope } from "../../shared/edge/api-key.ts";
import type { AlertDoc, BookingDoc, CalendarDoc, HoldDoc, ReviewItem } from "../../shared/flows/documents.ts";
import type { ConnectionDoc } from "../../shared/flows/mail/connection.ts";
import type { FactsDoc } from "../../shared/flows/mail/facts.ts";
import type { MailRuleDoc } from "../../shared/flows/mail/mail-rules.ts";
import type { EmailDoc } from "../../shared/flows/mail/tape.ts";
import { type MailReading, NO_FACTS } from "../../shared/mail/reading.ts";
import type { Write } from "../../shared/ports/store.ts";
import { mapOf } from "../functions/api-bench.ts";
import { CONNECTIONS, NOW, type Rig, type Workspace } from "./rig.ts";

/** One route of the operations API, as somebody calls it who means it. */
export interface ApiRoute {
  readonly method: "GET" | "POST" | "PATCH";
  /** As `functions/api/routes.ts` has it. */
  readonly pattern: string;
  readonly scope: Scope;
  readonly query?: string;
  readonly body?: object;
  /** What a success is for each: without it the route was not reached. */
  readonly success: number;
  /** It reads from the providers. */
  readonly asksProviders?: boolean;
  /** A GET that begins something: its one write says so. */
  readonly begins?: boolean;
}

const SYNC = { source: "uschedule", resource: "bay-1", bookingId: "4711", dryRun: false };

const LATER = "2027-06-01T08:00:00Z";
const BULK = { ids: ["mail~m1"], decision: { kind: "ignore", always: false } };
const LINK = { booking: "uschedule:4711", always: true };
const CONNECTION = { platform: "airbnb", reservation_label: "Stays" };

export const API_ROUTES: readonly ApiRoute[] = [
  {
    method: "GET",
    pattern: "event-maps",
    scope: "read",
    query: "?status=active&resource=bay-1&limit=10",
    success: 200,
  },
  { method: "GET", pattern: "explain/:key", scope: "read", success: 200 },
  { method: "GET", pattern: "calendars", scope: "read", success: 200, asksProviders: true },
  {
    method: "GET",
    pattern: "calendars/:resource/busy",
    scope: "read",
    query: "?from=2027-01-12T00:00:00Z&to=2027-01-13T00:00:00Z",
    success: 200,
    asksProviders: true,
  },
  { method: "GET", pattern: "backfill", scope: "read", success: 200 },
  { method: "GET", pattern: "backfill/:resource", scope: "read", success: 200, asksProviders: true },
  { method: "POST", pattern: "backfill/:resource/preview", scope: "operate", success: 200, asksProviders: true },
  { method: "POST", pattern: "sync", scope: "operate", body: SYNC, success: 202 },
  { method: "GET", pattern: "holds", scope: "read", success: 200 },
  { method: "POST", pattern: "holds/:id/approve", scope: "operate", success: 200 },
  { method: "POST", pattern: "holds/:id/reject", scope: "operate", success: 200 },
  { method: "POST", pattern: "holds/:id/undo", scope: "operate", success: 200 },
  { method: "GET", pattern: "review-items", scope: "read", query: "?status=open&limit=10", success: 200 },
  { method: "POST", pattern: "review-items/:id/resolve", scope: "operate", success: 200 },
  { method: "GET", pattern: "alerts", scope: "read", query: "?status=all&after=a", success: 200 },
  { method: "POST", pattern: "alerts/:id/acknowledge", scope: "operate", success: 200 },
  { method: "POST", pattern: "review-items/bulk", scope: "operate", body: BULK, success: 200 },
  { method: "POST", pattern: "review-items/:id/link", scope: "operate", body: LINK, success: 200 },
  { method: "POST", pattern: "review-items/:id/ignore", scope: "operate", body: { always: true }, success: 200 },
  { method: "POST", pattern: "review-items/:id/wait", scope: "operate", body: { until: LATER }, success: 200 },
  { method: "GET", pattern: "mail-rules", scope: "read", success: 200 },
  { method: "POST", pattern: "mail-rules/:id/revoke", scope: "operate", success: 200 },
  { method: "GET", pattern: "connections", scope: "read", success: 200 },
  { method: "POST", pattern: "connections", scope: "operate", body: CONNECTION, success: 201 },
  { method: "GET", pattern: "connections/:id", scope: "read", success: 200 },
  {
    method: "PATCH",
    pattern: "connections/:id",
    scope: "operate",
    body: { reservation_label: "Airbnb" },
    success: 200,
    asksProviders: true,
  },
  { method: "GET", pattern: "connections/:id/gmail/start", scope: "operate", success: 302, begins: true },
  { method: "POST", pattern: "connections/:id/sync", scope: "operate", success: 200, asksProviders: true },
  { method: "POST", pattern: "connections/:id/disconnect", scope: "operate", success: 200, asksProviders: true },
  { method: "GET", pattern: "connections/:id/health", scope: "read", success: 200 },
  { method: "POST", pattern: "emails/replay", scope: "operate", body: { apply: true, limit: 10 }, success: 200 },
  { method: "GET", pattern: "emails/:id", scope: "operate", success: 200 },
  { method: "GET", pattern: "enrichments/:key", scope: "read", success: 200 },
  { method: "POST", pattern: "enrichments/:key/undo", scope: "operate", body: { fields: ["guestName"] }, success: 200 },
  { method: "GET", pattern: "dead-letters", scope: "operate", query: "?status=kept&limit=1", success: 200 },
  { method: "GET", pattern: "keys", scope: "admin", query: "?limit=500", success: 200 },
  { method: "POST", pattern: "keys", scope: "admin", body: { label: "front desk", scopes: ["read"] }, success: 201 },
  { method: "POST", pattern: "keys/:id/revoke", scope: "admin", success: 200 },
];

export function nameOf({ method, pattern }: ApiRoute): string {
  return `api ${method} ${pattern}`;
}

const KEY = "uschedule:4711";
const REVOCABLE = "00000000000000aa";

/** Where the documents of `furnish` are, by the route that is about them. */
export function pathOf({ pattern }: ApiRoute, ws: Workspace = "loft"): string {
  if (pattern.startsWith("connections/")) return `/api/${pattern.replace(":id", CONNECTIONS[ws])}`;
  if (/^review-items.*(link|ignore|wait)$/.test(pattern)) return `/api/${pattern.replace(":id", "mail~m1")}`;
  const id = pattern.startsWith("holds/")
    ? pattern.endsWith("/undo")
      ? "hold-2"
      : "hold-1"
    : IDS[pattern.split("/")[0] ?? ""];
  return `/api/${pattern.replace(/:\w+/, encodeURIComponent(id ?? ""))}`;
}

const IDS: Readonly<Record<string, string>> = {
  explain: KEY,
  backfill: "bay-1",
  calendars: "bay-1",
  "review-items": "slot-taken~1",
  alerts: "held~1",
  keys: REVOCABLE,
  "mail-rules": "ignore~1",
  emails: "m1",
  enrichments: KEY,
};

/** Stands in every document of a workspace: what another one's key must never see. */
export function secretOf(ws: Workspace): string {
  return `only-${ws}-knows`;
}

/** Puts what the routes are about into a workspace, as it was before anybody called. */
export async function furnish(rig: Rig, ws: Workspace): Promise<void> {
  const detail = secretOf(ws);
  const place = { key: KEY, resource: "bay-1", calendarId: `${ws}-bay-1@sandbox`, eventId: "e4711" };
  const item = { ...place, bookingId: "4711", source: "uschedule", would: "cancel-booking", reason: detail } as const;
  const hold: HoldDoc = {
    id: "hold-1",
    kind: "breaker",
    scope: "source:uschedule",
    status: "open",
    openedAt: NOW,
    items: [item],
  };
  const booking: BookingDoc = {
    ...{ key: KEY, source: "uschedule", bookingId: "4711", resources: ["bay-1"], firstSeen: NOW, statusSince: NOW },
    ...{ formerIds: [], deliveries: [], hash: detail },
    seen: {
      status: "live",
      span: { kind: "timed", start: "2027-01-12T09:00:00.000Z", end: "2027-01-12T10:00:00.000Z" },
      fields: { customer: detail },
    },
  };
  const review: ReviewItem = {
    id: "slot-taken~1",
    kind: "slot-taken",
    status: "open",
    openedAt: NOW,
    detail,
    ...place,
  };
  const alert: AlertDoc = { id: "held~1", kind: "held", subject: "1", detail, status: "open", openedAt: NOW };
  const apiKey = {
    id: REVOCABLE,
    hash: "",
    label: detail,
    scopes: ["read"],
    createdAt: NOW,
    createdBy: "fuzz",
    revokedAt: "",
  };
  const waiting: CalendarDoc = {
    ...{ calendarId: place.calendarId, resource: "bay-1", connectedAt: NOW, lastRead: NOW, adopted: false },
    waitsFor: `adoption:${place.calendarId}`,
  };
  const letter = { messageId: "m0", subscription: "sync", reason: detail, data: "", encoding: "text", status: "kept" };
  await rig
    .store(ws)
    .commit([
      { ...mapOf("4711", { calendarId: place.calendarId, eventId: "e4711", error: { code: "X", detail, at: NOW } }) },
      put("holds", hold.id, hold),
      put("holds", "hold-2", { ...hold, id: "hold-2", status: "approved" }),
      put("bookings", KEY, booking),
      put("reviewItems", review.id, review),
      put("alerts", alert.id, alert),
      put("apiKeys", apiKey.id, apiKey),
      put("deadLetters", "m0", letter),
      put("calendars", place.calendarId, waiting),
      ...mailsOf(ws, detail),
    ]);
}

/** A connected mailbox, a mail of it on the tape, and the question that it leaves. */
function mailsOf(ws: Workspace, detail: string): Write[] {
  const connection: ConnectionDoc = {
    ...{ id: CONNECTIONS[ws], platform: "airbnb", label: "Airbnb", status: "connected", grant: 1 },
    ...{ account: `${ws}@host.example`, createdAt: NOW, createdBy: detail },
  };
  const mail = { id: "m1", connection: connection.id, messageId: detail, receivedAt: NOW };
  const raw = Buffer.from(`Subject: Hello\r\n\r\n${detail}`).toString("base64");
  const email: EmailDoc = {
    ...{ ...mail, threadId: "t1", labelIds: [], keptAt: NOW, size: 40, sha256: "", leftOut: [], raw, chunks: 0 },
  };
  const reading: MailReading = {
    ...{ readerVersion: 0, kind: "confirmation", action: "create-partial", platform: "airbnb", facts: NO_FACTS },
    ...{ authenticity: "pass", confidence: 0.9, reasons: [], messageId: null, receivedAt: NOW },
  };
  const facts: FactsDoc = { ...mail, readAt: NOW, state: "open", reading, code: "", why: detail };
  const item: ReviewItem = {
    ...{ id: "mail~m1", kind: "mail-unmatched", status: "open", openedAt: NOW, detail },
    ...{ connection: connection.id, mail: "m1", candidates: [] },
  };
  const rule: MailRuleDoc = {
    ...{ id: "ignore~1", connection: connection.id, madeBy: detail, madeAt: NOW },
    ...{ does: "ignore", mailKind: "payout", platform: null },
  };
  return [
    put("connections", connection.id, connection),
    put("emails", "m1", email),
    put("facts", "m1", facts),
    put("reviewItems", item.id, item),
    put("mailRules", rule.id, rule),
  ];
}

function put(collection: string, id: string, data: object): Write {
  return { kind: "put", ref: { collection, id }, data };
}
