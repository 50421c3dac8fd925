import type { Content } from "./content.ts";
import type { Instant } from "./time.ts";

/** What is known of the calendar side of one (booking, resource). */
export type EventObservation =
  | {
      readonly kind: "live";
      readonly content: Content;
      /** For conditional writes. */
      readonly etag?: string;
      /** Provider's ordered version (R1). */
      readonly updated?: Instant;
      /** False where somebody took our marker away: from then on it is theirs (law 1). */
      readonly marked: boolean;
    }
  /** Confirmed by a read beside a readable calendar (R5, R10). */
  | { readonly kind: "deleted"; readonly updated?: Instant }
  /** Found on the calendar of another resource (S59). */
  | {
      readonly kind: "elsewhere";
      readonly resource: string;
      readonly content: Content;
      readonly etag?: string;
      readonly updated?: Instant;
      /** Where it got another id on the way. */
      readonly eventId?: string;
    };

/**
 * Whether an arriving observation counts (R1). `reread`: same time, other content; or no version at
 * all: only a hint.
 */
export function compareVersions(
  arriving: { readonly updated?: Instant; readonly etag?: string },
  stored: { readonly updated?: Instant; readonly etag?: string } | undefined,
): "newer" | "same" | "older" | "reread" {
  if (arriving.updated === undefined) return "reread";
  if (stored?.updated === undefined) return "newer";
  if (arriving.updated < stored.updated) return "older";
  if (arriving.updated > stored.updated) return "newer";
  return arriving.etag === stored.etag ? "same" : "reread";
}
