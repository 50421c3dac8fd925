import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { LockstepError } from "../../shared/errors.ts";
import { ALL_CELLS, type CoverageData, disprovedBy, missingOf, openCoverage, reachableBeside } from "./coverage.ts";
import { type Crew, openCrew } from "./crew.ts";
import { readDirected } from "./directed.ts";
import { History } from "./history.ts";
import { readOptions, type SimOptions } from "./options.ts";
import { type Failure, runHistories, type Tally } from "./run-histories.ts";
import { sabotageAll } from "./sabotage/run.ts";
import { sameComplaint } from "./same-complaint.ts";
import { shrink } from "./shrink.ts";
import type { Providers } from "./sides/registry.ts";
import { writeHistory } from "./write-history.ts";

// `npm run sim -- --seed N --histories M …`: plays histories and judges each; README.md in this folder says more.
// The last line is one JSON object; the exit code is 1 where anything failed.

const MAX_SHOWN = 3;
const began = performance.now();
try {
  const options = readOptions(process.argv.slice(2), () => randomInt(2 ** 31));
  process.exitCode = (await run(options)) ? 0 : 1;
} catch (error) {
  if (!(error instanceof LockstepError)) throw error;
  say(`${error.message}`);
  process.exitCode = 2;
}

async function run(options: SimOptions): Promise<boolean> {
  if (options.sabotage !== undefined) return sabotageAll(options, say);
  const crew = openCrew({ size: options.workers });
  try {
    return options.replay === undefined ? await play(options, crew) : await replay(options.replay, crew);
  } finally {
    crew.close();
  }
}

async function play(options: SimOptions, crew: Crew): Promise<boolean> {
  const { seed, histories, workers, everyCell } = options;
  say(`Seed ${seed}: ${histories} histories of ${options.steps} steps, ${options.calendar} and ${options.source}.`);
  const coverage = openCoverage();
  const directed = everyCell ? readDirected(options) : [];
  let written = 0;
  const next = (): History | undefined => {
    const first = directed.shift();
    if (first !== undefined) return first;
    return written < histories ? writeHistory({ ...options, seed: seed + written++ }) : undefined;
  };
  const tally = await runHistories(next, {
    ...{ crew, coverage, size: workers },
    onFailure: ({ history, report }) => say(`FAILED seed ${history.seed}: ${report.complaints[0]}`),
    onProgress: progress(histories),
  });
  const shown = options.tries === 0 ? [] : tally.failures.slice(0, MAX_SHOWN);
  for (const failure of shown) await explainFailure(failure, crew, options.tries);
  const cells = showCoverage(coverage.data(), options);
  const missed = everyCell ? missingOf(coverage.data(), options).cells : [];
  for (const cell of missed) say(`NEVER REACHED: ${cell}`);
  const disproved = disprovedBy(coverage.data(), options);
  for (const { cell, why } of disproved) say(`REACHED THOUGH DECLARED UNREACHABLE: ${cell}. ${why}`);
  finish(tally, cells);
  return tally.failures.length === 0 && missed.length === 0 && disproved.length === 0;
}

async function replay(file: string, crew: Crew): Promise<boolean> {
  const history = History.parse(JSON.parse(readFileSync(file, "utf8")));
  const report = await crew.play({ history, tells: true });
  say(report.told.join("\n"));
  for (const complaint of report.complaints) say(`!! ${complaint}`);
  const failures = report.complaints.length === 0 ? [] : [{ history, report }];
  const cells = Object.keys(report.coverage.cells).length;
  finish({ histories: 1, steps: history.steps.length, calls: report.calls, failures }, cells);
  return failures.length === 0;
}

/** Makes the failure small, tells it step by step, and says how to play it again. */
async function explainFailure({ history, report }: Failure, crew: Crew, tries: number): Promise<void> {
  const wanted = report.complaints[0] ?? "";
  const fails = async (candidate: History) =>
    (await crew.play({ history: candidate, tells: false })).complaints.some((each) => sameComplaint(each, wanted));
  const small = await shrink(report.explicit, fails, tries);
  const told = await crew.play({ history: small, tells: true });
  say(
    `\nSeed ${history.seed}, shrunk to ${small.steps.length} of ${history.steps.length} steps (${small.zone}, ${JSON.stringify(small.policy)}):`,
  );
  say(told.told.join("\n"));
  for (const complaint of told.complaints) say(`!! ${complaint}`);
  say(`\nTo play it again, save this line as FILE and run: npm run sim -- --replay FILE\n${JSON.stringify(small)}\n`);
}

function showCoverage(data: CoverageData, providers: Providers): number {
  const { cells, faults } = missingOf(data, providers);
  const hit = ALL_CELLS.filter((cell) => data.cells[cell] !== undefined).length;
  const unreachable = ALL_CELLS.length - reachableBeside(providers).length;
  say(
    `Cells of the table hit: ${hit} of ${ALL_CELLS.length} (${unreachable} unreachable)${cells.length === 0 ? "" : `; not ${cells.join(", ")}`}`,
  );
  say(
    `Faults hit: ${Object.keys(data.faults).length}, at ${Object.keys(data.pairs).length} pairs of fault and place${faults.length === 0 ? "" : `; not ${faults.join(", ")}`}`,
  );
  return hit;
}

/** A line now and then, so that a long run shows that it lives. */
function progress(histories: number): (tally: Tally) => void {
  const every = Math.max(100, Math.ceil(histories / 20));
  return ({ histories: done, failures }) => {
    if (done % every !== 0) return;
    const perSecond = (done / (performance.now() - began)) * 1_000;
    say(`${done} histories, ${failures.length} failed, ${perSecond.toFixed(1)} a second`);
  };
}

function finish({ histories, steps, calls, failures }: Tally, cellsHit: number): void {
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  say(
    JSON.stringify({
      histories,
      failed: failures.length,
      steps,
      calls,
      cellsHit,
      cellsTotal: ALL_CELLS.length,
      seconds,
    }),
  );
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
