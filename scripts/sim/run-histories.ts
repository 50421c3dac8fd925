import type { Coverage } from "./coverage.ts";
import type { Crew } from "./crew.ts";
import type { History } from "./history.ts";
import type { PlayedReport } from "./worker-messages.ts";

export interface Failure {
  readonly history: History;
  readonly report: PlayedReport;
}

export interface Tally {
  histories: number;
  steps: number;
  calls: number;
  readonly failures: Failure[];
}

export interface RunOptions {
  readonly crew: Crew;
  readonly coverage: Coverage;
  /** How many may be on their way at once. */
  readonly size: number;
  /** Stops with the first failure. */
  readonly untilFailure?: boolean;
  readonly onFailure?: (failure: Failure) => void;
  readonly onProgress?: (tally: Tally) => void;
}

/** Plays every history that `next` gives until it gives none. */
export async function runHistories(next: () => History | undefined, options: RunOptions): Promise<Tally> {
  const { crew, coverage, size, untilFailure = false, onFailure = () => {}, onProgress = () => {} } = options;
  const tally: Tally = { histories: 0, steps: 0, calls: 0, failures: [] };
  const lane = async () => {
    while (!(untilFailure && tally.failures.length > 0)) {
      const history = next();
      if (history === undefined) return;
      const report = await crew.play({ history, tells: false });
      tally.histories += 1;
      tally.steps += history.steps.length;
      tally.calls += report.calls;
      coverage.add(report.coverage);
      if (report.complaints.length > 0) {
        const failure = { history, report };
        tally.failures.push(failure);
        onFailure(failure);
      }
      onProgress(tally);
    }
  };
  await Promise.all(Array.from({ length: size }, lane));
  return tally;
}
