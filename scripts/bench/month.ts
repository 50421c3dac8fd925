import { PRICES } from "./prices.ts";

/** What an installation does in a day, counted. */
export interface Day {
  readonly requests: number;
  readonly vcpuSeconds: number;
  readonly gibSeconds: number;
  readonly reads: number;
  readonly writes: number;
  readonly deletes: number;
  readonly publishes: number;
  readonly secretReads: number;
  readonly logBytes: number;
}

/** What there is all month, whatever happens. */
export interface Standing {
  readonly jobs: number;
  readonly secretVersions: number;
}

export type Bill = Readonly<Record<"run" | "firestore" | "pubsub" | "scheduler" | "secrets" | "logging", number>>;

const DAYS = 30;
const GIB = 2 ** 30;

/** Dollars of a month of such days, by service, beyond the free tiers. */
export function billOf(day: Day, { jobs, secretVersions }: Standing): Bill {
  const { run, firestore, pubsub, scheduler, secrets, logging } = PRICES;
  const month = (perDay: number) => perDay * DAYS;
  const messageBytes = month(day.publishes) * pubsub.smallestBytes * 2;
  return {
    run:
      over(month(day.requests), run.freeRequests, run.perMillionRequests / 1e6) +
      over(month(day.vcpuSeconds), run.freeVcpuSeconds, run.perVcpuSecond) +
      over(month(day.gibSeconds), run.freeGibSeconds, run.perGibSecond),
    firestore:
      DAYS *
      (over(day.reads, firestore.freeReads, firestore.perHundredThousandReads / 1e5) +
        over(day.writes, firestore.freeWrites, firestore.perHundredThousandWrites / 1e5) +
        over(day.deletes, firestore.freeDeletes, firestore.perHundredThousandDeletes / 1e5)),
    pubsub: over(messageBytes / GIB, pubsub.freeGib, pubsub.perTib / 1024),
    scheduler: over(jobs, scheduler.freeJobs, scheduler.perJob),
    secrets:
      over(secretVersions, secrets.freeVersions, secrets.perVersion) +
      over(month(day.secretReads), secrets.freeReads, secrets.perTenThousandReads / 1e4),
    logging: over(month(day.logBytes) / GIB, logging.freeGib, logging.perGib),
  };
}

function over(amount: number, free: number, price: number): number {
  return Math.max(0, amount - free) * price;
}

export function totalOf(bill: Bill): number {
  return Object.values(bill).reduce((sum, part) => sum + part, 0);
}
