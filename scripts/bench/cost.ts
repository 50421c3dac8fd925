/** Provider calls by side and kind. `list`: an incremental or windowed listing; `read`: anything else that changes nothing. */
export const CALL_KINDS = [
  "calendar list",
  "calendar read",
  "calendar write",
  "booking list",
  "booking read",
  "booking write",
] as const;
export type CallKind = (typeof CALL_KINDS)[number];

/** What something cost. */
export interface Cost {
  /** Messages accepted by the bus, the one that told of the change included. */
  readonly publishes: number;
  /** Documents, as Firestore bills them (`scripts/sim/studio/counted-stores.ts`). */
  readonly reads: number;
  readonly writes: number;
  readonly commits: number;
  readonly calls: Readonly<Partial<Record<CallKind, number>>>;
  /** The same calls by their names, `google events.insert`; for people, no budget is held against it. */
  readonly operations: Readonly<Record<string, number>>;
}

/** The most that something may cost. Calls of a kind that is not named are not allowed at all. */
export type Budget = Omit<Cost, "operations">;

const KIND_OF: Readonly<Record<string, CallKind>> = {
  "google events.list": "calendar list",
  "google events.get": "calendar read",
  "google events.insert": "calendar write",
  "google events.patch": "calendar write",
  "google events.delete": "calendar write",
  "uschedule getapiappointments": "booking list",
  "uschedule getappointment": "booking read",
  "uschedule getavailability": "booking read",
  "uschedule bookit": "booking write",
  "uschedule cancelappointment": "booking write",
};

/** Calls by kind. Throws for an operation it does not know: a call may not go uncounted. */
export function countKinds(operations: Readonly<Record<string, number>>): Cost["calls"] {
  const calls: Partial<Record<CallKind, number>> = {};
  for (const [operation, count] of Object.entries(operations)) {
    const kind = KIND_OF[operation];
    if (kind === undefined) throw new Error(`The bench knows no kind for ${operation}: name it in cost.ts.`);
    calls[kind] = (calls[kind] ?? 0) + count;
  }
  return calls;
}

/** The sum of several costs; of none, nothing. */
export function addCosts(costs: readonly Cost[]): Cost {
  const operations: Record<string, number> = {};
  for (const [operation, count] of costs.flatMap((cost) => Object.entries(cost.operations))) {
    operations[operation] = (operations[operation] ?? 0) + count;
  }
  const sum = (part: "publishes" | "reads" | "writes" | "commits") => costs.reduce((all, cost) => all + cost[part], 0);
  return {
    publishes: sum("publishes"),
    reads: sum("reads"),
    writes: sum("writes"),
    commits: sum("commits"),
    calls: countKinds(operations),
    operations,
  };
}

/** What is over budget, each as `reads 5 > 2`. */
export function findExcess(cost: Cost, budget: Budget): string[] {
  const numbers = (["publishes", "reads", "writes", "commits"] as const).map(
    (part) => [part, cost[part], budget[part]] as const,
  );
  const calls = CALL_KINDS.map((kind) => [`${kind}s`, cost.calls[kind] ?? 0, budget.calls[kind] ?? 0] as const);
  return [...numbers, ...calls]
    .filter(([, is, most]) => is > most)
    .map(([what, is, most]) => `${what} ${is} > ${most}`);
}
