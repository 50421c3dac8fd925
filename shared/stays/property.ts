import ICAL from "ical.js";

/** One property of a component: its name in capitals, its parameters by names in capitals, and its value. */
export interface Property {
  readonly name: string;
  readonly params: ReadonlyMap<string, string>;
  /** Unescaped where it is text; as written where it is a time, a rule or a duration. */
  readonly value: string;
  /** As it stands in the file, without folds. */
  readonly line: string;
}

/** Whose value is text, in which RFC 5545 3.3.11 escapes commas, semicolons and line ends. */
const TEXTS = new Set(["SUMMARY", "DESCRIPTION", "UID", "LOCATION", "COMMENT", "CONTACT", "URL", "STATUS"]);
/** Exchange forgets the quotes that a colon inside a parameter needs. */
const EXCHANGE_ZONE = /(;TZID=)(tzone:\/\/[\w/]+)(?=[;:])/i;
const HEAD = /^\s*([A-Za-z0-9-]+)(?=[;:])/;

/** Reads one line; undefined where it is none of the format's (a stray line spoils nothing but itself). */
export function readProperty(line: string): Property | undefined {
  const name = HEAD.exec(line)?.[1]?.toUpperCase();
  const written = line.trimStart().replace(EXCHANGE_ZONE, '$1"$2"');
  if (name === undefined) return undefined;
  try {
    const parsed: unknown = ICAL.parse.property(written);
    if (!Array.isArray(parsed)) return undefined;
    const [, params, , value]: readonly unknown[] = parsed;
    return {
      name,
      params: paramsOf(params),
      value: TEXTS.has(name) ? String(value) : rawValue(written),
      line: written,
    };
  } catch {
    return undefined;
  }
}

function paramsOf(params: unknown): Map<string, string> {
  if (typeof params !== "object" || params === null) return new Map();
  return new Map(Object.entries(params).map(([key, value]) => [key.toUpperCase(), String(value)]));
}

/** What follows the first colon outside quotes. */
function rawValue(line: string): string {
  const head = /^[^":]*(?:"[^"]*"[^":]*)*:/.exec(line)?.[0] ?? "";
  return line.slice(head.length).trim();
}
