import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { LockstepError } from "../../../shared/errors.ts";
import { openCoverage } from "../coverage.ts";
import { type Crew, openCrew } from "../crew.ts";
import { readDirected, readFound } from "../directed.ts";
import type { History } from "../history.ts";
import type { SimOptions } from "../options.ts";
import { runHistories } from "../run-histories.ts";
import { writeHistory } from "../write-history.ts";
import { NOT_APPLIED } from "./not-applied.ts";
import { checkPlaces } from "./places.ts";
import type { Safeguard } from "./safeguard.ts";
import { chosenSafeguards, SAFEGUARDS } from "./safeguards.ts";

/** A worker that goes round in circles counts as noticed after this long. */
const STUCK_MS = 10 * 60_000;

/**
 * Every safeguard has histories of its own: one in which any disturbance brings up a defect of another kind would
 * else vouch for many that it says nothing of.
 */
const SEEDS_APART = 10_000;

interface Verdict {
  readonly histories: number;
  /** What gave it away; undefined: nothing did. */
  readonly complaint: string | undefined;
}

/**
 * The proof that the simulator would notice: switches safeguards off, one after the other, and plays fresh histories
 * from the seed until the first complaint. True where the loss of every one was noticed in time.
 */
export async function sabotageAll(options: SimOptions, say: (text: string) => void): Promise<boolean> {
  const began = performance.now();
  const safeguards = chosenSafeguards(options.sabotage ?? []);
  checkPlaces(safeguards);
  const list: Record<string, number> = {};
  let found = 0;
  let histories = 0;
  const whole = openCrew({ size: 1 });
  try {
    for (const safeguard of safeguards) {
      const verdict = await sabotage(safeguard, options, whole);
      histories += verdict.histories;
      list[safeguard.name] = verdict.histories;
      if (verdict.complaint !== undefined) found += 1;
      say(`${safeguard.name}: ${tell(verdict)}`);
    }
  } finally {
    whole.close();
  }
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const failed = safeguards.length - found;
  say(JSON.stringify({ sabotages: safeguards.length, found, failed, histories, list, seconds }));
  return failed === 0;
}

function tell({ histories, complaint }: Verdict): string {
  const count = histories === 1 ? "1 history" : `${histories} histories`;
  return complaint === undefined ? `NOT FOUND in ${count}` : `found after ${count}: ${complaint.split("\n")[0]}`;
}

/**
 * Plays without one safeguard until that shows: first the stories written for what only chance would reach and what was
 * found before, then as many fresh histories as the safeguard allows. A worker that dies of it shows it as well. A
 * history that fails on the `whole` product too is a defect, which `main` finds, and tells nothing of the safeguard.
 * That it passes there is no proof: take the first complaint for what it says.
 */
export async function sabotage(safeguard: Safeguard, options: SimOptions, whole: Crew): Promise<Verdict> {
  const crew = openCrew({
    size: options.workers,
    execArgv: ["--import", pathToFileURL(join(import.meta.dirname, "hook.ts")).href],
    env: { LOCKSTEP_SABOTAGE: safeguard.name },
  });
  const play: Crew["play"] = async (order) => {
    const report = await Promise.race([crew.play(order), stuck()]);
    if (report.complaints.length === 0) return report;
    const { complaints } = await whole.play(order);
    return complaints.length === 0 ? report : { ...report, complaints: [] };
  };
  try {
    return await playUntilNoticed({ ...crew, play }, Math.min(safeguard.within, options.atMost ?? Infinity), {
      ...options,
      seed: options.seed + SEEDS_APART * SAFEGUARDS.indexOf(safeguard),
    });
  } finally {
    crew.close();
  }
}

async function playUntilNoticed(crew: Crew, within: number, options: SimOptions): Promise<Verdict> {
  const played: History[] = [];
  const known = [...readDirected(options), ...readFound(options)];
  const next = () => {
    const fresh = played.length - known.length;
    const history =
      known[played.length] ?? (fresh < within ? writeHistory({ ...options, seed: options.seed + fresh }) : undefined);
    if (history !== undefined) played.push(history);
    return history;
  };
  try {
    const { failures } = await runHistories(next, {
      ...{ crew, coverage: openCoverage(), size: options.workers, untilFailure: true },
    });
    // Several lanes may fail at once: the first history that does is the same with any number of workers.
    const [first] = failures.toSorted((a, b) => played.indexOf(a.history) - played.indexOf(b.history));
    if (first === undefined) return { histories: played.length, complaint: undefined };
    return { histories: played.indexOf(first.history) + 1, complaint: first.report.complaints[0] };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.message.includes(`ended with ${NOT_APPLIED} `)) {
      throw new LockstepError("INVALID_REQUEST", {
        detail: "a worker played without loading what was to be sabotaged",
      });
    }
    return { histories: played.length, complaint: error.message };
  }
}

async function stuck(): Promise<never> {
  await sleep(STUCK_MS, undefined, { ref: false });
  throw new Error(`A history did not end within ${STUCK_MS / 60_000} minutes.`);
}
