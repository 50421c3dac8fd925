import { z } from "zod";
import { isError, LockstepError } from "../../shared/errors.ts";
import type { ReviewItem as ReviewDoc } from "../../shared/flows/documents.ts";
import { decideMail, type MailDecision } from "../../shared/flows/mail/decide-mail.ts";
import { type MailRuleDoc, ruleRef, rulesOf } from "../../shared/flows/mail/mail-rules.ts";
import { ReviewItem } from "./answers/kept-items.ts";
import { MailRule } from "./answers/mailboxes.ts";
import { pageAnswer } from "./page.ts";
import { type ApiCall, route } from "./route.ts";

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

const DECIDING = {
  method: "POST",
  scope: "operate",
  path: { id: "Of the item." },
  answer: ReviewItem,
  problems: ["INVALID_STATE"],
} as const;

export const MAIL_DECISION_ROUTES = [
  route({
    ...{ method: "POST", pattern: "review-items/bulk", scope: "operate", action: "decide many mails" },
    notes: ({ body: { decision }, answer: { items } }) => ({ target: `${decision.kind} ${items.length}` }),
    summary: "One decision for many questions about mails; what cannot be decided is named, the others are.",
    body: Bulk,
    answer: pageAnswer(
      z.object({
        id: z.string(),
        done: z.boolean(),
        code: z.string().exactOptional(),
        detail: z.string().exactOptional(),
      }),
    ),
    handle: decideMany,
  }),
  route({
    ...{ pattern: "review-items/:id/link", ...DECIDING, action: "link mail" },
    notes: ({ body: { booking } }) => ({ bookingKey: booking }),
    summary: "The mail is about this booking: what it says is added there.",
    description: "`always`: what mails of this connection call so is that property, from now on.",
    body: Link,
    handle: (call) => decide(call, { kind: "link", ...call.body }),
  }),
  route({
    ...{ pattern: "review-items/:id/ignore", ...DECIDING, action: "ignore mail" },
    summary: "Nothing is to be done about the mail.",
    description: "`always`: nor about any of its kind in this connection.",
    body: Ignore.prefault({}),
    handle: (call) => decide(call, { kind: "ignore", ...call.body }),
  }),
  route({
    ...{ pattern: "review-items/:id/wait", ...DECIDING, action: "let mail wait" },
    summary: "Nobody is reminded of it before then; it still closes by itself.",
    body: Wait,
    handle: (call) => decide(call, { kind: "wait", ...call.body }),
  }),
  route({
    ...{ method: "GET", pattern: "mail-rules", scope: "read" },
    summary: "What was decided about mails once and for all.",
    answer: pageAnswer(MailRule),
    handle: async ({ world, caller }) => ({ items: await rulesOf(world.store(caller.ws)), next: null }),
  }),
  route({
    ...{ method: "POST", pattern: "mail-rules/:id/revoke", scope: "operate", path: { id: "Of the rule." } },
    action: "revoke mail rule",
    summary: "From now on such mails are asked about again.",
    answer: MailRule,
    handle: revokeMailRule,
  }),
];

/** A question about a mail, decided. Also what `resolve` does with one. */
export function decide(
  { world, caller, param }: Pick<ApiCall, "world" | "caller" | "param">,
  decision: MailDecision,
): Promise<ReviewDoc> {
  return decideMail(world, caller.ws, param("id"), decision, caller.actor);
}

/** What became of one of many. */
interface Decided {
  readonly id: string;
  readonly done: boolean;
  readonly code?: string;
  readonly detail?: string;
}

async function decideMany({ world, caller, body: { ids, decision } }: ApiCall<unknown, z.output<typeof Bulk>>) {
  const items: Decided[] = [];
  for (const id of new Set(ids)) items.push(await decideOne({ world, caller }, id, decision));
  return { items, next: null };
}

async function decideOne(
  { world, caller }: Pick<ApiCall, "world" | "caller">,
  id: string,
  decision: MailDecision,
): Promise<Decided> {
  try {
    await decideMail(world, caller.ws, id, decision, caller.actor);
    return { id, done: true };
  } catch (error) {
    if (!isError(error, "NOT_FOUND", "INVALID_STATE", "STORE_CONFLICT", "INVALID_REQUEST")) throw error;
    return { id, done: false, code: error.code, detail: error.message };
  }
}

/** Throws NOT_FOUND. */
async function revokeMailRule({ world, caller, param }: ApiCall): Promise<MailRuleDoc> {
  const store = world.store(caller.ws);
  const stored = await store.get<MailRuleDoc>(ruleRef(param("id")));
  if (stored === undefined) throw new LockstepError("NOT_FOUND", { detail: "This workspace has no such rule." });
  await store.commit([{ kind: "delete", ref: stored.ref, ifVersion: stored.version }]);
  return stored.data;
}
