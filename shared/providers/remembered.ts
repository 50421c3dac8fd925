/** Beyond this many answers it begins anew, so that a long-lived process does not grow. */
const KEPT = 2_000;

/**
 * `compute`, with its answers kept: what a listing says is said again by the next one, and reading a time in a zone
 * costs more than all else done with it. `compute` must answer from its arguments alone.
 */
export function remembered<Parts extends readonly (string | number)[], T>(
  compute: (...parts: Parts) => T,
): (...parts: Parts) => T {
  const answers = new Map<string, { readonly value: T }>();
  return (...parts) => {
    let key = "";
    for (const part of parts) key += `${part}\n`;
    const known = answers.get(key);
    if (known !== undefined) return known.value;
    const value = compute(...parts);
    if (answers.size >= KEPT) answers.clear();
    answers.set(key, { value });
    return value;
  };
}
