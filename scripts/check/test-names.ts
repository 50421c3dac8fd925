import { lineAt, type Tree } from "./tree.ts";

export interface TestName {
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

const CALL = /\b(?:test|it|describe|suite)(?:\.\w+(?:\([^()]*\))?)*\(\s*(["'`])((?:\\.|(?!\1).)*)\1/g;

/**
 * The literal names given to tests, templates with their `${…}` as written. Read from the text, so
 * that a check takes milliseconds; names computed elsewhere are not seen.
 */
export function testNames(tree: Tree): TestName[] {
  return tree.files.filter((file) => isTestFile(file)).flatMap((file) => namesIn(file, tree));
}

function namesIn(file: string, tree: Tree): TestName[] {
  const text = tree.read(file);
  return [...text.matchAll(CALL)].map((match) => ({ file, line: lineAt(text, match.index), name: match[2] ?? "" }));
}

/** The tests of the checks themselves hold names as examples. */
function isTestFile(file: string): boolean {
  return file.startsWith("test/") && file.endsWith(".ts") && !file.startsWith("test/check/");
}
