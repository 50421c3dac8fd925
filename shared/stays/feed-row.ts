import type { PlainDate, Span } from "../sync/time.ts";
import type { Nature } from "./nature.ts";
import type { Platform } from "./platform.ts";

/** One event of a feed, as far as it concerns a home's nights. */
export interface FeedRow {
  /** As the feed gives it; "" where it gives none. Hosts change it at will (S16, S17). */
  readonly uid: string;
  /** Which occurrence of a repeating event it is: an instant or a date. */
  readonly occurrence?: string;
  readonly nature: Nature;
  /** Check-in and check-out: the first day, and the day after the last night. */
  readonly start: PlainDate;
  readonly end: PlainDate;
  /** As written, where that is not whole days. */
  readonly timed?: Extract<Span, { kind: "timed" }>;
  /** SUMMARY, tidied. Identity never depends on it (S21). */
  readonly title: string;
  readonly platform: Platform;
  readonly code?: string;
  readonly customer?: string;
  readonly phoneLast4?: string;
  readonly guests?: string;
  readonly notes?: string;
  /** SEQUENCE, where it is above 0: of two versions of one event the higher counts. */
  readonly sequence?: number;
  /** Made by a rule that moves along with today: a notice period, the end of the booking window (S53). */
  readonly rolling?: true;
}

/** An event that could not be read, alone (law 10). `cancelled`: so much it does say. */
export interface BadEvent {
  readonly uid: string;
  readonly reason: string;
  readonly cancelled?: true;
}

/** What reading one file gives. */
export type FeedReading =
  | {
      readonly kind: "calendar";
      readonly platform: Platform;
      readonly rows: readonly FeedRow[];
      readonly bad: readonly BadEvent[];
      /** False where the file breaks off: what is not in it may exist (S03). */
      readonly complete: boolean;
    }
  /** No calendar at all: a web page, an error, nothing. Never an absence (law 2). */
  | { readonly kind: "failure"; readonly why: string };

/** What tells an event of a file from the others in it. */
export function rowKey({ uid, occurrence }: Pick<FeedRow, "uid" | "occurrence">): string {
  return occurrence === undefined ? uid : `${uid} ${occurrence}`;
}

/** How many nights lie between two dates. */
export function nightsBetween(start: PlainDate, end: PlainDate): number {
  return Math.round((Date.parse(`${end}T00:00:00Z`) - Date.parse(`${start}T00:00:00Z`)) / 86_400_000);
}
