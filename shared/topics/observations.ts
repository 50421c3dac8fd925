import { z } from "zod";

/**
 * Topic `observations`: what a trigger saw, of one resource, from one run. It tells, it never
 * decides. Ordering key `{ws}/{resource}`, so that one room is decided by one worker at a time.
 */
export const TOPIC = "observations";

/** Limits of one message (DESIGN §3); a publisher splits what is larger. */
export const MAX_ITEMS = 100;
export const MAX_BYTES = 1_000_000;

/** The resource of an observation that could not be routed yet: the worker reads the booking and tells the right one. */
export const UNROUTED = "unrouted";

const Instant = z.iso.datetime({ precision: 3 });
const PlainDate = z.iso.date();

const Span = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("timed"), start: Instant, end: Instant, zone: z.string().exactOptional() }),
  z.object({ kind: z.literal("all-day"), start: PlainDate, end: PlainDate }),
]);

const Content = z.object({
  span: Span.exactOptional(),
  title: z.string().exactOptional(),
  description: z.string().exactOptional(),
  standing: z.enum(["tentative", "confirmed"]).exactOptional(),
});

/** The run an item was seen in: the breaker counts per run (law 5). */
const Run = z.object({
  id: z.string(),
  complete: z.boolean(),
  /** How many future items this run found gone or cancelled, on this calendar or source. */
  absent: z.number().int().min(0),
  /** Of them on this resource, where the run looked at several: its calendar's breaker counts these. */
  absentHere: z.number().int().min(0).exactOptional(),
});

/** A booking touched, listed or missed. Content never travels: the worker reads the truth (R1). */
const BookingItem = z.object({
  bookingId: z.string().min(1).max(200),
  /** Same hash as stored: nothing new. Left out by a webhook that tells only that something happened. */
  hash: z.string().exactOptional(),
  /** The version it has at least; one that is known already tells nothing new (R1). */
  version: z.number().int().min(1).exactOptional(),
  /** Where the booking was last seen, to read it again. */
  around: Span.exactOptional(),
  /** `missing`: confirmed by as many listings as the policy asks, and by a read by id. */
  evidence: z.enum(["seen", "missing"]),
  /** The booking this one continues under a new id (S07). */
  supersedes: z.string().exactOptional(),
  /** Listed as cancelled: of no interest where nothing is known of it. */
  cancelled: z.boolean().exactOptional(),
  /** Look again even where nothing seems new: retries, approvals, drift. */
  force: z.boolean().exactOptional(),
  /** Delivery id of the sender, to recognise a second identical delivery. */
  deliveryId: z.string().exactOptional(),
});
export type BookingItem = z.infer<typeof BookingItem>;

const EventItem = z.object({
  eventId: z.string().min(1).max(1024),
  calendarId: z.string(),
  iCalUid: z.string().exactOptional(),
  state: z.enum(["live", "deleted"]),
  etag: z.string().exactOptional(),
  updated: Instant.exactOptional(),
  content: Content,
  properties: z.record(z.string(), z.string()),
  series: z.enum(["master", "instance"]).exactOptional(),
  unreadable: z.string().exactOptional(),
  isPrivate: z.literal(true).exactOptional(),
  /** Only a hint: read the event before anything else (R1, R5). */
  hint: z.boolean().exactOptional(),
});
export type EventItem = z.infer<typeof EventItem>;

const Head = {
  ws: z.string(),
  resource: z.string(),
  run: Run,
  /** When the trigger looked; ISO instant of our clock, for explanation only. */
  seenAt: Instant,
};

export const Observation = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("booking-seen"),
    ...Head,
    source: z.string(),
    items: z.array(BookingItem).max(MAX_ITEMS),
  }),
  z.object({
    kind: z.literal("event-seen"),
    ...Head,
    calendarId: z.string(),
    items: z.array(EventItem).max(MAX_ITEMS),
  }),
]);
export type Observation = z.infer<typeof Observation>;

/** The key that keeps one resource in order. */
export function orderingKey(ws: string, resource: string): string {
  return `${ws}/${resource}`;
}
