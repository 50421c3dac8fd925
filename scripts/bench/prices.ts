/**
 * List prices in US dollars and monthly free tiers that `npm run bench -- cost` reckons with: tier 1 regions (europe-west2 is not
 * dearer in these rows), as published on cloud.google.com in November 2026. They change: compare with the pricing calculator before you
 * rest on them.
 */
export const PRICES_AS_OF = "2026-11";

export const PRICES = {
  run: {
    /** Requests billed by the time in which they are answered. */
    perMillionRequests: 0.4,
    perVcpuSecond: 0.000024,
    perGibSecond: 0.0000025,
    freeRequests: 2_000_000,
    freeVcpuSeconds: 180_000,
    freeGibSeconds: 360_000,
  },
  firestore: {
    perHundredThousandReads: 0.06,
    perHundredThousandWrites: 0.18,
    perHundredThousandDeletes: 0.02,
    /** Each day. */
    freeReads: 50_000,
    freeWrites: 20_000,
    freeDeletes: 20_000,
  },
  pubsub: {
    perTib: 40,
    freeGib: 10,
    /** A message counts as at least this much, when it is published and again when it is delivered. */
    smallestBytes: 1_000,
  },
  scheduler: { perJob: 0.1, freeJobs: 3 },
  secrets: { perVersion: 0.06, perTenThousandReads: 0.03, freeVersions: 6, freeReads: 10_000 },
  logging: { perGib: 0.5, freeGib: 50 },
} as const;
