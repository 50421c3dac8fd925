import { z } from "zod";
import { Instant } from "./values.ts";

const CARD = {
  key: z.string().describe("`{source}:{id}`."),
  source: z.string(),
  bookingId: z.string(),
  customerName: z.string().nullable(),
  customerEmail: z.string().nullable().describe("Only where the source lets a contact be read."),
  startDate: z.iso.date(),
  endDate: z.iso.date().describe("The last day, itself included."),
  status: z.string().describe("In the source's own word."),
  lastFetched: Instant.describe("When the source told it last, changed or not."),
};

export const Booking = z.object(CARD).meta({ id: "Booking", description: "A booking as people look it up." });

export const MailLink = z
  .object({
    mail: z.string(),
    bookingKey: z.string(),
    reason: z.string(),
    confidence: z.number().describe("0 to 1."),
    by: z.string().describe("`lockstep`, or who did it."),
    at: Instant,
  })
  .meta({ id: "MailLink", description: "A mail that is about a booking." });

export const OpenedBooking = z
  .object({
    ...CARD,
    items: z.array(z.object({ id: z.string(), start: z.string(), end: z.string(), people: z.int().exactOptional() })),
    comments: z.array(
      z.object({ text: z.string(), author: z.string().exactOptional(), at: z.string().exactOptional() }),
    ),
    links: z.array(MailLink),
    warnings: z.array(z.string()),
  })
  .meta({ id: "OpenedBooking", description: "A booking as its source has it now." });

export const Captured = z
  .object({
    mail: z.string().describe("Names the mail in further calls."),
    isNew: z.boolean().describe("False: it was captured before, and nothing was written."),
    links: z.array(MailLink.extend({ booking: Booking.nullable() })),
    suggestions: z.array(z.object({ booking: Booking, reason: z.string(), confidence: z.number() })),
    waiting: z.array(z.string()).describe("Numbers written as bookings' that no booking has yet."),
  })
  .meta({ id: "CapturedMail", description: "What is known of an open mail." });
