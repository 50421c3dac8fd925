import type { Line } from "./line.ts";
import { type Field, fieldOf, LABEL_WORDS } from "./vocabulary/labels.ts";
import { writtenSpans } from "./written-date.ts";

/** A value beside or below its label. */
export interface Labelled {
  readonly field: Field;
  readonly value: string;
  /** The line the value stands in. */
  readonly line: string;
  /** Number of that line. */
  readonly at: number;
}

const TIME_ONLY =
  /^(?:(?:from|after|before|until|ab|bis|dès|à|desde|a partir de|dalle|entro|vanaf|voor)\s+)?\d{1,2}(?:[:.h]\d{2})?\s*(?:[ap]\.?\s?m\.?|uhr|h|uur)?(?:\s*[-–]\s*\d{1,2}(?:[:.h]\d{2})?\s*(?:[ap]\.?m\.?)?)?$/i;
/** `Arrives by May 12` is no day of arrival: money arrives by one. */
const BY = /^(?:by|before|until|within|bis|jusqu|avant|antes|hasta|entro|voor|uiterlijk)\b/i;
/** Rows or lines below a label that may hold its value. */
const REACH = 3;

/** Every label with its value: `Label: value`, table rows, columns with labels on top, labels above values. */
export function labelledValues(lines: readonly Line[]): Labelled[] {
  const found: Labelled[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at];
    if (line === undefined) continue;
    const rows = columns(lines, at) ?? beside(line, at) ?? below(lines, at) ?? [];
    found.push(...rows);
  }
  return found;
}

/** `Check-in | Checkout` with its dates in the rows below. */
function columns(lines: readonly Line[], at: number): Labelled[] | undefined {
  const cells = lines[at]?.cells ?? [];
  const fields = cells.map(fieldOf);
  if (cells.length < 2 || fields.some((field) => field === undefined)) return undefined;
  const rows = lines.slice(at + 1, at + 1 + REACH);
  const end = rows.findIndex((row) => row.cells.length !== cells.length || row.cells.every((cell) => fieldOf(cell)));
  const body = end === -1 ? rows : rows.slice(0, end);
  if (body.length === 0) return stacked(lines, at, fields);
  return fields.flatMap((field, column) => {
    if (field === undefined) return [];
    const values = body.map((row) => row.cells[column] ?? "");
    // What is no date needs one row only.
    const value = isDated(field) ? values.join(" ") : (values[0] ?? "");
    return [{ field, value, line: body[0]?.text ?? "", at: at + 1 }];
  });
}

/** Labels in one line, their values below each other. */
function stacked(lines: readonly Line[], at: number, fields: readonly (Field | undefined)[]): Labelled[] {
  const values = lines.slice(at + 1, at + 1 + 2 * fields.length).filter((line) => !TIME_ONLY.test(line.text));
  return fields.flatMap((field, index) => {
    const line = values[index];
    if (field === undefined || line === undefined || fieldOf(line.text) !== undefined) return [];
    return [{ field, value: line.text, line: line.text, at: at + 1 + index }];
  });
}

function beside(line: Line, at: number): Labelled[] | undefined {
  const pairs = cellPairs(line, at) ?? colonPairs(line, at) ?? wordPair(line, at);
  return pairs === undefined || pairs.length === 0 ? undefined : pairs;
}

/** `Label | value`, also twice in a row. */
function cellPairs(line: Line, at: number): Labelled[] | undefined {
  if (line.cells.length < 2) return undefined;
  const pairs: Labelled[] = [];
  for (const [index, cell] of line.cells.entries()) {
    const field = fieldOf(cell);
    const rest = line.cells.slice(index + 1);
    const end = rest.findIndex((other) => fieldOf(other) !== undefined);
    const cells = end === -1 ? rest : rest.slice(0, end);
    const value = isMoved(field, cells) ? (cells.at(-1) ?? "") : cells.join(" ");
    if (field !== undefined && value !== "") pairs.push({ field, value, line: line.text, at });
  }
  return pairs.length === 0 ? undefined : pairs;
}

/** `Check-in | 9 August | 10 August`: what it was, and what it is or shall be. */
function isMoved(field: Field | undefined, cells: readonly string[]): boolean {
  if (field !== "checkIn" && field !== "checkOut") return false;
  return cells.length === 2 && cells.every((cell) => writtenSpans(cell).length > 0);
}

interface Colon {
  readonly field: Field;
  /** Where the label begins, and where its value does. */
  readonly from: number;
  readonly to: number;
}

/** `Label: value Label: value`; also a dash for the colon. */
function colonPairs(line: Line, at: number): Labelled[] | undefined {
  const colons = colonsIn(line.text);
  const pairs = colons.flatMap(({ field, to }, index) => {
    const value = line.text.slice(to, colons[index + 1]?.from).trim();
    return value === "" ? [] : [{ field, value, line: line.text, at }];
  });
  return pairs.length === 0 ? undefined : pairs;
}

function colonsIn(text: string): Colon[] {
  const colons: Colon[] = [];
  for (const match of [...text.matchAll(/\s?(?:(?<!\d)[:：]|[:：](?!\d))|\s[-–—=]\s/g)].slice(0, 30)) {
    const label = labelBefore(
      text.slice(colons.at(-1)?.to ?? 0, match.index),
      match[0].includes("-") || /[–—=]/.test(match[0]),
    );
    if (label === undefined) continue;
    colons.push({ field: label.field, from: match.index - label.length, to: match.index + match[0].length });
  }
  return colons;
}

/** The longest label `text` ends with; before a dash it must be all of the text. */
function labelBefore(text: string, mustBeAll: boolean): { field: Field; length: number } | undefined {
  const words = [...text.matchAll(/\S+/g)].slice(-LABEL_WORDS - 1);
  for (const word of words) {
    const tail = text.slice(word.index);
    const field = fieldOf(tail);
    if (field !== undefined && (!mustBeAll || tail.trim() === text.trim())) return { field, length: tail.length };
  }
  return undefined;
}

/** `Reservation ID HA-123ABC`: a label without a colon, where its value can be nothing else. */
function wordPair(line: Line, at: number): Labelled[] | undefined {
  const words = [...line.text.matchAll(/\S+/g)];
  for (let count = Math.min(LABEL_WORDS, words.length - 1); count > 0; count -= 1) {
    const start = words[count]?.index ?? 0;
    const field = fieldOf(line.text.slice(0, start));
    if (field === undefined) continue;
    const value = line.text.slice(start);
    return fitsAlone(field, value, count) ? [{ field, value, line: line.text, at }] : undefined;
  }
  return undefined;
}

function fitsAlone(field: Field, value: string, labelWords: number): boolean {
  if (isDated(field)) return !BY.test(value) && (writtenSpans(value)[0]?.at ?? 99) < 12;
  if (field === "code") return /^#?[A-Z0-9][A-Z0-9-]{3,}$/.test(value) && /\d/.test(value);
  if (field === "guests" || field === "adults" || field === "children") return /^\d{1,3}\b/.test(value);
  if (field === "property") return /^#?\d{4,}/.test(value);
  return field === "guestName" && labelWords > 1 && value.length < 50;
}

/** A label alone in its line, its value in the next ones. */
function below(lines: readonly Line[], at: number): Labelled[] | undefined {
  const field = fieldOf(lines[at]?.text ?? "");
  // The second label of a run has its value from the run.
  if (field === undefined || (isDated(field) && isLabelOfDates(lines[at - 1]))) return undefined;
  const run = labelRun(lines, at);
  if (run.length > 1) return stacked(lines, at + run.length - 1, run).filter((each) => isDated(each.field));
  const next: Line[] = [];
  for (const line of lines.slice(at + 1, at + 1 + REACH)) {
    if (fieldOf(line.text) !== undefined || (next.length > 0 && colonsIn(line.text).length > 0)) break;
    next.push(line);
  }
  const [first] = next;
  if (first === undefined) return undefined;
  const value = isDated(field) ? next.map((line) => line.text).join(" ") : first.text;
  return [{ field, value, line: first.text, at: at + 1 }];
}

/** `Check-in`, `Checkout` below each other before their values. */
function labelRun(lines: readonly Line[], at: number): Field[] {
  const run: Field[] = [];
  for (const line of lines.slice(at, at + 3)) {
    const field = fieldOf(line.text);
    if (field === undefined || !isDated(field)) break;
    run.push(field);
  }
  return run;
}

function isLabelOfDates(line: Line | undefined): boolean {
  const field = fieldOf(line?.text ?? "");
  return field !== undefined && isDated(field);
}

function isDated(field: Field): boolean {
  return field === "checkIn" || field === "checkOut" || field === "stay" || field === "formerStay";
}
