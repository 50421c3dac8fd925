import type { ErrorCode } from "../../shared/errors.ts";

/** What goes wrong between us and a provider, whatever it is called there. */
export type Trouble = "unauthorized" | "forbidden" | "rate-limited" | "unavailable" | "no-answer" | "nonsense";

/** What the ports promise for each; never an absence (law 2, S01). */
export const TROUBLES: readonly (readonly [Trouble, ErrorCode])[] = [
  ["unauthorized", "PROVIDER_UNAUTHORIZED"],
  ["forbidden", "PROVIDER_FORBIDDEN"],
  ["rate-limited", "PROVIDER_RATE_LIMITED"],
  ["unavailable", "PROVIDER_UNAVAILABLE"],
  ["no-answer", "PROVIDER_UNAVAILABLE"],
  ["nonsense", "PROVIDER_UNAVAILABLE"],
];

/** The code a failed call was answered with; "answered" where it did not fail. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "answered";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}
