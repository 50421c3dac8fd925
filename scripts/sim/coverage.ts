import { channel } from "node:diagnostics_channel";
import type { TableRuleId } from "../../shared/sync/rule-id.ts";
import { BOOKING_VIEWS, type BookingView, EVENT_VIEWS, type EventView } from "../../shared/sync/view.ts";
import type { Cell, Unreachable } from "./cell.ts";
import { FAULT_NAMES, isFaultOf } from "./faults.ts";
import { type Providers, pairOf } from "./sides/registry.ts";
import { byChanceBeside, unreachableBeside } from "./unreachable.ts";

/** What a run has reached, added up over its histories. */
export interface Coverage {
  cell(booking: BookingView, event: EventView): void;
  fault(name: string, site: string): void;
  /** As data, to be added to another's. */
  data(): CoverageData;
  add(data: CoverageData): void;
}

export interface CoverageData {
  readonly cells: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  /** `fault @ site`. */
  readonly pairs: Readonly<Record<string, number>>;
}

export const ALL_CELLS: readonly Cell[] = BOOKING_VIEWS.flatMap((booking) =>
  EVENT_VIEWS.map((event): Cell => `${booking} × ${event}`),
);

/** Those that a run with directed histories must reach. */
export function reachableBeside(providers: Providers): readonly Cell[] {
  const excluded = [...unreachableBeside(providers), ...byChanceBeside(providers)];
  return ALL_CELLS.filter((each) => !excluded.some(({ cell }) => cell === each));
}

export function openCoverage(): Coverage {
  const cells: Record<string, number> = {};
  const faults: Record<string, number> = {};
  const pairs: Record<string, number> = {};
  return {
    cell: (booking, event) => count(cells, `${booking} × ${event}`),
    fault(name, site) {
      count(faults, name);
      count(pairs, `${name} @ ${site}`);
    },
    data: () => ({ cells, faults, pairs }),
    add(data) {
      for (const [into, from] of [
        [cells, data.cells],
        [faults, data.faults],
        [pairs, data.pairs],
      ] as const) {
        for (const [name, number] of Object.entries(from)) count(into, name, number);
      }
    },
  };
}

function count(into: Record<string, number>, name: string, by = 1): void {
  into[name] = (into[name] ?? 0) + by;
}

/** Hears of every decision the product takes while `work` runs. */
export async function watchDecisions<T>(coverage: Coverage, work: () => Promise<T>): Promise<T> {
  const decisions = channel("lockstep:decided");
  // Proof: `turn.ts` publishes the views of its decision there, and nobody else does.
  const hear = (message: unknown) => {
    const { booking, event } = message as { booking: BookingView; event: EventView; rule: TableRuleId };
    coverage.cell(booking, event);
  };
  decisions.subscribe(hear);
  try {
    return await work();
  } finally {
    decisions.unsubscribe(hear);
  }
}

/** What was never reached, though it can be. */
export function missingOf(
  data: CoverageData,
  providers: Providers,
): { readonly cells: string[]; readonly faults: string[] } {
  const { calendar, source } = pairOf(providers);
  const canBe = (name: string) => !name.startsWith("call:") || isFaultOf(name.slice(5), calendar, source);
  return {
    cells: reachableBeside(providers).filter((cell) => data.cells[cell] === undefined),
    faults: FAULT_NAMES.filter((name) => canBe(name) && data.faults[name] === undefined),
  };
}

/** What was reached though the code was said to exclude it: then the product or the sentence is wrong. */
export function disprovedBy(data: CoverageData, providers: Providers): readonly Unreachable[] {
  return unreachableBeside(providers).filter(({ cell }) => data.cells[cell] !== undefined);
}
