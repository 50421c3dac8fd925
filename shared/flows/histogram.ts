/**
 * How long changes took, as counts between fixed limits: histograms of any two hours or connections merge by adding.
 * Limits in milliseconds; a count more than there are limits: what took longer than the last.
 */
export const LIMITS_MS = [
  1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 14_400_000,
] as const;

export type Histogram = readonly number[];

export const EMPTY: Histogram = [...LIMITS_MS.map(() => 0), 0];

export function withValue(histogram: Histogram, ms: number): Histogram {
  const found = LIMITS_MS.findIndex((limit) => ms <= limit);
  const at = found < 0 ? LIMITS_MS.length : found;
  return histogram.map((count, index) => (index === at ? count + 1 : count));
}

export function merged(one: Histogram, other: Histogram): Histogram {
  return EMPTY.map((_, index) => (one[index] ?? 0) + (other[index] ?? 0));
}

export function countOf(histogram: Histogram): number {
  return histogram.reduce((sum, count) => sum + count, 0);
}

/**
 * The limit below which this share of the values lies, in milliseconds: never less than the true quantile. Null without
 * values; infinite where it lies beyond the last limit.
 */
export function quantile(histogram: Histogram, share: number): number | null {
  const wanted = countOf(histogram) * share;
  if (wanted === 0) return null;
  let sum = 0;
  for (const [index, count] of histogram.entries()) {
    sum += count;
    if (sum >= wanted) return LIMITS_MS[index] ?? Number.POSITIVE_INFINITY;
  }
  return Number.POSITIVE_INFINITY;
}

/** Values at most `limitMs`, which is one of the limits. */
export function within(histogram: Histogram, limitMs: number): number {
  return LIMITS_MS.reduce<number>((sum, limit, index) => (limit <= limitMs ? sum + (histogram[index] ?? 0) : sum), 0);
}
