/**
 * JSON as it is written, not as it is read: keys may repeat or be `__proto__`, numbers may be of any size, and
 * text may stand where JSON allows none.
 */
export type Tree =
  | { readonly kind: "object"; readonly entries: readonly (readonly [key: string, value: Tree])[] }
  | { readonly kind: "array"; readonly items: readonly Tree[] }
  /** Written as it stands: a number, a word, a quoted string, or nothing that JSON knows. */
  | { readonly kind: "raw"; readonly text: string };

/** Where something stands in a tree: the index of each entry or item on the way. */
export type Place = readonly number[];

export function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return { kind: "array", items: value.map(treeOf) };
  if (typeof value === "object" && value !== null) {
    return { kind: "object", entries: Object.entries(value).map(([key, inner]) => [key, treeOf(inner)]) };
  }
  return { kind: "raw", text: JSON.stringify(value) };
}

/** The text, built without recursion, since trees here may be 10,000 levels deep. */
export function textOf(tree: Tree): string {
  const parts: string[] = [];
  const left: (Tree | string)[] = [tree];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next === "string") parts.push(next);
    else left.push(...written(next).reverse());
  }
  return parts.join("");
}

function written(tree: Tree): (Tree | string)[] {
  if (tree.kind === "raw") return [tree.text];
  if (tree.kind === "array") {
    return ["[", ...tree.items.flatMap((item, index) => (index === 0 ? [item] : [",", item])), "]"];
  }
  const entries = tree.entries.flatMap(([key, value], index) => [
    `${index === 0 ? "" : ","}${JSON.stringify(key)}:`,
    value,
  ]);
  return ["{", ...entries, "}"];
}

/** Every place in a tree, the whole first. */
export function placesOf(tree: Tree, at: Place = []): Place[] {
  return [at, ...childrenOf(tree).flatMap((child, index) => placesOf(child, [...at, index]))];
}

export function childrenOf(tree: Tree): readonly Tree[] {
  if (tree.kind === "object") return tree.entries.map(([, value]) => value);
  return tree.kind === "array" ? tree.items : [];
}

/** The tree with something else at one place; undefined takes it away. A place that is not there changes nothing. */
export function changed(tree: Tree, place: Place, change: (tree: Tree) => Tree | undefined): Tree | undefined {
  const [index, ...rest] = place;
  if (index === undefined) return change(tree);
  const child = childrenOf(tree)[index];
  if (child === undefined) return tree;
  return withChild(tree, index, changed(child, rest, change));
}

function withChild(tree: Tree, index: number, child: Tree | undefined): Tree {
  if (tree.kind === "array") {
    return { kind: "array", items: tree.items.flatMap((item, at) => (at === index ? (child ?? []) : item)) };
  }
  if (tree.kind === "raw") return tree;
  const entries = tree.entries.flatMap(([key, value], at): (readonly [string, Tree])[] => {
    if (at !== index) return [[key, value]];
    return child === undefined ? [] : [[key, child]];
  });
  return { kind: "object", entries };
}
