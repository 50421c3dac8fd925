import { z } from "zod";
import { PLATFORMS } from "../../../shared/flows/mail/connection.ts";
import { Instant } from "./values.ts";

const HEALTH = {
  gmail_status: z.enum(["connected", "error", "pending"]),
  reason: z
    .enum(["needs_reconnect", "LABEL_NOT_FOUND", "LABEL_NOT_CONFIGURED", "LABEL_CONFLICT", "unavailable"])
    .nullable()
    .describe("Why it is in error."),
  last_sync_started_at: Instant.nullable(),
  last_sync_ended_at: Instant.nullable(),
  last_sync_outcome: z.enum(["done", "more", "failed"]).nullable(),
  last_success_at: Instant.nullable(),
  notices_until: Instant.nullable().describe("Until then Gmail tells of new mail; null: it is polled for."),
  complete: z.boolean().describe("Everything under the label has been read."),
};

export const Health = z.object(HEALTH).meta({ id: "MailboxHealth", description: "How a connected mailbox does." });

export const Connection = z
  .object({
    id: z.string(),
    platform: z.enum(PLATFORMS),
    reservation_label: z.string().nullable(),
    property: z.string().nullable().describe("The one resource its mails are about; null: they name it themselves."),
    account: z.string().nullable().describe("Whose mailbox it is."),
    createdAt: Instant,
    ...HEALTH,
  })
  .meta({ id: "Connection", description: "One Gmail label that is read." });

export const SyncStats = z
  .object({
    emails_scanned: z.int(),
    emails_new: z.int(),
    emails_skipped: z.int().describe("Known already, or gone."),
    bookings_enriched: z.int(),
    review_items_opened: z.int(),
    review_items_closed: z.int(),
    label_isolation_violations: z.int(),
    complete: z.boolean().describe("False: time or quota ran out, the rest is read by itself."),
  })
  .meta({ id: "SyncStats", description: "What one reading of a label did." });

const Shown = z.object({
  kind: z.string(),
  action: z.string(),
  platform: z.string().nullable(),
  guestName: z.string().nullable(),
  checkIn: z.string().nullable(),
  checkOut: z.string().nullable(),
  confirmationCode: z.string().nullable(),
  guestCount: z.number().nullable(),
  property: z.string().nullable(),
});

export const Replayed = z
  .object({
    scanned: z.int(),
    changes: z.array(
      z.object({
        mail: z.string(),
        connection: z.string(),
        before: Shown.nullable(),
        after: Shown.nullable(),
        differs: z.array(z.string()),
        would: z.string().describe("What it asks for as it is read now; what was done, where it was applied."),
      }),
    ),
    applied: z.boolean(),
    next: z.string().nullable().describe("For `after`; null: that was all."),
  })
  .meta({ id: "Replayed", description: "Kept mails that the present reader reads otherwise." });

const Enriched = z.object({
  value: z.union([z.string(), z.number()]),
  reason: z.enum(["Code Match", "Exact Date", "Linked"]),
  confidence: z.number(),
  mail: z.string(),
  readerVersion: z.int(),
  at: Instant,
  was: z.union([z.string(), z.number()]).nullable(),
});

export const Added = z
  .object({
    key: z.string(),
    fields: z.record(z.string(), z.string()).describe("What the booking says, with what mails added."),
    enrichment: z.object({
      guestName: Enriched.exactOptional(),
      guestCount: Enriched.exactOptional(),
      confirmationCode: Enriched.exactOptional(),
    }),
    mailSays: z.object({ kind: z.literal("cancelled"), mail: z.string(), at: Instant }).nullable(),
  })
  .meta({ id: "Enrichment", description: "What mails added to a booking, field by field, with where it comes from." });

export const MailRule = z
  .object({
    id: z.string(),
    connection: z.string(),
    madeBy: z.string(),
    madeAt: Instant,
    does: z.enum(["ignore", "property"]),
    mailKind: z.string().exactOptional(),
    platform: z.string().nullable().exactOptional(),
    named: z.string().exactOptional(),
    resource: z.string().exactOptional(),
  })
  .meta({ id: "MailRule", description: "What a person decided about such mails once and for all." });

export const KeptMail = z
  .object({
    id: z.string(),
    connection: z.string(),
    messageId: z.string(),
    receivedAt: Instant,
    keptAt: Instant,
    size: z.int(),
    sha256: z.string(),
    leftOut: z.array(z.object({ filename: z.string(), size: z.int(), sha256: z.string() })),
    state: z.string().nullable().describe("What came of it; null: it was not read yet."),
    why: z.string().nullable(),
    reading: z.unknown().describe("What a reader took from it, each fact with its line."),
  })
  .meta({ id: "KeptMail", description: "A mail on the tape and what came of it, without the mail itself." });
