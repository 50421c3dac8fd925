import type { DocumentRef } from "../../../shared/ports/store.ts";
import type { Chronicle } from "../chronicle.ts";
import type { History } from "../history.ts";
import type { People } from "../people.ts";
import { pairOf } from "../sides/registry.ts";
import { checkAgreement } from "./agreement.ts";
import { checkBreaker } from "./breaker.ts";
import { checkCancellations } from "./cancellations.ts";
import { checkEdits } from "./edits.ts";
import type { Evidence, OraclePolicy } from "./evidence.ts";
import { checkMoves, checkTwins } from "./moves.ts";
import { lookAtApi, parkedMaps } from "./shown.ts";
import { checkStrangers } from "./strangers.ts";

export interface Trial {
  readonly history: History;
  readonly chronicle: Chronicle;
  readonly people: People;
  readonly calendarOf: Readonly<Record<string, string>>;
  /** Provider writes that changed nothing. */
  readonly needless: readonly string[];
  /** Errors in the log that only a defect of ours explains. */
  readonly defects: readonly string[];
  /** Documents written so far, in order. */
  readonly written: readonly DocumentRef[];
  /** `GET` of the operations API. */
  readonly api: (path: string) => Promise<unknown>;
  readonly now: () => number;
  /** What explain says of each booking that a complaint names. */
  readonly tell: (line: string) => void;
}

/** The verdict over one history, from what stands at the providers and from what people can see; empty: all is well. */
export async function judge(trial: Trial): Promise<string[]> {
  const { history, chronicle, people, calendarOf } = trial;
  const quiet = await checkQuiet(trial);
  const ids = [...new Set(chronicle.bookings.map(({ before, after }) => (after ?? before)?.id ?? ""))];
  const evidence: Evidence = {
    ...{ history, chronicle, calendarOf },
    holdWords: people.holdWords,
    policy: policyOf(history),
    shown: await lookAtApi(trial.api),
    now: trial.now(),
  };
  const complaints = [
    ...trial.defects,
    ...trial.needless.map((call) => `a provider was written to and nothing changed: ${call}`),
    ...checkAgreement(evidence),
    ...checkStrangers(evidence),
    ...checkCancellations(evidence),
    ...checkMoves(evidence),
    ...checkTwins(evidence),
    ...(await checkEdits(evidence)),
    ...checkBreaker(evidence),
    ...quiet,
  ];
  for (const id of ids) {
    if (complaints.some((complaint) => complaint.includes(id)))
      trial.tell(`explain ${id}: ${await evidence.shown.explained(id)}`);
  }
  return complaints;
}

/**
 * Noted at most every 15 minutes, that a read succeeded or a job ran: exempt (R12). Not twice in two minutes. What is left of an account's
 * calls is noted once for many of them by each instance that makes some.
 */
const HEARTBEATS: Readonly<Record<string, number>> = { calendars: 1, snapshots: 1, sources: 1, jobs: 1, memories: 4 };
/** An hour without failures ends the alert of their rate, whenever that hour is over. */
const ENDS_BY_TIME = "alerts/error-rate~";

/** Law 7: once both sides agree, one more cycle of everything writes nothing anywhere. */
async function checkQuiet({ chronicle, people, written, api, now }: Trial): Promise<string[]> {
  const complaints: string[] = [];
  for (let waited = 0; waited < MAX_WAITED && beginsOrEnds(chronicle, now()); waited++) await people.calmly(1);
  const beats = new Map<string, number>();
  // What is parked or in doubt is looked at again at its own time, and shows when.
  const parked = await parkedMaps(api);
  for (let cycle = 0; cycle < 2; cycle++) {
    const from = written.length;
    const changed = chronicle.bookings.length + chronicle.events.length;
    await people.calmly(1);
    for (const { collection, id } of written.slice(from)) {
      const name = `${collection}/${id}`;
      if (parked.has(name) || name.startsWith(ENDS_BY_TIME)) continue;
      const times = (beats.get(name) ?? 0) + 1;
      if (times > (HEARTBEATS[collection] ?? 0)) complaints.push(`one more cycle wrote ${name}`);
      beats.set(name, times);
    }
    const now = chronicle.bookings.length + chronicle.events.length;
    if (now !== changed) complaints.push(`one more cycle changed ${now - changed} records at the providers`);
  }
  return complaints;
}

/** Begins and ends are half hours apart. */
const MAX_WAITED = 20;

/** A minute ago, or until both cycles are over: time itself is news then. */
function beginsOrEnds(chronicle: Chronicle, now: number): boolean {
  const turns = chronicle.allBookings().flatMap(({ start, end }) => [Date.parse(start), Date.parse(end)]);
  return turns.some((at) => at > now - 60_000 && at < now + 180_000);
}

/** A source that is read-only cannot be told to cancel: what is deleted at the calendar comes back. */
function policyOf(history: History): OraclePolicy {
  const { policy } = history;
  const deletion = String(policy["calendarDeletion"] ?? "cancel");
  return {
    merge: String(policy["merge"] ?? "source-wins"),
    calendarDeletion: pairOf(history).source.isReadOnly === true && deletion === "cancel" ? "restore" : deletion,
    cancellation: String(policy["cancellation"] ?? "delete"),
    absentListings: Number(policy["absentListings"] ?? 3),
    breakerCount: Number(policy["breakerCount"] ?? 5),
    breakerPercent: Number(policy["breakerPercent"] ?? 20),
  };
}
