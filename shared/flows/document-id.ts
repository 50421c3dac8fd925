import { createHash } from "node:crypto";

/**
 * A document id for any text: ids of providers and of callers may hold what no backing takes (`/`, control
 * characters, half of a surrogate pair) or be longer than it takes. What is usual stays readable; one text always
 * has the same id, and two texts have two.
 */
export function documentId(text: string): string {
  const escaped = text.replace(UNSAFE, escapeOf).replace(RESERVED, escapeOf);
  if (escaped.length <= MAX_LENGTH) return escaped === "" ? "%" : escaped;
  const digest = createHash("sha256").update(escaped).digest("base64url");
  return `${escaped.slice(0, KEPT)}~${digest}`.toWellFormed();
}

/** With room up to the store's 400 for what stands in front of a map's id. */
const MAX_LENGTH = 360;
const KEPT = 300;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped here
const UNSAFE = /[%/\u0000-\u001f\u007f]|\p{Surrogate}/gu;
/** `.`, `..` and `__x__` are Firestore's own. */
const RESERVED = /^\.(?=\.?$)|^_(?=_.*__$)/;

function escapeOf(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
