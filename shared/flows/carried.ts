import type { Decided } from "../sync/decide.ts";

/**
 * How carrying out ended:
 *
 * - `done`: the effects stand, the turn settles and commits.
 * - `again`: the world turned out to be different; decide anew on what was learnt.
 * - `instead`: a saga had to go back; this other decision is carried out.
 * - `settled`: a saga committed everything itself.
 */
export interface Carried {
  readonly outcome: "done" | "again" | "instead" | "settled";
  readonly decided: Decided;
}
