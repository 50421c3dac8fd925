/** A line of its own in a booking's notes, by which a saga finds what it booked (R4). */
const LINE = /^[ \t]*\[lockstep ([^\s\]]{1,200})\][ \t]*$/;

/** The notes without our lines, and the last marker among them. */
export function splitNotes(text: string): { readonly notes: string; readonly marker?: string } {
  const lines = text.split(/\r\n|\r|\n/);
  const markers = lines.flatMap((line) => LINE.exec(line)?.[1] ?? []);
  const marker = markers.at(-1);
  if (marker === undefined) return { notes: text };
  const notes = lines.filter((line) => !LINE.test(line)).join("\n");
  return { notes: notes.replace(/\n+$/, ""), marker };
}

/** Notes with the marker on a line of its own behind them. */
export function joinNotes(notes: string, marker: string): string {
  const line = `[lockstep ${marker}]`;
  return notes === "" ? line : `${notes}\n${line}`;
}
