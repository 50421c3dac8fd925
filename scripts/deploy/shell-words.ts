import type { Command } from "./step.ts";

/** A command as it can be pasted into a shell; what goes to its standard input is not shown. */
export function shellLine({ program, args, input }: Command): string {
  const line = [program, ...args.map(quoted)].join(" ");
  return input === undefined ? line : `${line} < …`;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
