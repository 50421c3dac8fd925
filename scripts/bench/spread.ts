/** The middle of the values; of an even number the upper one. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value below which this part of all lies; 0 of none. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
