import { z } from "zod";
import { ENRICHED_FIELDS } from "../../shared/flows/enrichments.ts";
import { showEnrichment, undoEnrichment } from "../../shared/flows/mail/enrichment.ts";
import { keptMail, replayMails } from "../../shared/flows/mail/replay.ts";
import { isDocumentId } from "../../shared/ports/store-checks.ts";
import { Added, KeptMail, Replayed } from "./answers/mailboxes.ts";
import { type ApiCall, route } from "./route.ts";

const Replay = z.strictObject({
  /** Only show what would change. */
  apply: z.boolean().default(false),
  limit: z.number().int().min(1).max(200).default(100),
  after: z
    .string()
    .refine(isDocumentId, "is no place in the list: take it from the last page's `next`")
    .exactOptional(),
});
const Undo = z.strictObject({ fields: z.array(z.enum(ENRICHED_FIELDS)).min(1).exactOptional() });

const OF_BOOKING = { path: { key: "`{source}:{booking id}`." } } as const;

export const MAIL_ROUTES = [
  route({
    ...{ method: "POST", pattern: "emails/replay", scope: "operate", action: "replay mails" },
    notes: ({ body: { apply }, answer: { changes, scanned } }) =>
      apply ? { target: `${changes.length} of ${scanned} mails` } : "nothing",
    summary: "Reads kept mails anew, a page at a time; what would change, or with `apply` what did.",
    body: Replay.prefault({}),
    answer: Replayed,
    handle: replayHere,
  }),
  route({
    ...{ method: "GET", pattern: "emails/:id", scope: "operate", path: { id: "As review items and links name it." } },
    summary: "What was kept of a mail and what came of it, without the mail itself.",
    answer: KeptMail,
    handle: showMail,
  }),
  route({
    ...{ method: "GET", pattern: "enrichments/:key", scope: "read", ...OF_BOOKING },
    summary: "What mails added to a booking, field by field.",
    answer: Added,
    handle: ({ world, caller, param }) => showEnrichment(world, caller.ws, param("key")),
  }),
  route({
    ...{ method: "POST", pattern: "enrichments/:key/undo", scope: "operate", ...OF_BOOKING },
    action: "undo enrichment",
    notes: ({ answer: { key } }) => ({ bookingKey: key }),
    summary: "Takes back what mails added: all fields, or those named.",
    body: Undo.prefault({}),
    answer: Added,
    handle: undoAdded,
  }),
];

function replayHere({ world, caller, body }: ApiCall<unknown, z.output<typeof Replay>>) {
  return replayMails(world, caller.ws, body);
}

/** Throws NOT_FOUND. */
async function showMail({ world, caller, param }: ApiCall) {
  const { email, facts } = await keptMail(world, caller.ws, param("id"));
  const { id, connection, messageId, receivedAt, keptAt, size, sha256, leftOut } = email;
  return {
    ...{ id, connection, messageId, receivedAt, keptAt, size, sha256, leftOut },
    state: facts?.state ?? null,
    why: facts?.why ?? null,
    reading: facts?.reading ?? null,
  };
}

/** Throws NOT_FOUND. */
async function undoAdded({ world, caller, param, body }: ApiCall<unknown, z.output<typeof Undo>>) {
  const target = param("key");
  await undoEnrichment(world, caller.ws, target, body.fields);
  return showEnrichment(world, caller.ws, target);
}
