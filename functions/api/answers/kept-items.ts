import { z } from "zod";
import { Scope } from "../../../shared/edge/scope.ts";
import { MapStatus } from "./event-map.ts";
import { Instant, Lost, Span } from "./values.ts";

/** Documents that people decide about, as they are kept. */
export const HeldItem = z.object({
  key: z.string(),
  bookingId: z.string(),
  source: z.string(),
  resource: z.string(),
  calendarId: z.string(),
  eventId: z.string(),
  would: z.enum(["cancel-booking", "remove-event", "adopt-event"]),
  reason: z.string(),
});

export const Hold = z
  .object({
    id: z.string(),
    kind: z.enum(["breaker", "adoption"]),
    scope: z.string(),
    status: z.enum(["open", "approved", "rejected", "undone"]),
    openedAt: Instant,
    decidedAt: Instant.exactOptional(),
    decidedBy: z.string().exactOptional(),
    carryOutAt: Instant.exactOptional().describe(
      "Approved: bookings are cancelled from then on; undo is free until then.",
    ),
    takeUpAt: Instant.exactOptional().describe("Decided, and something may be left to do: a job does it from then on."),
    rebooked: z
      .array(z.object({ bookingId: z.string(), newId: z.string() }))
      .exactOptional()
      .describe("What undoing booked again under a new id."),
    items: z.array(HeldItem),
    foreign: z.int().exactOptional(),
    creates: z.int().exactOptional(),
    imports: z.int().exactOptional(),
  })
  .meta({ id: "Hold", description: "Decisions that wait for a person." });

export const HoldDiff = Hold.extend({
  items: z.array(
    HeldItem.extend({
      sentence: z.string().describe("The reason in words."),
      title: z.string(),
      booking: Span.nullable(),
      event: Span.nullable(),
      status: MapStatus.nullable(),
    }),
  ),
}).meta({ id: "HoldDiff", description: "A hold, item by item, as both sides stand now." });

export const Action = z
  .object({
    at: Instant,
    actor: z.string().describe("`key:4f1d…`, an e-mail address, or `demo-operator`."),
    action: z.string(),
    target: z.string().describe("What it was done to; empty where the action says it."),
    bookingKey: z.string().describe("The one booking it concerns, else empty."),
    outcome: z.string().describe("`done`, or the code of the failure: then nobody knows how much of it was done."),
  })
  .meta({ id: "OperatorAction", description: "Who decided or started what, and when." });

export const ReviewItem = z
  .object({
    id: z.string(),
    kind: z.string(),
    status: z.enum(["open", "resolved"]),
    openedAt: Instant,
    detail: z.string(),
    key: z.string().exactOptional(),
    resource: z.string().exactOptional(),
    calendarId: z.string().exactOptional(),
    eventId: z.string().exactOptional(),
    lost: z.array(Lost).exactOptional(),
    resolvedAt: Instant.exactOptional(),
    resolvedBy: z.string().exactOptional(),
    connection: z.string().exactOptional(),
    mail: z.string().exactOptional().describe("The mail it asks about."),
    candidates: z.array(z.string()).exactOptional().describe("Bookings that may be meant."),
    waitsUntil: Instant.exactOptional(),
    outcome: z.enum(["linked", "ignored", "matched", "caught-up", "expired"]).exactOptional(),
  })
  .meta({ id: "ReviewItem", description: "What needs a person." });

export const Alert = z
  .object({
    id: z.string(),
    kind: z.string(),
    subject: z.string(),
    detail: z.string(),
    status: z.enum(["open", "acknowledged", "closed"]),
    deliveredAt: Instant.exactOptional(),
    openedAt: Instant,
    acknowledgedBy: z.string().exactOptional(),
  })
  .meta({ id: "Alert", description: "What is wrong now." });

export const TriedRule = z
  .object({
    kind: z.string(),
    fires: z.boolean().describe("It fires where it must."),
    quiet: z.boolean().describe("It does not where all is well."),
  })
  .meta({ id: "TriedRule", description: "What raises an alert, tried with the workspace's thresholds." });

export const TestedAlerts = z
  .object({
    raised: z.boolean(),
    delivered: z.boolean().nullable().describe("Null where the configuration has no webhook."),
    reason: z.string().nullable(),
  })
  .meta({ id: "TestedAlerts", description: "How an alert of a test fared: raised, delivered, closed." });

export const DeadLetter = z
  .object({
    messageId: z.string(),
    subscription: z.string(),
    reason: z.string(),
    data: z.string(),
    encoding: z.enum(["text", "base64"]),
    cut: z.boolean().exactOptional(),
    attributes: z.record(z.string(), z.string()),
    orderingKey: z.string().nullable(),
    publishedAt: z.string(),
    keptAt: Instant,
    status: z.enum(["kept", "replayed", "mended", "dropped"]),
    decidedBy: z.string().exactOptional(),
    decidedAt: Instant.exactOptional(),
    dropReason: z.string().exactOptional(),
  })
  .meta({ id: "DeadLetter", description: "A message that no function could take." });

export const ApiKey = z
  .object({
    id: z.string(),
    label: z.string(),
    scopes: z.array(Scope),
    createdAt: Instant,
    createdBy: z.string(),
    revokedAt: z.union([Instant, z.literal("")]),
  })
  .meta({ id: "ApiKey", description: "A key, without its secret." });
