import { appendFileSync, renameSync, statSync } from "node:fs";

const MAX_BYTES = 20_000_000;

/**
 * Appends lines to a file; one older file is kept beside it once it is full (law 12). Written at once, so
 * that what was said before a crash is there after it.
 */
export function openLogFile(file: string): (line: string) => void {
  let bytes = sizeOf(file);
  return (line) => {
    if (bytes > MAX_BYTES) {
      renameSync(file, `${file}.1`);
      bytes = 0;
    }
    appendFileSync(file, `${line}\n`, { mode: 0o600 });
    bytes += line.length + 1;
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
