import { resolve } from "node:path";
import { SECRET_KEPT_MS } from "../../shared/cloud/cloud-secrets.ts";
import type { FunctionFile } from "../../shared/cloud/function-file.ts";
import { JOBS } from "../../shared/flows/jobs.ts";
import { readFunctions } from "../local/function-folders.ts";
import { type Bill, billOf, type Day, type Standing, totalOf } from "./month.ts";
import type { OpsRow } from "./ops-budgets.ts";
import { measureOps, type OpsResult } from "./ops-measure.ts";
import { ACTIVE_MAPS } from "./ops-studio.ts";
import { PRICES_AS_OF } from "./prices.ts";

/** A customer whose month is reckoned. */
interface Customer {
  readonly name: string;
  readonly rooms: number;
  readonly changesADay: number;
  /** Bookings that are watched at any time, in each room. */
  readonly liveInEachRoom: number;
  /** The most that the month may cost, where there is such a promise. */
  readonly atMost?: number;
}

const CUSTOMERS: readonly Customer[] = [
  { name: "a small venue", rooms: 2, changesADay: 50, liveInEachRoom: 60, atMost: 0 },
  { name: "50 rooms", rooms: 50, changesADay: 1_000, liveInEachRoom: 40, atMost: 5 },
  { name: "50 rooms, busy", rooms: 50, changesADay: 10_000, liveInEachRoom: 40 },
];

/** What changes are, in parts of all, each with the echo that comes of it. */
const MIX: readonly (readonly [part: number, change: OpsRow, echo: OpsRow])[] = [
  [0.4, "create", "echo of our insert"],
  [0.25, "move", "echo of our patch"],
  [0.15, "cancel", "echo of our removal"],
  [0.2, "drag", "echo of a rebooking"],
];

/**
 * How long an instance is billed for one request, in seconds: mostly waiting for a provider. Assumed, not measured: providers' answers of
 * a quarter second. What a burst brings is answered side by side, at half of an instance's concurrency.
 */
const SECONDS = { edge: 0.1, sync: 0.9, pull: 0.5, poll: 2, compare: 5, tick: 0.3 } as const;
const SIDE_BY_SIDE = 4;
const COMPARES_A_DAY = 1440 / (JOBS["compare"] ?? 0);
/** A request leaves about two lines. */
const LOG_BYTES = 1_200;
/** How often a day one instance asks for a secret that it always needs; so many instances of a function run at once. */
const SECRET_TERMS = 86_400_000 / SECRET_KEPT_MS;
const INSTANCES = 2;

interface Month {
  readonly customer: string;
  readonly changesADay: number;
  readonly day: Day;
  readonly bill: Bill;
  readonly total: number;
  readonly atMost?: number;
}

/** `npm run bench -- cost`: a month on Google Cloud, from operations counted by `ops` and the jobs in the function files. */
export async function benchCost({ json }: { readonly json: boolean }): Promise<boolean> {
  const months = await reckonMonths();
  process.stdout.write(json ? `${JSON.stringify({ pricesAsOf: PRICES_AS_OF, months })}\n` : tableOf(months));
  return months.every(({ total, atMost = Number.POSITIVE_INFINITY }) => total <= atMost);
}

export async function reckonMonths(): Promise<Month[]> {
  const rows = new Map((await measureOps()).map((result) => [result.row, result.cost]));
  const functions = readFunctions(resolve(import.meta.dirname, "..", ".."));
  const standing = { jobs: jobsOf(functions), secretVersions: 6 };
  return CUSTOMERS.map((customer) => reckon(customer, rows, functions, standing));
}

/** Jobs of a customer with one booking system and one kind of calendar; those of other providers are not made. */
function jobsOf(functions: ReadonlyMap<string, FunctionFile>): number {
  const counts = [...functions.values()].map(({ trigger }) => {
    const jobs = trigger.kind === "schedule" ? trigger.jobs : [];
    const forAll = jobs.filter(({ body }) => body["provider"] === undefined).length;
    return forAll + (jobs.length > forAll ? 1 : 0);
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

type Rows = ReadonlyMap<OpsRow, OpsResult["cost"]>;

function reckon(
  customer: Customer,
  rows: Rows,
  functions: ReadonlyMap<string, FunctionFile>,
  standing: Standing,
): Month {
  const day = sum([...changesOf(customer, rows), ...quietOf(customer, rows, functions), secretsOf(customer)]);
  const bill = billOf(day, standing);
  const { name, changesADay, atMost } = customer;
  return { customer: name, changesADay, day, bill, total: totalOf(bill), ...(atMost !== undefined && { atMost }) };
}

/** Changes, and the pushes that come of our own writes. */
function changesOf({ changesADay }: Customer, rows: Rows): Day[] {
  return MIX.flatMap(([part, change, echo]) =>
    [change, echo].map((row) => {
      const { publishes, reads, writes } = costOf(rows, row);
      const pulls = row === change ? 0 : 1;
      const seconds = SECONDS.edge + pulls * SECONDS.pull + (publishes - pulls) * SECONDS.sync;
      return times(changesADay * part, {
        ...{ publishes, reads, writes, deletes: 0, secretReads: 0 },
        requests: publishes + 1,
        ...timeOf(seconds),
        ...tracesOf(publishes + 1),
      });
    }),
  );
}

/** What runs by the clock where nothing happens. */
function quietOf(customer: Customer, rows: Rows, functions: ReadonlyMap<string, FunctionFile>): Day[] {
  const ticks = (name: string) => {
    const trigger = functions.get(name)?.trigger;
    const jobs = trigger?.kind === "schedule" ? trigger.jobs : [];
    // One source and one kind of calendar in each customer: the jobs of other providers find nothing to do.
    return Math.max(0, ...jobs.map(({ cron }) => ticksADay(cron)));
  };
  const { rooms, liveInEachRoom } = customer;
  const quiet = { publishes: 0, reads: 0, writes: 0, deletes: 0, secretReads: 0 };
  const touched = costOf(rows, "calendar touched, nothing new");
  const compared = costOf(rows, "sweep with nothing new");
  const reads = compared.reads - ACTIVE_MAPS + rooms * liveInEachRoom;
  const one = (seconds: number, requests = 1) => ({ requests, ...timeOf(seconds), ...tracesOf(requests) });
  return [
    times(ticks("source-poll"), { ...quiet, ...one(SECONDS.poll), reads: costOf(rows, "poll with nothing new").reads }),
    times(ticks("watch-renewal"), { ...quiet, ...one(SECONDS.tick), reads: rooms, publishes: rooms }),
    times(ticks("watch-renewal") * rooms, { ...quiet, ...one(SECONDS.pull / SIDE_BY_SIDE), reads: touched.reads }),
    times(ticks("sweep"), { ...quiet, ...one(SECONDS.tick), reads: costOf(rows, "nothing due").reads }),
    times(COMPARES_A_DAY, { ...quiet, ...timeOf(SECONDS.compare), ...tracesOf(1), requests: 0, reads }),
  ];
}

/** The application key of each poll, what proves each push and webhook, and the source's key for each change. */
function secretsOf({ changesADay }: Customer): Day {
  const asked = (requests: number) => Math.min(requests, INSTANCES * SECRET_TERMS);
  const secretReads = SECRET_TERMS + COMPARES_A_DAY + asked(2 * changesADay) + asked(changesADay);
  return dayOf((name) => (name === "secretReads" ? secretReads : 0));
}

/** Of the form that the function files use: every so many minutes. Throws for any other. */
export function ticksADay(cron: string): number {
  const [, minutes] = /^\*\/(\d+) \* \* \* \*$/.exec(cron) ?? [];
  if (minutes !== undefined) return 1440 / Number(minutes);
  throw new Error(`The bench cannot count the ticks of "${cron}".`);
}

function costOf(rows: Rows, row: OpsRow): OpsResult["cost"] {
  const cost = rows.get(row);
  if (cost === undefined) throw new Error(`No scene measures "${row}".`);
  return cost;
}

function timeOf(seconds: number): Pick<Day, "vcpuSeconds" | "gibSeconds"> {
  return { vcpuSeconds: seconds, gibSeconds: seconds * 0.5 };
}

function tracesOf(requests: number): Pick<Day, "logBytes"> {
  return { logBytes: requests * LOG_BYTES };
}

const PARTS = [
  ...(["requests", "vcpuSeconds", "gibSeconds", "reads", "writes", "deletes"] as const),
  ...(["publishes", "secretReads", "logBytes"] as const),
];

function dayOf(part: (name: (typeof PARTS)[number]) => number): Day {
  // Proof: PARTS names every field of a day.
  return Object.fromEntries(PARTS.map((name) => [name, part(name)])) as unknown as Day;
}

function times(count: number, day: Day): Day {
  return dayOf((name) => day[name] * count);
}

function sum(days: readonly Day[]): Day {
  return dayOf((name) => days.reduce((all, day) => all + day[name], 0));
}

function tableOf(months: readonly Month[]): string {
  const lines = months.flatMap(({ customer, changesADay, day, bill, total, atMost }) => [
    `${customer}, ${changesADay} changes a day: ${total.toFixed(2)} $ a month${atMost === undefined ? "" : ` (at most ${atMost})`}`,
    `  each day  ${PARTS.map((name) => `${name} ${Math.round(day[name])}`).join(", ")}`,
    `  dollars   ${Object.entries(bill)
      .map(([name, dollars]) => `${name} ${dollars.toFixed(2)}`)
      .join(", ")}`,
  ]);
  return `${[`Prices as of ${PRICES_AS_OF}, US dollars, beyond the free tiers.`, ...lines].join("\n")}\n`;
}
