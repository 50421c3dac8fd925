import { z } from "zod";
import { freshnessSince } from "../../shared/flows/freshness.ts";
import { countOf, LIMITS_MS, quantile, within } from "../../shared/flows/histogram.ts";
import { later } from "../../shared/sync/time.ts";
import { pageAnswer } from "./page.ts";
import { type ApiCall, route } from "./route.ts";

/** What we mean to keep: so many of a hundred changes on the other side within so long. */
const OBJECTIVE = { share: 0.95, withinMs: 300_000 } as const;

const Query = z.object({
  hours: z.coerce.number().int().min(1).max(168).default(24).describe("So many hours back."),
});

const Ms = z
  .number()
  .nullable()
  .describe("The limit of the histogram that it lies below; null: no value, or beyond all.");

const Way = z
  .object({
    from: z.string().describe("A source or a calendar."),
    to: z.string(),
    changes: z.int(),
    effects: z.record(z.string(), z.int()).describe("By kind, e.g. `insert-event`."),
    failures: z.record(z.string(), z.int()).describe("Items whose last try failed, by effect and code."),
    successRate: z.number().min(0).max(1).nullable(),
    p50Ms: Ms,
    p95Ms: Ms,
    limitsMs: z.array(z.int()),
    counts: z.array(z.int()).describe("Changes at most each limit, and beyond the last."),
    withinObjective: z.number().min(0).max(1).nullable().describe("Share done within five minutes."),
    errorBudget: z.number().nullable().describe("What is left of the 5 % that may take longer; below 0: spent."),
  })
  .meta({ id: "Freshness", description: "How long changes of one side took to stand on the other." });

export const FRESHNESS_ROUTES = [
  route({
    ...{ method: "GET", pattern: "freshness", scope: "read" },
    summary: "How long changes took from one side to the other, per connection and direction, and the service level.",
    description: "Folded every five minutes: the newest changes are not in yet.",
    query: Query,
    answer: pageAnswer(Way),
    handle: showFreshness,
  }),
];

async function showFreshness({ world, caller, query: { hours } }: ApiCall<z.output<typeof Query>>) {
  const ways = await freshnessSince(world.store(caller.ws), later(world.clock.now(), -hours * 3_600_000));
  const items = ways.map(({ from, to, effects, failures, took }) => {
    const count = countOf(took);
    const share = count === 0 ? null : within(took, OBJECTIVE.withinMs) / count;
    const [changes, failed] = [sumOf(effects), sumOf(failures)];
    return {
      ...{ from, to, effects, failures, changes, limitsMs: LIMITS_MS, counts: took },
      successRate: changes + failed === 0 ? null : Math.round((changes / (changes + failed)) * 1000) / 1000,
      p50Ms: finite(quantile(took, 0.5)),
      p95Ms: finite(quantile(took, 0.95)),
      withinObjective: share,
      errorBudget: share === null ? null : Math.round((1 - (1 - share) / (1 - OBJECTIVE.share)) * 1000) / 1000,
    };
  });
  return { items, next: null };
}

function sumOf(counts: Readonly<Partial<Record<string, number>>>): number {
  return Object.values(counts).reduce<number>((all, each = 0) => all + each, 0);
}

function finite(ms: number | null): number | null {
  return ms === null || !Number.isFinite(ms) ? null : ms;
}
