import type { CoverageData } from "./coverage.ts";
import type { History } from "./history.ts";
import type { Played } from "./play-history.ts";

/** What a worker is asked to play. */
export interface Order {
  readonly history: History;
  /** True: the telling comes along. */
  readonly tells: boolean;
}

export type Report =
  | { readonly kind: "ready" }
  | ({ readonly kind: "played"; readonly told: readonly string[]; readonly coverage: CoverageData } & Played);

export type PlayedReport = Extract<Report, { kind: "played" }>;
