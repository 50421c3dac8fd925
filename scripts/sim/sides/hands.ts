import type { CanHave, Choice, Stage } from "./side.ts";

// What people's hands and the faults around them have in common, whichever provider they are at.

export const isAny: CanHave = () => true;

/** What can befall the news that a provider sends of a write. */
export function newsFaults(isWrite: CanHave): Readonly<Record<string, CanHave>> {
  return { "notify-lost": isWrite, "notify-double": isWrite, "notify-delay=20000": isWrite, "notify-reorder": isWrite };
}

/** One of a fixed list, as the step says. */
export function oneOf(items: readonly [string, ...string[]], { other }: Choice): string {
  return items[other % items.length] ?? items[0];
}

/** The one of two that this is not. */
export function otherOf(items: readonly [string, ...string[]], one: string): string {
  return items.find((each) => each !== one) ?? items[0];
}

/** How long a booking is to be, in minutes. */
export function minutesOf({ other }: Choice): number {
  return [30, 60, 60, 90][other % 4] ?? 60;
}

export function noteOf({ other }: Choice): string {
  return `Notes ${other}`;
}

/** Works the sandbox's own levers: expired cursors, silent channels. */
export async function pull({ sandbox }: Stage, path: string, body: object): Promise<void> {
  await sandbox.handle({ method: "POST", path, query: new URLSearchParams(), headers: {}, body: JSON.stringify(body) });
}
