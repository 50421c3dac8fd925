import { loadFunctions, readFunctions } from "../local/function-folders.ts";
import { openCoverage, watchDecisions } from "./coverage.ts";
import type { History } from "./history.ts";
import { playHistory } from "./play-history.ts";
import type { Order, Report } from "./worker-messages.ts";

// One process that plays histories as its parent sends them, one after the other.
const functions = readFunctions(process.cwd());
await loadFunctions(process.cwd(), functions);

process.on("message", (order: Order) => void play(order).then((report) => process.send?.(report)));
process.send?.({ kind: "ready" } satisfies Report);

async function play({ history, tells }: Order): Promise<Report> {
  const coverage = openCoverage();
  const told: string[] = [];
  const tell = tells ? { tell: (line: string) => void told.push(line) } : {};
  try {
    const played = await watchDecisions(coverage, () => playHistory(history, { functions, coverage, ...tell }));
    return { kind: "played", ...played, told, coverage: coverage.data() };
  } catch (error) {
    return { kind: "played", ...stuck(history, error), told, coverage: coverage.data() };
  }
}

/** A history that does not come to its end failed as well. */
function stuck(history: History, error: unknown) {
  const complaint = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { complaints: [complaint], explicit: history, calls: 0 };
}
