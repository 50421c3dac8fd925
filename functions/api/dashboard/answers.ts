import type { Scope } from "../../../shared/edge/scope.ts";
import type { explain } from "../../../shared/flows/explain.ts";
import type { TimelinePair } from "../../../shared/flows/timeline.ts";

// What the API answers, by the types of the flows behind it.
export type { BackfillRow } from "../../../shared/flows/backfill.ts";
export type { AlertDoc, ReviewItem } from "../../../shared/flows/documents.ts";
export type { FeedItem } from "../../../shared/flows/feed.ts";
export type { ConnectionHealth } from "../../../shared/flows/health.ts";
export type { HoldDiff } from "../../../shared/flows/hold-diff.ts";
export type { JobState } from "../../../shared/flows/jobs.ts";
export type { DeadLetter } from "../../../shared/flows/keep-dead-letter.ts";
export type { OperatorAction } from "../../../shared/flows/operator-actions.ts";
export type { Stats } from "../../../shared/flows/stats.ts";

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

export interface Session {
  readonly ws: string;
  readonly actor: string;
  readonly scopes: readonly Scope[];
  readonly workspaces: readonly string[];
}

export interface Resource {
  readonly id: string;
  readonly calendarId: string;
  readonly source: string;
  readonly timeZone: string;
}

export interface TimelineAnswer {
  readonly resources: readonly Resource[];
  readonly items: readonly TimelinePair[];
  readonly more: boolean;
}

export type Explanation = Awaited<ReturnType<typeof explain>>;
