import { LockstepError } from "../../../shared/errors.ts";

/** One place of the product's source that is read differently. */
export interface Edit {
  /** From the repository's root. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** Something the product does so that it cannot go wrong, and what it takes to switch that off. */
export interface Safeguard {
  readonly name: string;
  /** What it prevents, with its law or rule. Where others cover for it, they are switched off with it. */
  readonly protects: string;
  readonly edits: readonly Edit[];
  /** So many histories must be enough to notice that it is off. */
  readonly within: number;
}

/** The text with the edit in it. Throws INVALID_REQUEST where the place is not there exactly once. */
export function applyEdit(text: string, { name }: Safeguard, { file, find, replace }: Edit): string {
  const [before, after, ...more] = text.split(find);
  if (before !== undefined && after !== undefined && more.length === 0) return before + replace + after;
  const times = after === undefined ? "no longer" : `${more.length + 1} times`;
  throw new LockstepError("INVALID_REQUEST", {
    detail: `the safeguard moved: ${name} is ${times} in ${file}: ${find}`,
  });
}

export const FLOWS = "shared/flows";

export function edit(file: string, find: string, replace: string): Edit {
  return { file, find, replace };
}
