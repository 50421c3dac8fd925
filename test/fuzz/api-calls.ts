import type { Scope } from "../../shared/edge/scope.ts";
import { type LinkDoc, linkRef } from "../../shared/flows/capture/links.ts";
import type { CaptureDoc } from "../../shared/flows/capture/tape.ts";
import type { CardDoc } from "../../shared/flows/directory/card.ts";
import type { AlertDoc, BookingDoc, CalendarDoc, HoldDoc, ReviewItem } from "../../shared/flows/documents.ts";
import type { DeadLetter } from "../../shared/flows/keep-dead-letter.ts";
import type { ConnectionDoc } from "../../shared/flows/mail/connection.ts";
import type { FactsDoc } from "../../shared/flows/mail/facts.ts";
import type { MailRuleDoc } from "../../shared/flows/mail/mail-rules.ts";
import type { EmailDoc } from "../../shared/flows/mail/tape.ts";
import { bookingHint, messagesOf } from "../../shared/flows/publish.ts";
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
  /** What it reads from them it keeps, though it is a GET. */
  readonly writesThrough?: boolean;
}

const SYNC = { source: "uschedule", resource: "bay-1", bookingId: "4711", dryRun: false };

const LATER = "2027-06-01T08:00:00Z";
const BULK = { ids: ["mail~m1"], decision: { kind: "ignore", always: false } };
const LINK = { booking: "uschedule:4711", always: true };
/** Without a label: one of a name would be refused the second time. */
const CONNECTION = { platform: "airbnb", reservation_label: null };
const THROUGH = { asksProviders: true, writesThrough: true };
const CAMP_KEY = "osm:12345";
const MAIL = {
  messageId: "AAMkAD=",
  subject: "Booking #12345 - deposit",
  from: { address: "leader@example.org", name: "Jane Canary" },
  receivedAt: "2027-01-10T07:00:00Z",
  body: "We are the 1st Anytown.",
};

export const API_ROUTES: readonly ApiRoute[] = [
  {
    method: "GET",
    pattern: "timeline",
    scope: "read",
    query: "?from=2027-01-12T00:00:00Z&to=2027-01-13T00:00:00Z",
    success: 200,
  },
  { method: "GET", pattern: "feed", scope: "read", query: "?after=2027-01-09T08:00:00.000Z", success: 200 },
  { method: "GET", pattern: "health/deep", scope: "read", success: 200 },
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
  { method: "GET", pattern: "bookings", scope: "read", query: "?status=confirmed&limit=10", success: 200, ...THROUGH },
  { method: "POST", pattern: "bookings/sync", scope: "operate", success: 200 },
  { method: "GET", pattern: "bookings/:id", scope: "read", success: 200, ...THROUGH },
  // Without its last part it is the one above.
  { method: "GET", pattern: "bookings/:id/links", scope: "read", success: 200, ...THROUGH },
  { method: "POST", pattern: "emails/capture", scope: "capture", body: MAIL, success: 200 },
  { method: "GET", pattern: "emails", scope: "read", query: "?sender=leader@example.org&limit=10", success: 200 },
  { method: "GET", pattern: "emails/:id/links", scope: "read", success: 200 },
  { method: "POST", pattern: "emails/:id/link", scope: "capture", body: { booking: CAMP_KEY }, success: 200 },
  { method: "POST", pattern: "emails/:id/unlink", scope: "capture", body: { booking: CAMP_KEY }, success: 200 },
  { method: "GET", pattern: "sources", scope: "read", success: 200 },
  { method: "POST", pattern: "sources/:source/unblock", scope: "operate", success: 200 },
  { method: "GET", pattern: "holds", scope: "read", success: 200 },
  { method: "GET", pattern: "holds/:id", scope: "read", success: 200 },
  { method: "POST", pattern: "holds/:id/approve", scope: "operate", success: 200 },
  { method: "POST", pattern: "holds/:id/reject", scope: "operate", success: 200 },
  { method: "POST", pattern: "holds/:id/undo", scope: "operate", success: 200 },
  { method: "GET", pattern: "review-items", scope: "read", query: "?status=open&limit=10", success: 200 },
  { method: "POST", pattern: "review-items/:id/resolve", scope: "operate", success: 200 },
  { method: "GET", pattern: "alerts", scope: "read", query: "?status=all&after=a", success: 200 },
  { method: "POST", pattern: "alerts/test", scope: "operate", success: 200 },
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
  { method: "POST", pattern: "dead-letters/replay", scope: "operate", success: 200 },
  { method: "POST", pattern: "dead-letters/:id/replay", scope: "operate", success: 200 },
  {
    method: "POST",
    pattern: "dead-letters/:id/drop",
    scope: "operate",
    body: { reason: "nobody needs it" },
    success: 200,
  },
  { method: "POST", pattern: "event-maps/retry", scope: "operate", body: { resource: "bay-1" }, success: 200 },
  { method: "GET", pattern: "freshness", scope: "read", query: "?hours=48", success: 200 },
  { method: "GET", pattern: "watches", scope: "read", success: 200 },
  { method: "POST", pattern: "watches/:resource/renew", scope: "operate", success: 200, asksProviders: true },
  { method: "POST", pattern: "watches/:resource/stop", scope: "operate", success: 200, asksProviders: true },
  { method: "GET", pattern: "stats", scope: "read", query: "?resource=bay-1", success: 200 },
  { method: "GET", pattern: "polling", scope: "read", success: 200 },
  { method: "GET", pattern: "imports", scope: "read", query: "?status=all&limit=5", success: 200 },
  { method: "GET", pattern: "audit/:resource", scope: "read", success: 200, asksProviders: true },
  { method: "GET", pattern: "jobs", scope: "read", success: 200 },
  { method: "POST", pattern: "jobs/:job/test", scope: "operate", success: 200 },
  { method: "GET", pattern: "actions", scope: "read", query: "?limit=10&bookingKey=uschedule:4711", success: 200 },
  { method: "GET", pattern: "session", scope: "read", success: 200 },
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
  if (pattern === "emails/:id") return "/api/emails/m1";
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
  jobs: "sweep",
  backfill: "bay-1",
  calendars: "bay-1",
  watches: "bay-1",
  audit: "bay-1",
  "review-items": "slot-taken~1",
  alerts: "held~1",
  keys: REVOCABLE,
  "mail-rules": "ignore~1",
  enrichments: KEY,
  bookings: "12345",
  emails: "mail-1",
  sources: "osm-2",
  "dead-letters": "m0",
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
  const card: CardDoc = {
    ...{ key: CAMP_KEY, source: "osm", bookingId: "12345", customerName: detail, customerEmail: null },
    ...{ startDate: "2027-02-05", endDate: "2027-02-07", status: "confirmed", lastFetched: NOW },
  };
  const captured: CaptureDoc = {
    ...{ mail: "mail-1", sender: "leader@example.org", senderName: detail, subject: detail, by: "fuzz" },
    ...{ receivedAt: NOW, capturedAt: NOW },
  };
  const link: LinkDoc = {
    ...{ mail: "mail-1", status: "linked", bookingKey: CAMP_KEY, ref: "12345", reason: detail, confidence: 1 },
    ...{ by: "fuzz", at: NOW },
  };
  const [message] = messagesOf(
    bookingHint({ ws, resource: "bay-1", source: "uschedule", bookingId: "4711" }, "replay", NOW),
  );
  if (message === undefined) throw new Error("a hint makes one message");
  const letter: DeadLetter = {
    ...{ messageId: "m0", subscription: "sync", reason: detail, encoding: "text", status: "kept" },
    ...{ data: message.data, attributes: message.attributes, orderingKey: message.orderingKey },
    ...{ publishedAt: NOW, keptAt: NOW },
  };
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
      put("cards", CAMP_KEY, card),
      put("captures", "mail-1", captured),
      put("links", linkRef("mail-1", CAMP_KEY).id, link),
      put("memories", "osm-2~budget", { grants: {}, blockedAt: NOW }),
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
