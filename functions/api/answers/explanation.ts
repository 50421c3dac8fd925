import { z } from "zod";
import { EventMap } from "./event-map.ts";
import { Action } from "./kept-items.ts";
import { Content, Decision, Failure, Instant, Lost, Span } from "./values.ts";

const SourceStatus = z.enum(["live", "pending", "cancelled", "rescheduled", "unclear"]);

const Seen = z
  .object({
    status: z.enum([...SourceStatus.options, "absent"]),
    span: Span,
    fields: z.record(z.string(), z.string()),
    version: z.number().exactOptional(),
    kind: z.enum(["event", "booking", "allocation", "closure"]).exactOptional(),
    fixed: z.boolean().exactOptional(),
    within: z.string().exactOptional(),
    modified: Instant.exactOptional(),
    missing: z.boolean().exactOptional(),
  })
  .meta({ id: "SeenBooking", description: "The booking as its source told it last." });

const SeenEvent = z
  .discriminatedUnion("kind", [
    z.object({
      kind: z.literal("live"),
      content: Content,
      etag: z.string().exactOptional(),
      updated: Instant.exactOptional(),
      marked: z.boolean(),
    }),
    z.object({ kind: z.literal("deleted"), updated: Instant.exactOptional() }),
    z.object({
      kind: z.literal("elsewhere"),
      resource: z.string(),
      content: Content,
      etag: z.string().exactOptional(),
      eventId: z.string().exactOptional(),
    }),
  ])
  .meta({ id: "SeenEvent", description: "The event as its calendar told it last." });

const Base = z
  .object({ booking: Content, event: Content, agreement: z.int() })
  .meta({ id: "Base", description: "What both sides agreed on last." });

const Imported = z.object({
  status: z.enum(["creating", "done", "refused", "gone"]),
  resource: z.string(),
  calendarId: z.string(),
  eventId: z.string(),
  bookingKey: z.string().nullable(),
  at: Instant,
  rule: z.literal("import-meeting"),
  sentence: z.string(),
  why: z.string(),
  error: Failure.nullable(),
});

const HoldOfMap = z.object({
  id: z.string(),
  kind: z.enum(["breaker", "adoption"]),
  status: z.enum(["open", "approved", "rejected", "undone"]),
  would: z.enum(["cancel-booking", "remove-event", "adopt-event"]).exactOptional(),
  reason: z.string().exactOptional(),
});

const ExplainedMap = EventMap.extend({
  event: SeenEvent.nullable(),
  base: Base.nullable(),
  why: z.string().describe("In one sentence, what the present state rests on and what happens next."),
  attempted: Failure.extend({ sentence: z.string() }).nullable(),
  hold: HoldOfMap.nullable(),
  lastDecision: Decision.nullable(),
  journal: z.array(Decision),
}).meta({ id: "ExplainedMap", description: "A map with what was seen of both sides and decided, oldest first." });

/** As `shared/flows/explain.ts` answers. */
export const Explanation = z
  .object({
    bookingKey: z.string(),
    appointmentId: z.string().nullable(),
    source: z.string().nullable(),
    resources: z.array(z.string()),
    formerIds: z.array(z.string()),
    askedFor: z.string(),
    seen: Seen.nullable(),
    listed: z
      .object({
        status: z.enum([...SourceStatus.options, "bad"]),
        missing: z.object({ listings: z.int(), last: Instant }).exactOptional(),
      })
      .nullable()
      .describe("What the source's last listing said, and how many lack it since."),
    firstSeen: Instant.nullable(),
    readAt: Instant.nullable(),
    imported: Imported.nullable(),
    rebooking: z.object({ step: z.enum(["book", "verify", "drop", "undo"]), until: Instant }).nullable(),
    maps: z.array(ExplainedMap),
    reviews: z.array(
      z.object({ id: z.string(), kind: z.string(), detail: z.string(), openedAt: Instant, lost: z.array(Lost) }),
    ),
    actions: z.array(Action).describe("What people did about it, the newest first."),
  })
  .meta({ id: "Explanation", description: "Why a booking is where it is." });
