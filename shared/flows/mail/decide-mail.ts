import { workspaceOf } from "../../config.ts";
import { LockstepError } from "../../errors.ts";
import type { MailReading } from "../../mail/reading.ts";
import type { Stored, Write } from "../../ports/store.ts";
import type { Instant } from "../../sync/time.ts";
import { type BookingKey, type ReviewItem, reviewRef } from "../documents.ts";
import type { World } from "../world.ts";
import { believeSource, callOff } from "./call-off.ts";
import { loadConnection } from "./connection.ts";
import { type FactsDoc, factsOf, factsRef } from "./facts.ts";
import { askAbout, ended } from "./mail-review.ts";
import { ignoreRule, propertyRule, ruleRef, rulesOf } from "./mail-rules.ts";
import { enrichBy } from "./settle-mail.ts";
import { loadStay } from "./stay-document.ts";
import type { Office } from "./weigh.ts";

/** What a person says to a question about a mail. `always`: and so from now on. */
export type MailDecision =
  | { readonly kind: "link"; readonly booking: BookingKey; readonly always: boolean }
  | { readonly kind: "ignore"; readonly always: boolean }
  | { readonly kind: "wait"; readonly until: Instant };

interface Question {
  readonly office: Office;
  readonly item: Stored<ReviewItem>;
  readonly facts: FactsDoc;
  readonly actor: string;
}

/**
 * Carries out a person's decision, to its end. Throws NOT_FOUND where there is no such question or booking,
 * INVALID_STATE where it was answered before or is not about a mail.
 */
export async function decideMail(
  world: World,
  ws: string,
  itemId: string,
  decision: MailDecision,
  actor: string,
): Promise<ReviewItem> {
  const question = await openQuestion(world, ws, itemId, actor);
  if (decision.kind === "link") await link(question, decision.booking, decision.always);
  else if (decision.kind === "ignore") await ignore(question, decision.always);
  else await putOff(question, decision.until);
  const after = await world.store(ws).get<ReviewItem>(question.item.ref);
  return after?.data ?? question.item.data;
}

async function openQuestion(world: World, ws: string, itemId: string, actor: string): Promise<Question> {
  const store = world.store(ws);
  const item = await store.get<ReviewItem>(reviewRef(itemId));
  if (item === undefined) throw new LockstepError("NOT_FOUND", { detail: "This workspace has no such item." });
  const { status, mail, connection: connectionId } = item.data;
  if (status !== "open") throw new LockstepError("INVALID_STATE", { detail: `It is ${status} already.` });
  const facts = mail === undefined ? undefined : await factsOf(store, mail);
  if (facts === undefined || connectionId === undefined) {
    throw new LockstepError("INVALID_STATE", { detail: "This item is not about a mail: it can only be resolved." });
  }
  const connection = (await loadConnection(store, connectionId)).data;
  const office = { world, ws, workspace: workspaceOf(world.config, ws), connection, rules: await rulesOf(store) };
  return { office, item, facts: facts.data, actor };
}

/** The mail is about this booking, whatever Lockstep thinks. */
async function link(question: Question, key: BookingKey, always: boolean): Promise<void> {
  const { office, item, actor } = question;
  const { world, ws } = office;
  const facts = requireReading(question.facts);
  const stay = await loadStay(world, ws, key);
  if (always) await makePropertyRule(question, facts.reading, stay.data.resources[0]);
  if (facts.reading.action === "cancel") return linkCancellation(question, key);
  const why = `A person linked it to ${key}.`;
  await enrichBy(office, facts, { reason: "Linked", confidence: 1 }, key, why, item.data, actor);
}

/** Also a person's word about a mail is no word of the source: it is doubted, and the question stays until that is clear (R15). */
async function linkCancellation({ office, item, facts }: Question, key: BookingKey): Promise<void> {
  const { world, ws } = office;
  const now = world.clock.now();
  await callOff(world, ws, key, facts.id);
  const why = `A person says that this cancellation is about ${key}.`;
  const open: FactsDoc = { ...facts, state: "open", bookingKey: key, why };
  await world
    .store(ws)
    .commit([
      { kind: "put", ref: factsRef(facts.id), data: open },
      askAbout(open, { kind: "mail-cancellation", why, candidates: [key], key }, now, item.data),
    ]);
}

async function makePropertyRule(
  { office, actor }: Question,
  reading: MailReading,
  resource: string | undefined,
): Promise<void> {
  const { world, ws, connection } = office;
  const by = { actor, now: world.clock.now() };
  const rule = resource === undefined ? undefined : propertyRule(connection.id, reading, resource, by);
  if (rule !== undefined) await world.store(ws).commit([{ kind: "put", ref: ruleRef(rule.id), data: rule }]);
}

/** Nothing is to be done about it; a stay that it had called off is taken for what its source says. */
async function ignore({ office, item, facts, actor }: Question, always: boolean): Promise<void> {
  const { world, ws, connection } = office;
  const now = world.clock.now();
  if (item.data.kind === "mail-cancellation") await believeSource(world, ws, item.data.key ?? "");
  const rule =
    always && facts.reading !== undefined ? ignoreRule(connection.id, facts.reading, { actor, now }) : undefined;
  const ignored: FactsDoc = { ...facts, state: "ignored", why: "A person said so." };
  const writes: Write[] = [
    { kind: "put", ref: item.ref, data: ended(item.data, "ignored", actor, now), ifVersion: item.version },
    { kind: "put", ref: factsRef(facts.id), data: ignored },
    ...(rule === undefined ? [] : [{ kind: "put" as const, ref: ruleRef(rule.id), data: rule }]),
  ];
  await world.store(ws).commit(writes);
}

/** It stays open, closes itself as ever, and nobody is reminded of it before then. */
async function putOff({ office, item }: Question, until: Instant): Promise<void> {
  const { world, ws } = office;
  if (until <= world.clock.now())
    throw new LockstepError("INVALID_REQUEST", { detail: "body.until: lies in the past." });
  const data: ReviewItem = { ...item.data, waitsUntil: until };
  await world.store(ws).commit([{ kind: "put", ref: item.ref, data, ifVersion: item.version }]);
}

function requireReading(facts: FactsDoc): FactsDoc & { readonly reading: MailReading } {
  const { reading } = facts;
  if (reading === undefined)
    throw new LockstepError("INVALID_STATE", { detail: "The mail could not be read: it adds nothing." });
  return { ...facts, reading };
}
