import { readFileSync } from "node:fs";
import { z } from "zod";

/** One service of a client, and what Lockstep calls of it. */
export interface Called {
  /** `google.firestore.v1.Firestore`. */
  readonly service: string;
  readonly methods: readonly string[];
}

/** A package or a message, as protobufjs writes it down. */
const Node = z.looseObject({ nested: z.record(z.string(), z.unknown()).optional() });
type Node = z.infer<typeof Node>;
const Service = z.looseObject({ methods: z.record(z.string(), z.unknown()) });

/**
 * Of the descriptions in a client's `protos.json` those of the methods that are called and of every message that these
 * mention, directly or through others, as JSON: each description becomes objects at the start of an instance.
 */
export function messagesOf(file: string, { service, methods }: Called): string {
  const root = Node.parse(JSON.parse(readFileSync(file, "utf8")));
  const all = messagesIn(root);
  const whole = Service.parse(all.get(service));
  const called = { ...whole, methods: Object.fromEntries(methods.map((name) => [name, whole.methods[name]])) };
  all.set(service, called);
  const used = new Map([...mentionedBy(service, all)].map((name) => [name, all.get(name)]));
  return JSON.stringify(only(used, root) ?? {});
}

/** The outermost messages, enumerations and services, by their full names. */
function messagesIn(node: Node, path: readonly string[] = []): Map<string, unknown> {
  const found = Object.entries(node.nested ?? {}).flatMap(([name, value]) => {
    const inside = Node.parse(value);
    const here = [...path, name];
    return isPackage(inside) ? [...messagesIn(inside, here)] : [[here.join("."), value] as const];
  });
  return new Map(found);
}

function isPackage(node: Node): boolean {
  return node.nested !== undefined && !("fields" in node || "values" in node || "methods" in node);
}

/** The same tree without what is not used. */
function only(used: ReadonlyMap<string, unknown>, node: Node, path: readonly string[] = []): Node | undefined {
  const nested = Object.entries(node.nested ?? {}).flatMap(([name, value]) => {
    const here = [...path, name];
    const inside = Node.parse(value);
    const kept = isPackage(inside) ? only(used, inside, here) : used.get(here.join("."));
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return nested.length === 0 ? undefined : { ...node, nested: Object.fromEntries(nested) };
}

/** Full names of the outermost messages that one mentions, itself included. */
function mentionedBy(first: string, all: ReadonlyMap<string, unknown>): Set<string> {
  const used = new Set<string>();
  const todo = [first];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (used.has(name)) continue;
    used.add(name);
    todo.push(...typesIn(all.get(name)).flatMap((type) => placeOf(type, name, all) ?? []));
  }
  return used;
}

function typesIn(description: unknown): string[] {
  const text = JSON.stringify(description);
  return [...text.matchAll(/"(?:type|requestType|responseType)":"([\w.]+)"/g)].flatMap(([, type]) => type ?? []);
}

/** A type is named in full or as its neighbours see it; `A.B` stands inside `A`. Undefined: a plain value, or inside who mentions it. */
function placeOf(type: string, by: string, all: ReadonlyMap<string, unknown>): string | undefined {
  const beside = by.slice(0, by.lastIndexOf(".") + 1);
  const parts = type.split(".");
  const names = parts.map((_, length) => parts.slice(0, length + 1).join("."));
  return [...names.map((name) => `${beside}${name}`), ...names].find((name) => all.has(name));
}
