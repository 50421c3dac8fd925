import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { LockstepError } from "../../shared/errors.ts";
import { FAULT_NAMES } from "./faults.ts";
import { seedOfCommit } from "./seed-of-commit.ts";
import { CALENDAR_NAMES, SOURCE_NAMES } from "./sides/registry.ts";

export interface SimOptions {
  readonly seed: number;
  readonly histories: number;
  /** The histories that were asked for by number: a sabotage is tried on no more than these. */
  readonly atMost?: number;
  readonly steps: number;
  /** Fault kinds by name. */
  readonly troubles: readonly string[];
  readonly calendar: string;
  readonly source: string;
  readonly workers: number;
  /** Plays spent on making each of the first failures small; 0: none. */
  readonly tries: number;
  /** Also plays the directed histories and refuses where a cell was never reached. */
  readonly everyCell: boolean;
  readonly replay?: string;
  /** Safeguards to switch off, by name; `all`. */
  readonly sabotage?: readonly string[];
}

const FLAGS = {
  seed: { type: "string" },
  histories: { type: "string" },
  steps: { type: "string", default: "60" },
  faults: { type: "string", default: "all" },
  providers: { type: "string", default: "google-calendar,uschedule" },
  workers: { type: "string", default: String(availableParallelism()) },
  tries: { type: "string", default: "250" },
  "every-cell": { type: "boolean", default: false },
  replay: { type: "string" },
  sabotage: { type: "string" },
} as const;

/**
 * Reads the command line. Throws INVALID_REQUEST naming the option. Without a seed a fresh one is taken; `commit` is that
 * of the commit which is played.
 */
export function readOptions(args: readonly string[], freshSeed: () => number): SimOptions {
  const { values } = parse(args);
  const [calendar, source] = sidesOf(values.providers.split(","));
  return {
    seed: seedFrom(values.seed, freshSeed),
    histories: whole("histories", values.histories ?? "100", 0),
    ...(values.histories === undefined ? {} : { atMost: whole("histories", values.histories, 0) }),
    steps: whole("steps", values.steps, 1),
    troubles: faultsOf(values.faults),
    ...{ calendar, source },
    workers: whole("workers", values.workers, 1),
    tries: whole("tries", values.tries, 0),
    everyCell: values["every-cell"],
    ...(values.replay === undefined ? {} : { replay: values.replay }),
    ...(values.sabotage === undefined ? {} : { sabotage: values.sabotage.split(",") }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true });
  } catch (error) {
    throw refused(error instanceof Error ? error.message : "unknown option");
  }
}

function seedFrom(text: string | undefined, freshSeed: () => number): number {
  if (text === undefined) return freshSeed();
  return text === "commit" ? seedOfCommit() : whole("seed", text, 0);
}

function whole(name: string, text: string, least: number): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw refused(`--${name} takes a whole number from ${least} on, not "${text}"`);
}

function faultsOf(text: string): readonly string[] {
  if (text === "all") return FAULT_NAMES;
  if (text === "none") return [];
  const wished = text.split(",");
  const chosen = FAULT_NAMES.filter((name) => wished.some((wish) => name === wish || name.startsWith(`${wish}:`)));
  const unknown = wished.find((wish) => !FAULT_NAMES.some((name) => name === wish || name.startsWith(`${wish}:`)));
  if (unknown === undefined) return chosen;
  throw refused(`--faults: there is no fault ${unknown}; there are all, none, ${FAULT_NAMES.join(", ")}`);
}

/** One calendar and one source, in any order. */
function sidesOf(names: readonly string[]): readonly [calendar: string, source: string] {
  const calendar = names.find((name) => CALENDAR_NAMES.includes(name));
  const source = names.find((name) => SOURCE_NAMES.includes(name));
  if (calendar !== undefined && source !== undefined && names.length === 2) return [calendar, source];
  const calendars = CALENDAR_NAMES.join(" or ");
  throw refused(`--providers takes one of ${calendars} and one of ${SOURCE_NAMES.join(" or ")}`);
}

function refused(detail: string): LockstepError {
  return new LockstepError("INVALID_REQUEST", { detail });
}
