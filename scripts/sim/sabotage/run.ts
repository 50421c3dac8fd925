import type { SimOptions } from "../options.ts";

/** Switches safeguards off, one after the other. */
export async function sabotageAll(_options: SimOptions, _say: (text: string) => void): Promise<boolean> {
  return false;
}
