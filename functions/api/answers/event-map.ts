import { z } from "zod";
import { Failure, Instant } from "./values.ts";

export const MapStatus = z.enum(["pending", "active", "conflict", "held", "error", "cancelled"]);

/** As `shared/flows/event-maps.ts` shows it. */
export const EventMap = z
  .object({
    bookingKey: z.string(),
    source: z.string(),
    appointmentId: z.string(),
    resource: z.string(),
    calendarId: z.string(),
    eventId: z.string().nullable(),
    status: MapStatus,
    lastSource: z.string().nullable().describe("The side the last change came from: USCHEDULE, GCAL, …"),
    lastSyncedAt: Instant.nullable(),
    etag: z.string().nullable(),
    attempts: z.int(),
    nextAttempt: Instant.nullable(),
    error: Failure.nullable(),
    holdId: z.string().nullable(),
  })
  .meta({ id: "EventMap", description: "What is in step with what: one booking on one resource, and its event." });
