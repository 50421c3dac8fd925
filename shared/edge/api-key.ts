import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { documentId } from "../flows/document-id.ts";
import type { DocumentRef, DocumentStore } from "../ports/store.ts";
import type { Instant } from "../sync/time.ts";
import type { Scope } from "./scope.ts";

/** Collection `apiKeys`. The secret itself is shown once, at its making, and kept nowhere. */
export interface ApiKeyDoc {
  readonly id: string;
  /** SHA-256 of the secret, hex. It has 256 random bits, so a slow hash would add nothing. */
  readonly hash: string;
  /** What people call it. */
  readonly label: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Instant;
  readonly createdBy: string;
  /** "" while it is valid. */
  readonly revokedAt: Instant | "";
}

export function apiKeyRef(id: string): DocumentRef {
  return { collection: "apiKeys", id: documentId(id) };
}

/** A new key: its document, and its text `lsk_{ws}_{id}_{secret}`, which is never to be had again. */
export function makeApiKey(
  ws: string,
  wish: { readonly label: string; readonly scopes: readonly Scope[]; readonly createdBy: string },
  now: Instant,
): { readonly doc: ApiKeyDoc; readonly text: string } {
  const id = randomBytes(8).toString("hex");
  const secret = randomBytes(32).toString("base64url");
  const doc: ApiKeyDoc = { ...wish, id, hash: digest(secret).toString("hex"), createdAt: now, revokedAt: "" };
  return { doc, text: `lsk_${ws}_${id}_${secret}` };
}

export interface ApiKeyParts {
  readonly ws: string;
  readonly id: string;
  readonly secret: string;
}

/** The parts of a key's text; undefined where it is none. */
export function readApiKey(text: string): ApiKeyParts | undefined {
  const [, ws, id, secret] = /^lsk_([a-z0-9-]{1,60})_([0-9a-f]{16})_([\w-]{43})$/.exec(text) ?? [];
  return ws === undefined || id === undefined || secret === undefined ? undefined : { ws, id, secret };
}

/** The valid key these parts belong to; undefined where there is none or it was revoked. One read. */
export async function findApiKey(store: DocumentStore, parts: ApiKeyParts): Promise<ApiKeyDoc | undefined> {
  const stored = await store.get<ApiKeyDoc>(apiKeyRef(parts.id));
  const given = digest(parts.secret);
  const kept = Buffer.from(stored?.data.hash ?? "", "hex");
  if (stored === undefined || kept.length !== given.length || !timingSafeEqual(kept, given)) return undefined;
  return stored.data.revokedAt === "" ? stored.data : undefined;
}

function digest(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
