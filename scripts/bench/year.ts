import { sourceMemory } from "../../shared/edge/source-memory.ts";
import { openSqliteStores } from "../../shared/embedded/sqlite-store.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { dice, KINDS, liveWith, type Year } from "./year/live.ts";

const DAYS = 365;
const SEEDS = [1, 2];

interface Lived {
  readonly kind: string;
  readonly seed: number;
  readonly year: Year;
}

/** `npm run bench -- year`: every kind of iCal feed, read hourly for a year with its faults. Answers whether nothing was told wrongly or late. */
export async function benchYear({ json }: { readonly json: boolean }): Promise<boolean> {
  const lived: Lived[] = [];
  for (const habits of KINDS) {
    for (const seed of SEEDS) {
      const stores = openSqliteStores(":memory:", systemClock);
      const memory = sourceMemory(
        () => stores.workspace("lets"),
        "feeds",
        () => "bench",
      );
      const year = await liveWith({ ...habits, random: dice(seed) }, DAYS, memory);
      lived.push({ kind: `${habits.tells}, UIDs by ${habits.uids}`, seed, year });
      if (!json) process.stdout.write(`${draw(lived.length === 1, lived.at(-1))}\n`);
    }
  }
  const good = lived.every(({ year }) => isGood(year));
  const head = { bench: "year", measuredAt: new Date().toISOString(), node: process.version, days: DAYS, good };
  if (json) process.stdout.write(`${JSON.stringify({ ...head, years: lived })}\n`);
  return good;
}

function isGood({ wrongful, late, twice }: Year): boolean {
  return wrongful.length === 0 && late.length === 0 && twice.length === 0;
}

function draw(isFirst: boolean, lived: Lived | undefined): string {
  if (lived === undefined) return "";
  const { kind, seed, year } = lived;
  const head = row("feed tells", ["seed", "stays", "cancelled", "slowest", "wrongful", "late", "twice"]);
  const { wrongful, late, twice } = year;
  const counts = [seed, year.stays, year.found, year.slowest, wrongful.length, late.length, twice.length];
  const faults = [...wrongful, ...late, ...twice].map((fault) => `  ${fault}`);
  return [...(isFirst ? [head] : []), row(kind, counts.map(String)), ...faults].join("\n");
}

function row(first: string, rest: readonly string[]): string {
  return first.padEnd(26) + rest.map((cell) => cell.padStart(11)).join("");
}
