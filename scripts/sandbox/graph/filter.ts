import { badRequest } from "./errors.ts";
import { propertyId } from "./extended-properties.ts";
import { iCalUId } from "./ids.ts";
import type { EventRow } from "./rows.ts";
import { typeOf } from "./show-event.ts";

/** What a filter can ask of: a name in the words of the API. */
type Fields = (name: string) => string | boolean | number | undefined;
type Test = (fields: Fields, event: EventRow) => boolean;

/** A text, a time, a number, a name with its path, or punctuation. */
const TOKEN =
  /\s*('(?:[^']|'')*'|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?|-?\d+(?:\.\d+)?|[A-Za-z_]\w*(?:\/\w+)*|[(),:])/y;
const COMPARE: Readonly<Record<string, (a: Comparable, b: Comparable) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
};
type Comparable = string | number | boolean;

/** Reads a `$filter` on events. Refuses with 400 what it cannot read, and names that cannot be filtered by. */
export function readFilter(text: string | null): (event: EventRow) => boolean {
  if (text === null || text.trim() === "") return () => true;
  const tokens = tokensOf(text);
  const test = readOr(tokens, readComparison);
  if (tokens.length > 0) wrong(text);
  return (event) => test((name) => fieldOf(event, name), event);
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.trimEnd().length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text)?.[1];
    if (found === undefined) return wrong(text);
    tokens.push(found);
  }
  return tokens;
}

function readOr(tokens: string[], leaf: (tokens: string[]) => Test): Test {
  const parts = [readAnd(tokens, leaf)];
  while (takeIf(tokens, "or")) parts.push(readAnd(tokens, leaf));
  return (fields, event) => parts.some((part) => part(fields, event));
}

function readAnd(tokens: string[], leaf: (tokens: string[]) => Test): Test {
  const parts = [readOne(tokens, leaf)];
  while (takeIf(tokens, "and")) parts.push(readOne(tokens, leaf));
  return (fields, event) => parts.every((part) => part(fields, event));
}

function readOne(tokens: string[], leaf: (tokens: string[]) => Test): Test {
  if (takeIf(tokens, "not")) {
    const test = readOne(tokens, leaf);
    return (fields, event) => !test(fields, event);
  }
  if (!takeIf(tokens, "(")) return leaf(tokens);
  const test = readOr(tokens, leaf);
  expect(tokens, ")");
  return test;
}

/** `name op literal`, `startswith(name,'x')`, or a question about extended properties. */
function readComparison(tokens: string[]): Test {
  const name = take(tokens);
  if (/^singleValueExtendedProperties\/any$/i.test(name)) return readAny(tokens);
  if (name.toLowerCase() === "startswith") return readStartsWith(tokens);
  const compare = COMPARE[take(tokens)] ?? wrong(name);
  const wanted = literalOf(take(tokens), isTime(name));
  return (fields) => {
    const value = fields(name);
    return value !== undefined && compare(value, wanted);
  };
}

function readStartsWith(tokens: string[]): Test {
  expect(tokens, "(");
  const name = take(tokens);
  expect(tokens, ",");
  const start = String(literalOf(take(tokens), false)).toLowerCase();
  expect(tokens, ")");
  return (fields) =>
    String(fields(name) ?? "")
      .toLowerCase()
      .startsWith(start);
}

/** `Any(ep: ep/id eq '…' and ep/value eq '…')`: one property for which all of it holds. */
function readAny(tokens: string[]): Test {
  expect(tokens, "(");
  const variable = take(tokens);
  expect(tokens, ":");
  const test = readOr(tokens, (rest) => readPropertyComparison(rest, variable));
  expect(tokens, ")");
  return (_, event) =>
    Object.entries(event.properties).some(([id, value]) =>
      test((name) => (name === `${variable}/id` ? id : value), event),
    );
}

function readPropertyComparison(tokens: string[], variable: string): Test {
  const name = take(tokens);
  if (name !== `${variable}/id` && name !== `${variable}/value`) wrong(name);
  const compare = COMPARE[take(tokens)] ?? wrong(name);
  const sent = String(literalOf(take(tokens), false));
  const wanted = name === `${variable}/id` ? propertyId(sent) : sent;
  return (fields) => compare(fields(name) ?? "", wanted);
}

function fieldOf(event: EventRow, name: string): string | boolean | number | undefined {
  const read = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  return read === undefined ? wrong(name) : read(event);
}

const FIELDS: Readonly<Record<string, (event: EventRow) => string | boolean | number>> = {
  subject: ({ body }) => body.subject,
  showAs: ({ body }) => body.showAs,
  sensitivity: ({ body }) => body.sensitivity,
  importance: ({ body }) => body.importance,
  isAllDay: ({ span }) => span.isAllDay,
  isCancelled: ({ cancelled }) => cancelled,
  isOrganizer: ({ response }) => response === "organizer",
  type: typeOf,
  iCalUId,
  "start/dateTime": ({ span }) => span.startMs,
  "end/dateTime": ({ span }) => span.endMs,
  createdDateTime: ({ created }) => Date.parse(created),
  lastModifiedDateTime: ({ updated }) => Date.parse(updated),
};

function isTime(name: string): boolean {
  return /dateTime$/i.test(name);
}

function literalOf(token: string, time: boolean): Comparable {
  const text = token.startsWith("'") ? token.slice(1, -1).replaceAll("''", "'") : token;
  if (time) {
    const ms = Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
    return Number.isNaN(ms) ? wrong(token) : ms;
  }
  return token === "true" || token === "false" ? token === "true" : text;
}

function take(tokens: string[]): string {
  return tokens.shift() ?? wrong("end of filter");
}

function takeIf(tokens: string[], word: string): boolean {
  if (tokens[0] !== word) return false;
  tokens.shift();
  return true;
}

function expect(tokens: string[], word: string): void {
  if (!takeIf(tokens, word)) wrong(tokens[0] ?? "end of filter");
}

function wrong(where: string): never {
  badRequest(`Invalid filter clause near '${where}'.`, "ErrorInvalidUrlQueryFilter");
}
