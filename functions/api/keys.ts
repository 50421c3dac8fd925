import { z } from "zod";
import { type EdgeAnswer, jsonBody, parsed } from "../../shared/cloud/edge-request.ts";
import { type ApiKeyDoc, apiKeyRef, makeApiKey, Scope } from "../../shared/edge/api-key.ts";
import { logOperatorAction } from "../../shared/edge/edge-log.ts";
import { LockstepError } from "../../shared/errors.ts";
import { ABSENT } from "../../shared/ports/store.ts";
import { pagingOf } from "./page.ts";
import type { ApiCall } from "./route.ts";

const Wish = z.strictObject({ label: z.string().trim().min(1).max(100), scopes: z.array(Scope).min(1).max(4) });

/** A new key of the caller's workspace; its text is in this answer and nowhere else. */
export async function createKey({ world, caller, body }: ApiCall): Promise<EdgeAnswer> {
  const wish = parsed(Wish, jsonBody(body), "body");
  const { doc, text } = makeApiKey(caller.ws, { ...wish, createdBy: caller.actor }, world.clock.now());
  await world.store(caller.ws).commit([{ kind: "put", ref: apiKeyRef(doc.id), data: doc, ifVersion: ABSENT }]);
  logOperatorAction(world.log, { actor: caller.actor, ws: caller.ws, action: "create key", target: doc.id });
  return { status: 201, json: { ...shown(doc), key: text } };
}

export async function listKeys({ world, caller, query }: ApiCall): Promise<EdgeAnswer> {
  const paging = pagingOf(query);
  const rows = await world.store(caller.ws).query<ApiKeyDoc>({ collection: "apiKeys", ...paging });
  const last = rows.length === paging.limit ? rows.at(-1) : undefined;
  return { status: 200, json: { items: rows.map((row) => shown(row.data)), next: last?.ref.id ?? null } };
}

/** From now on the key is refused everywhere. Throws NOT_FOUND. */
export async function revokeKey({ world, caller, param }: ApiCall): Promise<EdgeAnswer> {
  const ref = apiKeyRef(param("id"));
  const store = world.store(caller.ws);
  const stored = await store.get<ApiKeyDoc>(ref);
  if (stored === undefined) throw new LockstepError("NOT_FOUND", { detail: "This workspace has no such key." });
  if (stored.data.revokedAt !== "") return { status: 200, json: shown(stored.data) };
  const doc: ApiKeyDoc = { ...stored.data, revokedAt: world.clock.now() };
  await store.commit([{ kind: "put", ref, data: doc, ifVersion: stored.version }]);
  logOperatorAction(world.log, { actor: caller.actor, ws: caller.ws, action: "revoke key", target: doc.id });
  return { status: 200, json: shown(doc) };
}

function shown({ hash: _, ...rest }: ApiKeyDoc): Omit<ApiKeyDoc, "hash"> {
  return rest;
}
