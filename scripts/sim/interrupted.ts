import type { Functions } from "../local/function-folders.ts";
import { openCoverage } from "./coverage.ts";
import type { Interruption } from "./directed/interruptions.ts";
import { type StoryStep, writeStory } from "./directed/story.ts";
import type { History } from "./history.ts";
import { type PlayOptions, playHistory } from "./play-history.ts";

// One worker cut off at every one of its steps in every way, while people do something to what is half done; then the next
// worker is cut off as well. What chance needs thousands of histories for.

export interface Sample {
  /** Plays one of so many. */
  readonly every: number;
  /** Which of them. */
  readonly from: number;
}

export interface Verdict {
  readonly name: string;
  readonly history: History;
  readonly complaints: readonly string[];
}

type Told = Pick<Verdict, "name" | "history">;

/** Where an instance waited within a step: its number there, and how long after the step began. */
interface Met {
  readonly at: number;
  readonly place: string;
  readonly afterMs: number;
}

/** Each with how long after the crossing people do what they do: before anybody goes on with the work, or after. */
const CUT_OFF: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  call: {
    "die-before": [400],
    "die-after": [400],
    "timeout-before": [11_000],
    "timeout-after": [400, 11_000],
    "arrives-late": [12_000, 20_000],
    stall: [3_000, 100_000, 323_000],
  },
  commit: { "die-after": [400, 25_000], "unavailable-after": [200], stall: [3_000, 100_000, 323_000] },
};

/** Until the next worker is done, too. */
const TAKEN_UP_S = 400;
/** Long enough for the sweep to look after what was left. */
const AFTERWARDS: StoryStep = { deed: "wait", seconds: 660 };

/** Plays a sample of them, each as it is and with its next worker cut off as well. */
export async function* playInterrupted(
  functions: Functions,
  interruptions: readonly Interruption[],
  { every, from }: Sample,
): AsyncGenerator<Verdict> {
  let count = 0;
  for (const interruption of interruptions) {
    for (const told of await cutOff(functions, interruption)) {
      const number = count++;
      if (number % every !== from % every) continue;
      const met: Met[] = [];
      yield await play(functions, told, met);
      const again = cutOffAgain(told, met, Math.floor(number / every));
      if (again !== undefined) yield await play(functions, again);
    }
  }
}

async function cutOff(functions: Functions, interruption: Interruption): Promise<Told[]> {
  const { name, before, deed, meanwhile } = interruption;
  const met: Met[] = [];
  await play(functions, { name, history: write(interruption, [{ ...deed, seconds: 30 }]) }, met);
  return met.flatMap(({ at, place, afterMs }) =>
    faultsAt(place).flatMap(([fault, waits]) =>
      waits.flatMap((waitMs) =>
        meanwhile.map((steps) => {
          const goOn = steps.map((step, index) => (index < steps.length - 1 ? step : { ...step, seconds: TAKEN_UP_S }));
          const history = write(interruption, [deed, ...goOn]);
          const what = steps.map((step) => `${step.deed} (${step.pick ?? 0})`).join(", ");
          return {
            name: `${name}, ${fault} at ${place}, ${waitMs} ms later ${what}`,
            history: struck(history, before.length, { [at]: fault }, afterMs + waitMs),
          };
        }),
      ),
    ),
  );
}

/** The same, and whoever goes on is cut off too, at one place and in one way: another one each time. */
function cutOffAgain({ name, history }: Told, met: readonly Met[], turn: number): Told | undefined {
  const ways = met.flatMap(({ at, place }) => faultsAt(place).map(([fault]) => ({ at, place, fault })));
  const way = ways[(turn * 31) % Math.max(1, ways.length)];
  if (way === undefined) return undefined;
  const again = struck(history, lastDeed(history), { [way.at]: way.fault });
  return { name: `${name}; then ${way.fault} at ${way.place}`, history: again };
}

function write({ name, policy, before }: Interruption, then: readonly StoryStep[]): History {
  const steps = [...before, ...then, AFTERWARDS];
  const story = { name, cells: [], steps, ...(policy === undefined ? {} : { policy }) };
  const history = writeStory(story, { seed: 7, calendar: "google-calendar", source: "uschedule" });
  return { ...history, steps: history.steps.map((step) => ({ ...step, faults: {} })) };
}

function struck(history: History, index: number, faults: Readonly<Record<string, string>>, gapMs?: number): History {
  const steps = history.steps.map((step, each) =>
    each === index ? { ...step, faults: { ...faults }, gapMs: gapMs ?? step.gapMs } : step,
  );
  return { ...history, steps, troubles: steps.flatMap((step) => Object.values(step.faults ?? {})) };
}

/** The step before it is only waited for. */
function lastDeed({ steps }: History): number {
  return steps.length - 2;
}

function faultsAt(place: string): [fault: string, waits: readonly number[]][] {
  const [crossing = ""] = place.split(" ");
  return Object.entries(CUT_OFF[crossing] ?? {}).map(([fault, waits]) => [`${crossing}:${fault}`, waits]);
}

/** Notes where the workers of the last deed's step called or committed. */
async function play(functions: Functions, { name, history }: Told, met: Met[] = []): Promise<Verdict> {
  let began: number | undefined;
  const pass: PlayOptions["pass"] = (step, at, crossing, place, now) => {
    if (step !== lastDeed(history)) return;
    began ??= now;
    if (place.startsWith("sync-")) met.push({ at, place: `${crossing} ${place}`, afterMs: now - began });
  };
  const { complaints } = await playHistory(history, { functions, coverage: openCoverage(), pass });
  return { name, history, complaints };
}
