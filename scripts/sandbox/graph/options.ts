import { z } from "zod";

const seconds = z.number().int().min(1);

/** Standing conditions of Microsoft Graph. What API_FACTS §3 leaves open is chosen here. */
export const GRAPH_OPTIONS = {
  /** Where `nextLink`, `deltaLink` and `Location` point, as from the real one; null: to the sandbox itself. */
  graphLinkRoot: z.url().nullable().default("https://graph.microsoft.com"),
  /** Life of an access token. */
  graphTokenSeconds: seconds.default(3599),
  /** Take any bearer token, for work by hand. */
  graphAnyToken: z.boolean().default(false),
  /** Pages are no longer than this, whatever `$top` or `odata.maxpagesize` ask. */
  graphPageSize: z.number().int().min(1).max(1000).default(1000),
  /** Age at which a delta token answers 410. */
  deltaTokenSeconds: seconds.default(30 * 86_400),
  /** How delta shows occurrences of a series: id, master and times (`bare`), or whole. */
  deltaOccurrences: z.enum(["bare", "full"]).default("bare"),
  /** How long a `transactionId` is remembered; the real time is unknown. */
  transactionSeconds: seconds.default(86_400),
  /** What a stale `If-Match` on an event does; not documented. */
  graphIfMatch: z.enum(["412", "409", "ignored"]).default("412"),
  /** Zones that clients named by IANA are answered by their Windows name in `originalStartTimeZone` (S24). */
  graphZoneNames: z.enum(["windows", "as-sent"]).default("windows"),
  /** Longest life of a subscription; a longer wish is refused. */
  subscriptionMinutes: z.number().int().min(45).default(10_080),
  /** An address that takes longer to answer counts as slow; newest texts say 3 s, older 10. */
  slowReplyMs: z.number().int().min(1).default(3000),
  /** Calls per app and mailbox in ten minutes before 429; null: no limit. */
  graphCallsPer10Minutes: z.number().int().min(1).nullable().default(null),
  /** Calls per app and mailbox at the same time before 429; null: no limit. */
  graphConcurrent: z.number().int().min(1).nullable().default(4),
  /** How long each call takes, so that calls can overlap. */
  graphLatencyMs: z.number().int().min(0).default(0),
  /**
   * Whose subject a room replaces by the organiser's name: of `meetings` that people send it, of `all` that is
   * written, even through the API, or of `none` (S48).
   */
  roomSubjects: z.enum(["meetings", "all", "none"]).default("meetings"),
  /** What a room answers to a meeting that overlaps another. What is written through the API always stands (S47). */
  roomOverlaps: z.enum(["accept", "decline"]).default("decline"),
  /** A meeting that its organiser cancels: stays in the room as `Canceled: …`, or goes (S48). */
  roomCancelled: z.enum(["kept", "removed"]).default("kept"),
};
