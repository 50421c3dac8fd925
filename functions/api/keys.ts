import { z } from "zod";
import { type ApiKeyDoc, apiKeyRef, makeApiKey } from "../../shared/edge/api-key.ts";
import { Scope } from "../../shared/edge/scope.ts";
import { LockstepError } from "../../shared/errors.ts";
import { ABSENT } from "../../shared/ports/store.ts";
import { ApiKey } from "./answers/kept-items.ts";
import { type Page, Paging, pageAnswer, pageOf } from "./page.ts";
import { type ApiCall, route } from "./route.ts";

const Wish = z.strictObject({ label: z.string().trim().min(1).max(100), scopes: z.array(Scope).min(1).max(4) });

export const KEY_ROUTES = [
  route({
    ...{ method: "GET", pattern: "keys", scope: "admin" },
    summary: "The workspace's API keys, without their secrets.",
    query: Paging,
    answer: pageAnswer(ApiKey),
    handle: listKeys,
  }),
  route({
    ...{ method: "POST", pattern: "keys", scope: "admin", status: 201, secretAnswer: true },
    action: "create key",
    notes: ({ answer }) => ({ target: answer.id }),
    summary: "A new key of the caller's workspace; its text is in this answer and nowhere else.",
    body: Wish,
    answer: ApiKey.extend({ key: z.string() }).meta({ id: "NewApiKey", description: "A key with its text." }),
    handle: createKey,
  }),
  route({
    ...{
      method: "POST",
      pattern: "keys/:id/revoke",
      scope: "admin",
      path: { id: "Of the key." },
      action: "revoke key",
    },
    summary: "From now on the key is refused everywhere.",
    answer: ApiKey,
    handle: revokeKey,
  }),
];

type ShownKey = Omit<ApiKeyDoc, "hash">;

async function createKey({ world, caller, body }: ApiCall<unknown, z.output<typeof Wish>>) {
  const { doc, text } = makeApiKey(caller.ws, { ...body, createdBy: caller.actor }, world.clock.now());
  await world.store(caller.ws).commit([{ kind: "put", ref: apiKeyRef(doc.id), data: doc, ifVersion: ABSENT }]);
  return { ...shown(doc), key: text };
}

async function listKeys({ world, caller, query }: ApiCall<Paging>): Promise<Page<ShownKey>> {
  const { items, next } = await pageOf<ApiKeyDoc>(world.store(caller.ws), "apiKeys", [], query);
  return { items: items.map(shown), next };
}

/** Throws NOT_FOUND. */
async function revokeKey({ world, caller, param }: ApiCall): Promise<ShownKey> {
  const ref = apiKeyRef(param("id"));
  const store = world.store(caller.ws);
  const stored = await store.get<ApiKeyDoc>(ref);
  if (stored === undefined) throw new LockstepError("NOT_FOUND", { detail: "This workspace has no such key." });
  if (stored.data.revokedAt !== "") return shown(stored.data);
  const doc: ApiKeyDoc = { ...stored.data, revokedAt: world.clock.now() };
  await store.commit([{ kind: "put", ref, data: doc, ifVersion: stored.version }]);
  return shown(doc);
}

function shown({ hash: _, ...rest }: ApiKeyDoc): ShownKey {
  return rest;
}
