import { z } from "zod";

/** One mistake in the configuration: where, and what is wrong with what to write instead. */
export interface Complaint {
  readonly path: readonly PropertyKey[];
  readonly says: string;
}

/** What a schema's issue means to the person who wrote the file. An unknown key is named with the nearest known one. */
export function complaintsOf(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  above: readonly PropertyKey[] = [],
): Complaint[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => ({ path: [...path, key], says: `unknown key; ${hint(key, known)}` }));
  }
  if (issue.code === "invalid_key") {
    return [{ path, says: issue.issues[0]?.message ?? "is no name that can be used here" }];
  }
  if (issue.code === "invalid_type") {
    return [{ path, says: wrongType(issue) }];
  }
  if (issue.code === "invalid_value") {
    return [{ path, says: `use one of ${issue.values.map(String).join(", ")}` }];
  }
  return [{ path, says: issue.message.replace(/^Invalid input: /, "") }];
}

function wrongType(issue: z.core.$ZodIssueInvalidType): string {
  if (issue.message.endsWith("received undefined")) {
    return `is missing; it takes a ${plain(issue.expected)}`;
  }
  const quote = issue.expected === "string" ? "; put it in quotes" : "";
  return `must be a ${plain(issue.expected)}${quote}`;
}

function plain(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    record: "mapping of names",
    object: "mapping",
    int: "whole number",
    array: "list",
  };
  return words[expected] ?? expected;
}

/** "did you mean …", or the list of what there is. */
export function hint(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near !== undefined) {
    return `did you mean ${near}?`;
  }
  return known.length === 0 ? "there are none" : `known are ${known.join(", ")}`;
}

/** The known name with the fewest changes from `name`; undefined where none is near. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const distances = known.map((each) => ({ each, changes: changesBetween(name.toLowerCase(), each.toLowerCase()) }));
  const best = distances.toSorted((a, b) => a.changes - b.changes)[0];
  return best !== undefined && best.changes <= Math.max(2, Math.floor(name.length / 3)) ? best.each : undefined;
}

/** Levenshtein distance. */
function changesBetween(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...a].entries()) {
    const line = [row + 1];
    for (const [column, other] of [...b].entries()) {
      const replaced = (above[column] ?? 0) + (letter === other ? 0 : 1);
      line.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (line[column] ?? 0) + 1));
    }
    above = line;
  }
  return above[b.length] ?? 0;
}

/** The keys a schema knows at a path; none where it takes any. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const [first, ...rest] = path;
  const bare = unwrapped(schema);
  if (bare instanceof z.ZodObject) {
    const inner = first === undefined ? undefined : bare.shape[String(first)];
    return first === undefined ? Object.keys(bare.shape) : inner === undefined ? [] : keysAt(inner, rest);
  }
  return bare instanceof z.ZodRecord && first !== undefined ? keysAt(bare.valueType, rest) : [];
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const wraps =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional;
  return wraps ? unwrapped(schema.unwrap()) : schema;
}
