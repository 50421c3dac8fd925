/** What `npm run bench -- NAME [options]` can measure; each is loaded only when asked for. */
const BENCHES: Readonly<Record<string, Bench>> = {
  ops: {
    does: "what one change costs: provider calls, store reads and writes, publishes, against DESIGN §5",
    load: async () => (await import("./ops.ts")).benchOps,
  },
  cold: {
    does: "CPU and memory of each function's first answer, against a hello world",
    load: async () => (await import("./cold.ts")).benchCold,
  },
  cost: {
    does: "a month on Google Cloud, from counted operations",
    load: async () => (await import("./cloud-cost.ts")).benchCost,
  },
  ack: {
    does: "how long outsiders wait for an answer under load, against a hello world",
    load: async () => (await import("./ack.ts")).benchAck,
  },
  api: {
    does: "the main reads of the operations API with 100,000 bookings in the store: time, and documents read",
    load: async () => (await import("./api.ts")).benchApi,
  },
  flow: {
    does: "changes a second through the whole local system, against a bare loop of the same calls and commits",
    load: async () => (await import("./flow.ts")).benchFlow,
  },
  scale: {
    does: "time and memory of a change among 100,000 bookings, against one among 1,000",
    load: async () => (await import("./scale.ts")).benchScale,
  },
  feeds: {
    does: "calendar feeds read a second, against a bare parse",
    load: async () => (await import("./feeds.ts")).benchFeeds,
  },
  mail: {
    does: "how reservation mails are read: precision and recall per field, kind and action, mails a second",
    load: async () => (await import("./mail.ts")).benchMail,
  },
  year: {
    does: "every kind of iCal feed read hourly for a simulated year: wrongful and late cancellations (minutes)",
    load: async () => (await import("./year.ts")).benchYear,
  },
};

interface Bench {
  readonly does: string;
  /** Answers the bench itself: it writes its table (`--json`: one object) and answers whether all is within budget. */
  readonly load: () => Promise<(options: { readonly json: boolean }) => Promise<boolean>>;
}

const USAGE = [
  "Usage: npm run bench -- NAME [--json]",
  ...Object.entries(BENCHES).map(([name, { does }]) => `  ${name}  ${does}`),
];

const [name = "", ...options] = process.argv.slice(2);
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
const unknown = options.find((option) => option !== "--json");
if (bench === undefined || unknown !== undefined) {
  const what =
    bench === undefined ? `There is no bench ${name || "without a name"}.` : `There is no option ${unknown}.`;
  process.stderr.write(`${[what, ...USAGE].join("\n")}\n`);
  process.exitCode = 2;
} else {
  const run = await bench.load();
  process.exitCode = (await run({ json: options.includes("--json") })) ? 0 : 1;
}
