import { z } from "zod";
import { type EdgeAnswer, jsonBody, parsed } from "../../shared/cloud/edge-request.ts";
import { logOperatorAction } from "../../shared/edge/edge-log.ts";
import { ENRICHED_FIELDS } from "../../shared/flows/documents.ts";
import { showEnrichment, undoEnrichment } from "../../shared/flows/mail/enrichment.ts";
import { keptMail, replayMails } from "../../shared/flows/mail/replay.ts";
import { isDocumentId } from "../../shared/ports/store-checks.ts";
import type { ApiCall } from "./route.ts";

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

/** Reads kept mails anew, a page at a time; what would change, or with `apply` what did. */
export async function replayKeptMails({ world, caller, body }: ApiCall): Promise<EdgeAnswer> {
  const wish = parsed(Replay, jsonBody(body) ?? {}, "body");
  const replayed = await replayMails(world, caller.ws, wish);
  if (wish.apply) {
    const target = `${replayed.changes.length} of ${replayed.scanned} mails`;
    logOperatorAction(world.log, { actor: caller.actor, ws: caller.ws, action: "replay mails", target });
  }
  return { status: 200, json: replayed };
}

/** What was kept of a mail and what came of it, without the mail itself. Throws NOT_FOUND. */
export async function showMail({ world, caller, param }: ApiCall): Promise<EdgeAnswer> {
  const { email, facts } = await keptMail(world, caller.ws, param("id"));
  const { raw: _raw, ...rest } = email;
  return { status: 200, json: { ...rest, facts } };
}

/** What mails added to a booking, field by field, with where it comes from. Throws NOT_FOUND. */
export async function showAdded({ world, caller, param }: ApiCall): Promise<EdgeAnswer> {
  return { status: 200, json: await showEnrichment(world, caller.ws, param("key")) };
}

/** Takes back what mails added: all fields, or those named. Throws NOT_FOUND. */
export async function undoAdded({ world, caller, param, body }: ApiCall): Promise<EdgeAnswer> {
  const { fields } = parsed(Undo, jsonBody(body) ?? {}, "body");
  await undoEnrichment(world, caller.ws, param("key"), fields);
  logOperatorAction(world.log, {
    ...{ actor: caller.actor, ws: caller.ws, action: "undo enrichment", target: param("key") },
  });
  return { status: 200, json: await showEnrichment(world, caller.ws, param("key")) };
}
