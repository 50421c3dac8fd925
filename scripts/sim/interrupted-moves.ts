import type { Functions } from "../local/function-folders.ts";
import { openCoverage } from "./coverage.ts";
import type { History, Step } from "./history.ts";
import { type PlayOptions, playHistory } from "./play-history.ts";

// One move at a source that knows no update, cut off at every one of its steps in every way, while people do something to
// what is half moved; then its next worker is cut off as well. What chance needs thousands of histories for.

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

/** Where an instance waited within a step: its number there, and how long after the step began. */
interface Crossing {
  readonly at: number;
  readonly place: string;
  readonly afterMs: number;
}

type Doing = Pick<Step, "deed"> & Partial<Step>;

const MOVES: readonly Doing[] = [
  { deed: "drag", slot: 14 },
  // Half an hour on it overlaps its own old time: the old booking is given up first.
  { deed: "nudge" },
  { deed: "carry-over" },
];

const STAFF: readonly Doing[] = [
  { deed: "cancel" },
  { deed: "move", slot: 20 },
  { deed: "change-resource", other: 1 },
  { deed: "change-resource", other: 0 },
  { deed: "rename", other: 7 },
  { deed: "annotate", other: 8 },
  { deed: "reschedule", slot: 22 },
  { deed: "lengthen", other: 5 },
  { deed: "vanish" },
];

/** Done to the old booking, to the new one, and to the event; or nothing. */
const MEANWHILE: readonly Doing[] = [
  { deed: "wait" },
  ...STAFF.flatMap((doing) => [
    { ...doing, pick: 0 },
    { ...doing, pick: 0.99 },
  ]),
  { deed: "drag", slot: 26 },
  { deed: "delete" },
  { deed: "retitle", other: 3 },
  { deed: "carry-over" },
  { deed: "unmark" },
];

/** Each with how long after the crossing people do what they do: before anybody goes on with the move, or after. */
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

const CALM: Step = { deed: "wait", pick: 0, slot: 0, other: 0, gapMs: 60_000, chance: 5, fault: 0, faults: {} };
/** An hour in the first room, whose event is there, and which the poller has listed. */
const LISTED: Step = { ...CALM, deed: "book", slot: 10, other: 2, gapMs: 65_000 };
/** Long enough for the sweep to look after what was left. */
const AFTERWARDS: Step = { ...CALM, gapMs: 660_000 };

/** Plays a sample of them, each as it is and with its next worker cut off as well. */
export async function* playInterruptedMoves(functions: Functions, { every, from }: Sample): AsyncGenerator<Verdict> {
  let count = 0;
  for (const move of MOVES) {
    for (const { name, steps } of await cutOff(functions, move)) {
      const number = count++;
      if (number % every !== from % every) continue;
      const crossings: Crossing[] = [];
      const verdict = await play(functions, name, steps, crossings);
      yield verdict;
      const again = cutOffAgain(verdict, crossings, Math.floor(number / every));
      if (again !== undefined) yield await play(functions, again.name, again.steps, []);
    }
  }
}

interface Written {
  readonly name: string;
  readonly steps: readonly Step[];
}

async function cutOff(functions: Functions, move: Doing): Promise<Written[]> {
  const crossings: Crossing[] = [];
  await play(functions, "", [LISTED, stepOf(move, 30_000), AFTERWARDS], crossings);
  return crossings.filter(isOfMove).flatMap(({ at, place, afterMs }) =>
    faultsAt(place).flatMap(([fault, waits]) =>
      waits.flatMap((waitMs) =>
        MEANWHILE.map((meanwhile) => ({
          name: `${move.deed}, ${fault} at ${place}, ${waitMs} ms later ${meanwhile.deed} (${meanwhile.pick ?? 0})`,
          steps: [
            LISTED,
            { ...stepOf(move, afterMs + waitMs), faults: { [at]: fault } },
            stepOf(meanwhile, 400_000),
            AFTERWARDS,
          ],
        })),
      ),
    ),
  );
}

/** The same, and whoever goes on is cut off too, at one place and in one way: another one each time. */
function cutOffAgain({ name, history }: Verdict, crossings: readonly Crossing[], turn: number): Written | undefined {
  const ways = crossings
    .filter(isOfMove)
    .flatMap(({ at, place }) => faultsAt(place).map(([fault]) => ({ at, place, fault })));
  const way = ways[(turn * 31) % Math.max(1, ways.length)];
  if (way === undefined) return undefined;
  const steps = history.steps.map((step, index) => (index === 2 ? { ...step, faults: { [way.at]: way.fault } } : step));
  return { name: `${name}; then ${way.fault} at ${way.place}`, steps };
}

function stepOf(doing: Doing, gapMs: number): Step {
  return { ...CALM, ...doing, gapMs };
}

/** Where something is written, or read to be decided on. */
function isOfMove({ place }: Crossing): boolean {
  return (
    / sync-\d/.test(place) && /^commit|bookit|cancelappointment|getappointment|getapiappointments|PATCH/.test(place)
  );
}

function faultsAt(place: string): [fault: string, waits: readonly number[]][] {
  const [crossing = ""] = place.split(" ");
  return Object.entries(CUT_OFF[crossing] ?? {}).map(([fault, waits]) => [`${crossing}:${fault}`, waits]);
}

/** Notes the crossings of the last but one step. */
async function play(
  functions: Functions,
  name: string,
  steps: readonly Step[],
  crossings: Crossing[],
): Promise<Verdict> {
  const history: History = {
    ...{ seed: 7, calendar: "google-calendar", source: "uschedule", zone: "Europe/London" },
    ...{ start: "2027-01-11T08:00:00.000Z", policy: { breakerCount: 1_000 }, skew: { instances: [0], providers: 0 } },
    troubles: steps.flatMap(({ faults }) => Object.values(faults ?? {})),
    steps: [...steps],
  };
  const watched = steps.length - 2;
  let began: number | undefined;
  const pass: PlayOptions["pass"] = (step, at, crossing, place, now) => {
    if (step !== watched) return;
    began ??= now;
    crossings.push({ at, place: `${crossing} ${place}`, afterMs: now - began });
  };
  const { complaints } = await playHistory(history, { functions, coverage: openCoverage(), pass });
  return { name, history, complaints };
}
