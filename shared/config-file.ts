import { readFileSync } from "node:fs";
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { Config } from "./config.ts";
import { type Complaint, complaintsOf } from "./config-complaints.ts";
import { findContradictions } from "./config-contradictions.ts";
import { LockstepError } from "./errors.ts";
import type { Provider } from "./ports/provider.ts";

type Providers = Readonly<Record<string, Provider>>;

/** The configuration in a file. Throws CONFIG_INVALID with every mistake: its line, what is wrong, what to write. */
export function loadConfig(file: string, providers: Providers): Config {
  return readConfig(textOf(file), file, providers);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new LockstepError("CONFIG_INVALID", { detail: `The configuration ${file} cannot be read.`, cause });
  }
}

/** The configuration in a text; `file` is what messages call it. Throws CONFIG_INVALID as `loadConfig` does. */
export function readConfig(text: string, file: string, providers: Providers): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw invalid(document.errors.map((error) => `${file}:${lines.linePos(error.pos[0]).line}: ${error.message}`));
  }
  const written = { file, document, lines };
  const result = Config.safeParse(plainValue(document, file));
  if (!result.success) {
    const complaints = result.error.issues.flatMap((issue) => complaintsOf(issue, Config));
    throw invalid(complaints.map((complaint) => sentence(complaint, written)));
  }
  const contradictions = findContradictions(result.data, providers);
  if (contradictions.length > 0) {
    throw invalid(contradictions.map((complaint) => sentence(complaint, written)));
  }
  return result.data;
}

/** A handful of aliases is a convenience, millions of copies are an attack or an accident. */
function plainValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new LockstepError("CONFIG_INVALID", { detail: `${file}: too many aliases; write the parts out.`, cause });
  }
}

interface Written {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/** `lockstep.config.yaml:12: workspaces.loft.daysBack: must be a number` */
function sentence({ path, says }: Complaint, { file, document, lines }: Written): string {
  const offset = offsetOf(document.contents, path) ?? 0;
  const where = path.length === 0 ? "" : ` ${path.join(".")}:`;
  return `${file}:${lines.linePos(offset).line}:${where} ${says}`;
}

/** Where the last part of a path stands in the text that is written at all: its key, else what is above it. */
function offsetOf(node: unknown, path: readonly PropertyKey[]): number | undefined {
  const [first, ...rest] = path;
  if (first === undefined || !isNode(node)) {
    return startOf(node);
  }
  if (isSeq(node)) {
    return offsetOf(node.items[Number(first)], rest) ?? startOf(node);
  }
  const pair = isMap(node) ? node.items.find(({ key }) => nameOf(key) === String(first)) : undefined;
  if (pair === undefined) {
    return undefined;
  }
  const key = startOf(pair.key);
  return rest.length === 0 ? key : (offsetOf(pair.value, rest) ?? key);
}

function nameOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function invalid(mistakes: readonly string[]): LockstepError {
  return new LockstepError("CONFIG_INVALID", { detail: mistakes.join("\n") });
}
