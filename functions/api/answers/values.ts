import { z } from "zod";
import { BOOKING_VIEWS, EVENT_VIEWS } from "../../../shared/sync/view.ts";

/** Values that several answers hold. Named ones stand under their name in the OpenAPI document. */
export const Instant = z.string().describe("ISO 8601 in UTC, with milliseconds.");

export const Span = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("timed"), start: Instant, end: Instant, zone: z.string().exactOptional() }),
    z.object({ kind: z.literal("all-day"), start: z.iso.date(), end: z.iso.date() }),
  ])
  .meta({ id: "Span", description: "When something takes place; the end is exclusive." });

export const Content = z
  .object({
    span: Span.exactOptional(),
    title: z.string().exactOptional(),
    description: z.string().exactOptional(),
    standing: z.enum(["tentative", "confirmed"]).exactOptional(),
  })
  .meta({ id: "Content", description: "What is kept in step. A field left out is not known." });

const Field = z.enum(["span", "title", "description", "standing"]);

export const Failure = z
  .object({
    code: z.string().describe("As problems have it."),
    detail: z.string(),
    at: Instant,
    rule: z.string().exactOptional(),
    effect: z.string().exactOptional(),
  })
  .meta({ id: "Failure", description: "What stopped the last try, and what was being done." });

export const Lost = z
  .object({ side: z.enum(["booking", "calendar"]), field: Field, value: Content })
  .meta({ id: "LostValue", description: "A value that did not prevail." });

export const Decision = z
  .object({
    at: Instant,
    saw: z.string().describe("What made Lockstep look."),
    booking: z.enum(BOOKING_VIEWS),
    event: z.enum(EVENT_VIEWS),
    rule: z.string(),
    sentence: z.string().describe("The rule in words."),
    effects: z.array(z.object({ effect: z.string(), answer: z.string() })),
    since: Instant.exactOptional().describe("When what was carried had been changed."),
    settled: Instant.exactOptional().describe("When it was done."),
    lost: z.array(Lost),
    kept: z.array(Field),
    note: z.string().exactOptional(),
  })
  .meta({
    id: "Decision",
    description: "One decision: what was seen, by which rule, what was done, what was answered.",
  });
