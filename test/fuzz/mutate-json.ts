import * as fc from "fast-check";
import { changed, childrenOf, type Place, placesOf, type Tree, textOf, treeOf } from "./json-tree.ts";
import { LONG_TEXTS, ODD_KEYS, ODD_RAWS, ODD_TEXTS } from "./odd-values.ts";

/** One change of a tree at the place it is given. */
type Mutation = (tree: Tree) => Tree | undefined;

const LEVELS = 10_000;

const raw = (text: string): Tree => ({ kind: "raw", text });
const quoted = (text: string): Tree => raw(JSON.stringify(text));

const replacement: fc.Arbitrary<Tree> = fc.oneof(
  { arbitrary: fc.constantFrom(...ODD_RAWS).map(raw), weight: 4 },
  { arbitrary: fc.constantFrom(...ODD_TEXTS).map(quoted), weight: 4 },
  { arbitrary: fc.constantFrom(...LONG_TEXTS).map(quoted), weight: 1 },
  { arbitrary: fc.constantFrom("constructor", "__proto__", "toString").map(quoted), weight: 1 },
  { arbitrary: fc.string({ unit: "binary", maxLength: 20 }).map(quoted), weight: 1 },
  { arbitrary: fc.double().map((number) => raw(String(number))), weight: 1 },
  { arbitrary: fc.integer().map((number) => raw(String(number))), weight: 1 },
  { arbitrary: fc.jsonValue({ maxDepth: 2 }).map(treeOf), weight: 1 },
);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { arbitrary: fc.constant<Mutation>(() => undefined), weight: 2 },
  {
    arbitrary: replacement.map(
      (tree): Mutation =>
        () =>
          tree,
    ),
    weight: 6,
  },
  { arbitrary: fc.constantFrom<Mutation>(inArray, inObject, asText, doubled, crowded, upsideDown), weight: 2 },
  { arbitrary: fc.constantFrom<Mutation>(deepInArrays, deepInObjects), weight: 1 },
  {
    arbitrary: fc.tuple(fc.constantFrom(...ODD_KEYS), replacement).map(([key, value]) => withKey(key, value)),
    weight: 2,
  },
  { arbitrary: fc.tuple(fc.nat(20), replacement).map(([which, value]) => keyTwice(which, value)), weight: 1 },
);

function inArray(tree: Tree): Tree {
  return { kind: "array", items: [tree] };
}

function inObject(tree: Tree): Tree {
  return { kind: "object", entries: [["value", tree]] };
}

function asText(tree: Tree): Tree {
  return quoted(textOf(tree));
}

function doubled(tree: Tree): Tree {
  return tree.kind === "array" ? { kind: "array", items: [...tree.items, ...tree.items] } : inArray(tree);
}

/** More of the same than any limit takes. */
function crowded(tree: Tree): Tree {
  const [item = tree] = childrenOf(tree);
  return { kind: "array", items: Array.from({ length: 101 }, () => item) };
}

function upsideDown(tree: Tree): Tree {
  return tree.kind === "object" ? { kind: "object", entries: tree.entries.toReversed() } : tree;
}

function deepInArrays(tree: Tree): Tree {
  return raw(`${"[".repeat(LEVELS)}${textOf(tree)}${"]".repeat(LEVELS)}`);
}

function deepInObjects(tree: Tree): Tree {
  return raw(`${'{"a":'.repeat(LEVELS)}${textOf(tree)}${"}".repeat(LEVELS)}`);
}

function withKey(key: string, value: Tree): Mutation {
  return (tree) =>
    tree.kind === "object"
      ? { kind: "object", entries: [...tree.entries, [key, value]] }
      : { kind: "object", entries: [[key, value]] };
}

/** The same key again with another value: the last one counts. */
function keyTwice(which: number, value: Tree): Mutation {
  return (tree) => {
    if (tree.kind !== "object" || tree.entries.length === 0) return value;
    const [key] = tree.entries[which % tree.entries.length] ?? ["again"];
    return { kind: "object", entries: [...tree.entries, [key, value]] };
  };
}

/** What happens to the text as a whole. */
const garbling: fc.Arbitrary<(text: string) => Buffer> = fc.oneof(
  { arbitrary: fc.constant((text: string) => Buffer.from(text)), weight: 12 },
  { arbitrary: fc.nat(400).map((at) => (text: string) => Buffer.from(text.slice(0, at))), weight: 1 },
  { arbitrary: fc.nat(400).map((at) => (text: string) => withByte(text, at, 0xff)), weight: 1 },
  {
    arbitrary: fc.constantFrom<(text: string) => Buffer>(
      () => Buffer.alloc(0),
      (text) => Buffer.from(`\ufeff${text}`),
      (text) => Buffer.from(`${text}}`),
      (text) => Buffer.from(`${text}\u0000`),
      (text) => Buffer.from(` \n${text}\n `),
      (text) => Buffer.from(text, "utf16le"),
      (text) => Buffer.from(text.replaceAll('"', "'")),
      () => Buffer.from("AppointmentID=4711&ResourceName=Bay+1"),
      () => Buffer.from("<appointment/>"),
    ),
    weight: 1,
  },
);

function withByte(text: string, at: number, byte: number): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at)]);
}

/**
 * The body of a valid request with one to three things changed: it shrinks towards one change, near the top.
 * `near` are values that are mutated in place of the whole, for what stands inside.
 */
export function mutatedBody(valid: object): fc.Arbitrary<Buffer> {
  return fc.tuple(mutatedText(valid), garbling).map(([text, garble]) => garble(text));
}

/** The text of mutated JSON. */
export function mutatedText(valid: object): fc.Arbitrary<string> {
  const tree = treeOf(valid);
  const places = placesOf(tree);
  const change = fc.tuple(fc.constantFrom(...places), mutation);
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => textOf(changes.reduce(apply, tree)));
}

function apply(tree: Tree, [place, mutate]: [Place, Mutation]): Tree {
  return changed(tree, place, mutate) ?? raw("");
}
