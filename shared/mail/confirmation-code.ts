import { fold } from "./fold.ts";
import type { Labelled } from "./labelled.ts";
import type { Line } from "./line.ts";
import type { PlatformReader } from "./readers/platform-reader.ts";
import type { Fact } from "./reading.ts";

/** What any system's code may look like: with a digit, at least four signs, no date, no sum. */
const ANY_CODE = /^#?\s*((?=[\w-]*\d)[A-Z0-9](?:[A-Za-z0-9_-]|\/(?=[A-Z0-9])){3,23})(?![\w.,:/-]*\d)/;
const LETTERS_ONLY = /^([A-Z]{6,12})$/;
/** Codes that are no other system's, wherever they stand: a channel manager passes its portals' on. */
const PORTALS = /\bHM[A-Z0-9]{8}\b|\bHA-[A-Z0-9]{6,7}\b/;
/** OSM and small systems number from one. */
const SHORT_NUMBER = /^#\s*(\d{2,3})\b/;

/**
 * The code of the reservation: labelled; else one that has the platform's own form, in subject, text or links; null
 * where several different ones stand there.
 */
export function confirmationCode(
  labelled: readonly Labelled[],
  subject: { readonly code: string | null; readonly line: string },
  lines: readonly Line[],
  links: readonly string[],
  reader: PlatformReader,
): Fact<string> | null {
  return (
    formed(labelled, lines, links, subject, reader) ??
    (subject.code === null ? null : { value: subject.code, line: subject.line, confidence: 0.93 }) ??
    labelledCode(labelled) ??
    headedCode(lines) ??
    theOnly([{ text: subject.line }, ...lines], PORTALS)
  );
}

/** A code of the platform's own form. */
function formed(
  labelled: readonly Labelled[],
  lines: readonly Line[],
  links: readonly string[],
  subject: { readonly code: string | null; readonly line: string },
  reader: PlatformReader,
): Fact<string> | null {
  const form = reader.code;
  if (form === null) return null;
  for (const { field, value, line } of labelled) {
    const code = field === "code" ? form.exec(value)?.[0] : undefined;
    if (code !== undefined) return { value: code, line, confidence: 0.99 };
  }
  if (subject.code !== null && form.test(subject.code))
    return { value: subject.code, line: subject.line, confidence: 0.98 };
  return theOnly(lines, form) ?? linked(links, reader);
}

function theOnly(lines: readonly { readonly text: string }[], form: RegExp): Fact<string> | null {
  const everywhere = new RegExp(form.source, `${form.flags.replace("g", "")}g`);
  const found = lines
    .filter(({ text }) => !/\b(?:phone|tel|telefono?n?|fax|iban|konto|account|vat)\b/i.test(text))
    .flatMap(({ text }) => [...text.matchAll(everywhere)].map((match) => ({ code: match[0], line: text })));
  const codes = new Set(found.map(({ code }) => code));
  const [first] = found;
  return first === undefined || codes.size > 1 ? null : { value: first.code, line: first.line, confidence: 0.95 };
}

function linked(links: readonly string[], reader: PlatformReader): Fact<string> | null {
  const codes = new Set(
    links.flatMap((link) => reader.links.flatMap((pattern) => pattern.exec(link)?.groups?.["code"] ?? [])),
  );
  const [only] = codes;
  return only === undefined || codes.size > 1 ? null : { value: only, line: "a link of the mail", confidence: 0.93 };
}

function labelledCode(labelled: readonly Labelled[]): Fact<string> | null {
  const candidates = labelled
    .filter(({ field }) => field === "code")
    .flatMap(({ value, line }) => {
      const code = ANY_CODE.exec(value)?.[1] ?? SHORT_NUMBER.exec(value)?.[1] ?? LETTERS_ONLY.exec(value)?.[1];
      return code === undefined || isDate(code)
        ? []
        : [{ value: code, line, confidence: isNamedCode(line) ? 0.94 : 0.85 }];
    });
  return candidates.find(({ confidence }) => confidence > 0.9) ?? candidates[0] ?? null;
}

/** `BOOKING (#B15831191)` as a heading. */
function headedCode(lines: readonly Line[]): Fact<string> | null {
  for (const { text } of lines) {
    const code =
      /^(?:booking|reservation|buchung|réservation|reserva|prenotazione|boeking|reservering)\s*\(?#\s?([A-Z]{0,3}\d{4,12})\)?$/iu.exec(
        text,
      )?.[1];
    if (code !== undefined) return { value: code, line: text, confidence: 0.92 };
  }
  return null;
}

function isDate(code: string): boolean {
  return /^(?:19|20)\d{2}-\d{2}-\d{2}$/.test(code);
}

function isNamedCode(line: string): boolean {
  return /code|number|nummer|numero|reference|referenz|referentie|riferimento|localizador|\bid\b|\bref\b|\bno\b|\bnr\b/.test(
    fold(line),
  );
}
