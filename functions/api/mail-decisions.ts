import { z } from "zod";
import { type EdgeAnswer, jsonBody, parsed } from "../../shared/cloud/edge-request.ts";
import { logOperatorAction } from "../../shared/edge/edge-log.ts";
import { isError, LockstepError } from "../../shared/errors.ts";
import { decideMail, type MailDecision } from "../../shared/flows/mail/decide-mail.ts";
import { ruleRef, rulesOf } from "../../shared/flows/mail/mail-rules.ts";
import type { ApiCall } from "./route.ts";

const Key = z.string().min(3).max(300);
const Until = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());
const Link = z.strictObject({ booking: Key, always: z.boolean().default(false) });
const Ignore = z.strictObject({ always: z.boolean().default(false) });
const Wait = z.strictObject({ until: Until });

/** One decision for many; a link names one stay, so that it is never said of many mails at once. */
const Bulk = z.strictObject({
  ids: z.array(z.string().min(1).max(400)).min(1).max(100),
  decision: z.discriminatedUnion("kind", [
    Ignore.extend({ kind: z.literal("ignore") }),
    Wait.extend({ kind: z.literal("wait") }),
  ]),
});

/** The mail is about this booking: what it says is added there. `always`: what it calls the property is that one, from now on. */
export function linkMail(call: ApiCall): Promise<EdgeAnswer> {
  return decide(call, { kind: "link", ...parsed(Link, jsonBody(call.body), "body") });
}

/** Nothing is to be done about it. `always`: nor about any of its kind in this connection. */
export function ignoreMail(call: ApiCall): Promise<EdgeAnswer> {
  return decide(call, { kind: "ignore", ...parsed(Ignore, jsonBody(call.body) ?? {}, "body") });
}

/** Nobody is reminded of it before then; it still closes by itself. */
export function putMailOff(call: ApiCall): Promise<EdgeAnswer> {
  return decide(call, { kind: "wait", ...parsed(Wait, jsonBody(call.body), "body") });
}

async function decide({ world, caller, param }: ApiCall, decision: MailDecision): Promise<EdgeAnswer> {
  const item = await decideMail(world, caller.ws, param("id"), decision, caller.actor);
  const action = `${decision.kind} mail`;
  logOperatorAction(world.log, { actor: caller.actor, ws: caller.ws, action, target: param("id") });
  return { status: 200, json: item };
}

/** Each by itself: what cannot be decided is named, with why, and the others are. */
export async function decideMany({ world, caller, body }: ApiCall): Promise<EdgeAnswer> {
  const { ids, decision } = parsed(Bulk, jsonBody(body), "body");
  const results = [];
  for (const id of new Set(ids)) {
    try {
      await decideMail(world, caller.ws, id, decision, caller.actor);
      results.push({ id, done: true });
    } catch (error) {
      if (!isError(error, "NOT_FOUND", "INVALID_STATE", "STORE_CONFLICT")) throw error;
      results.push({ id, done: false, code: error.code, detail: error.message });
    }
  }
  const target = `${results.length} items`;
  logOperatorAction(world.log, { actor: caller.actor, ws: caller.ws, action: `${decision.kind} mails`, target });
  return { status: 200, json: { items: results, next: null } };
}

export async function showMailRules({ world, caller }: ApiCall): Promise<EdgeAnswer> {
  return { status: 200, json: { items: await rulesOf(world.store(caller.ws)), next: null } };
}

/** From now on such mails are asked about again. Throws NOT_FOUND. */
export async function revokeMailRule({ world, caller, param }: ApiCall): Promise<EdgeAnswer> {
  const store = world.store(caller.ws);
  const stored = await store.get(ruleRef(param("id")));
  if (stored === undefined) throw new LockstepError("NOT_FOUND", { detail: "This workspace has no such rule." });
  await store.commit([{ kind: "delete", ref: stored.ref, ifVersion: stored.version }]);
  logOperatorAction(world.log, { actor: caller.actor, ws: caller.ws, action: "revoke mail rule", target: param("id") });
  return { status: 200, json: stored.data };
}
