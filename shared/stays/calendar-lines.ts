const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const BOM = [0xef, 0xbb, 0xbf];

/**
 * The logical lines of an iCalendar file. Folds are taken out of the bytes before they become characters: RFC 5545 3.1
 * lets a writer fold in the middle of one. What is no UTF-8 is read as Latin-1 (Windows-1252), line by line, so that one
 * odd name spoils no other. NUL bytes go (S41). Line ends may be CRLF, LF or CR.
 */
export function linesOf(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  let line: number[] = [];
  for (let at = startOf(bytes); at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) continue;
    if (byte !== LF && byte !== CR) {
      line.push(byte);
      continue;
    }
    if (byte === CR && bytes[at + 1] === LF) at++;
    const next = bytes[at + 1];
    if (next === SPACE || next === TAB) {
      at++;
      continue;
    }
    lines.push(decode(line));
    line = [];
  }
  if (line.length > 0) lines.push(decode(line));
  return lines;
}

function startOf(bytes: Uint8Array): number {
  return BOM.every((byte, at) => bytes[at] === byte) ? BOM.length : 0;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
const latin1 = new TextDecoder("windows-1252");

function decode(bytes: readonly number[]): string {
  const line = Uint8Array.from(bytes);
  try {
    return utf8.decode(line);
  } catch {
    return latin1.decode(line);
  }
}
