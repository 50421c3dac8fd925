import { plainSpaces, tidy } from "./fold.ts";

/** One line of a mail as people read it. */
export interface Line {
  readonly text: string;
  /** Its columns; one where it has none. */
  readonly cells: readonly string[];
}

/** Longest line that is looked at; what is longer is running text of no template. */
const MAX_LINE = 2000;
const MAX_LINES = 4000;
const URLS = /\[?<?https?:\/\/[^\s\]>)]+[\]>]?/gi;
/** Bold and underline as plain texts write them, in pairs: `G*** H***` is a mask. */
const EMPHASIS = /(?<![\p{L}\d*_])([*_]{1,2})(?=[^\s*_])(.{0,200}?)(?<=[^\s*_])\1(?![\p{L}\d*_])/gu;
/** Bullets and pictures before a line. */
const ORNAMENT = /^(?:[\p{Extended_Pictographic}•·▪►▶✓✔➤→*-]\s*)+(?=\p{L}|#)/u;

/** The lines of a text that say something: no addresses of pages, no empty ones. */
export function toLines(texts: readonly string[]): Line[] {
  const lines: Line[] = [];
  for (const text of texts.slice(0, MAX_LINES)) {
    const line = toLine(text);
    if (line.text !== "") lines.push(line);
  }
  return lines;
}

export function toLine(text: string): Line {
  const bare = text.slice(0, MAX_LINE).replaceAll(URLS, " ").replaceAll(EMPHASIS, "$2").trim().replace(ORNAMENT, "");
  const cells = bare.includes("\t") ? bare.split(/\t+/) : plainSpaces(bare).split(/(?<![.!?])\s{2,}/);
  const told = cells.map(tidy).filter((cell) => cell !== "");
  return { text: told.join(" "), cells: told };
}

/** The addresses of pages a plain text holds. */
export function linksIn(text: string): string[] {
  return (text.match(URLS) ?? []).slice(0, 500).map((url) => url.replaceAll(/[[\]<>]/g, ""));
}
