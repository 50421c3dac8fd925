/** Beyond this many answers it begins anew. */
const KEPT = 2_000;

/** `compute` with its answers kept, for times and zones that are asked for again with every listing. */
export function remembered<T>(compute: (first: string, second: string) => T): (first: string, second?: string) => T {
  const answers = new Map<string, { readonly value: T }>();
  return (first, second = "") => {
    const key = `${first}\n${second}`;
    const known = answers.get(key) ?? { value: compute(first, second) };
    if (answers.size >= KEPT) answers.clear();
    answers.set(key, known);
    return known.value;
  };
}
