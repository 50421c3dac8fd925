import { z } from "zod";
import { NATURES } from "../../stays/nature.ts";
import { PLATFORMS } from "../../stays/platform.ts";

const Timed = z.object({
  kind: z.literal("timed"),
  start: z.string(),
  end: z.string(),
  zone: z.string().exactOptional(),
});

const Row = z.object({
  uid: z.string(),
  occurrence: z.string().exactOptional(),
  nature: z.enum(NATURES),
  start: z.string(),
  end: z.string(),
  timed: Timed.exactOptional(),
  title: z.string(),
  platform: z.enum(PLATFORMS),
  code: z.string().exactOptional(),
  customer: z.string().exactOptional(),
  phoneLast4: z.string().exactOptional(),
  guests: z.string().exactOptional(),
  notes: z.string().exactOptional(),
  sequence: z.number().exactOptional(),
  rolling: z.literal(true).exactOptional(),
});

const Known = z.object({
  id: z.string(),
  row: Row,
  seenAt: z.string(),
  /** When a reading had it first. */
  since: z.string(),
  echo: z.object({ lostAt: z.string().exactOptional() }).exactOptional(),
  /** A complete reading lacked it, or said that it is cancelled. */
  gone: z.enum(["missing", "cancelled"]).exactOptional(),
});
export type Known = z.output<typeof Known>;

const Bad = z.object({ uid: z.string(), reason: z.string(), cancelled: z.literal(true).exactOptional() });

/** What one feed last gave, and what is known from before. */
const FeedMemory = z.object({
  etag: z.string().exactOptional(),
  lastModified: z.string().exactOptional(),
  /** Of the bytes that were read last. */
  digest: z.string(),
  /** When its content was read last. */
  readAt: z.string(),
  /** When the host last said that this is how it is; written at most once an hour. */
  checkedAt: z.string(),
  /** False where the last content broke off. */
  complete: z.boolean(),
  /** Since when so much of what was ahead is missing that it is not believed at once (S02, S03). */
  suspectSince: z.string().exactOptional(),
  /** Readings in a row in which every UID was new (S17). */
  unstable: z.number().default(0),
  known: z.array(Known),
  bad: z.array(Bad),
});
export type FeedMemory = z.output<typeof FeedMemory>;

/** One home's memory: one document. What is of another form is as if nothing were known. */
const HomeMemory = z.object({ form: z.literal(1), feeds: z.record(z.string(), FeedMemory) });
export type HomeMemory = z.output<typeof HomeMemory>;

export const NOTHING_KNOWN: HomeMemory = { form: 1, feeds: {} };

export function readMemory(data: unknown): HomeMemory {
  const read = HomeMemory.safeParse(data);
  return read.success ? read.data : NOTHING_KNOWN;
}
