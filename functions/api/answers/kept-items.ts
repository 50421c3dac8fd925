import { z } from "zod";
import { Scope } from "../../../shared/edge/api-key.ts";
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
    items: z.array(HeldItem),
    foreign: z.int().exactOptional(),
    creates: z.int().exactOptional(),
    imports: z.int().exactOptional(),
  })
  .meta({ id: "Hold", description: "Decisions that wait for a person." });

export const HoldDiff = Hold.extend({
  items: z.array(
    HeldItem.extend({
      title: z.string(),
      booking: Span.nullable(),
      event: Span.nullable(),
      status: MapStatus.nullable(),
    }),
  ),
}).meta({ id: "HoldDiff", description: "A hold, item by item, as both sides stand now." });

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
