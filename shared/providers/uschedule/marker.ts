/**
 * By this a saga finds what it booked (R4). Written on a line of its own; found at the end of any
 * line, since nobody says that USchedule keeps line breaks.
 */
const AT_END = /(?:[ \t]*\[lockstep ([^\s\]]{1,200})\])+[ \t]*$/;

/** The notes without our markers, and the last marker among them. */
export function splitNotes(text: string): { readonly notes: string; readonly marker?: string } {
  const lines = text.split(/\r\n|\r|\n/);
  const marker = lines.flatMap((line) => AT_END.exec(line)?.[1] ?? []).at(-1);
  if (marker === undefined) return { notes: text };
  const kept = lines.flatMap((line) => {
    const rest = line.replace(AT_END, "");
    return rest === "" && line !== "" ? [] : [rest];
  });
  return { notes: kept.join("\n").replace(/\n+$/, ""), marker };
}

/** Notes with the marker on a line of its own behind them. */
export function joinNotes(notes: string, marker: string): string {
  const line = `[lockstep ${marker}]`;
  return notes === "" ? line : `${notes}\n${line}`;
}
