import { z } from "zod";
import { workspaceOf } from "../../shared/config.ts";
import { LockstepError } from "../../shared/errors.ts";
import { captureMail } from "../../shared/flows/capture/capture.ts";
import { linkByHand, linksOfMail, shownLink, unlink } from "../../shared/flows/capture/links.ts";
import { captureRef, mailsOf } from "../../shared/flows/capture/tape.ts";
import { cardRef } from "../../shared/flows/directory/card.ts";
import { keyNamed } from "../../shared/flows/directory/list-cards.ts";
import { isDocumentId } from "../../shared/ports/store-checks.ts";
import { Captured, MailLink } from "./answers/booking.ts";
import { Instant } from "./answers/values.ts";
import { Paging, pageAnswer } from "./page.ts";
import { type ApiCall, route } from "./route.ts";

const Mail = z.strictObject({
  messageId: z.string().min(1).max(1_000).describe("The provider's own id of the message."),
  subject: z.string().max(1_000).default(""),
  from: z.strictObject({ address: z.email().max(320), name: z.string().max(300).default("") }),
  receivedAt: z.iso.datetime({ offset: true }).nullable().default(null),
  body: z.string().max(200_000).default("").describe("As plain text."),
});
const Named = z.strictObject({ booking: z.string().min(1).max(300).describe("Its number, or `{source}:{number}`.") });
const Sender = Paging.extend({ sender: z.email().max(320) });

const Mails = z.object({
  mail: z.string(),
  sender: z.string(),
  senderName: z.string(),
  subject: z.string(),
  receivedAt: Instant,
  capturedAt: Instant,
  by: z.string(),
});
const NAMED = { id: "The `mail` of a capture's answer." };

export const EMAIL_ROUTES = [
  route({
    ...{ method: "POST", pattern: "emails/capture", scope: "capture", action: "capture mail" },
    notes: ({ answer: { mail, isNew } }) => (isNew ? { target: mail } : "nothing"),
    summary: "Keeps an open mail, once, and answers the bookings it is about.",
    body: Mail,
    answer: Captured,
    handle: capture,
  }),
  route({
    ...{ method: "GET", pattern: "emails", scope: "read" },
    summary: "The captured mails of one sender, without their text.",
    query: Sender,
    answer: pageAnswer(Mails),
    handle: ({ world, caller, query: { sender, ...paging } }) => mailsOf(world.store(caller.ws), sender, paging),
  }),
  route({
    ...{ method: "GET", pattern: "emails/:id/links", scope: "read", path: NAMED },
    summary: "The bookings that a mail is about.",
    answer: pageAnswer(MailLink),
    handle: showLinksOfMail,
  }),
  route({
    ...{ method: "POST", pattern: "emails/:id/link", scope: "capture", path: NAMED, action: "link captured mail" },
    notes: ({ answer: { bookingKey } }) => ({ bookingKey }),
    summary: "The mail is about this booking.",
    body: Named,
    answer: MailLink,
    handle: link,
  }),
  route({
    ...{ method: "POST", pattern: "emails/:id/unlink", scope: "capture", path: NAMED, action: "unlink captured mail" },
    notes: ({ answer: { booking } }) => ({ bookingKey: booking }),
    summary: "The mail is not about this booking, and what it says does not bring that back.",
    body: Named,
    answer: z.object({ mail: z.string(), booking: z.string(), linked: z.literal(false) }),
    handle: unlinkHere,
  }),
];

function capture({ world, caller, body }: ApiCall<unknown, z.output<typeof Mail>>) {
  const workspace = workspaceOf(world.config, caller.ws);
  const receivedAt = body.receivedAt === null ? null : new Date(body.receivedAt).toISOString();
  return captureMail(world, caller.ws, workspace, { ...body, receivedAt }, caller.actor);
}

async function showLinksOfMail({ world, caller, param }: ApiCall) {
  const links = await linksOfMail(world.store(caller.ws), param("id"));
  return { items: links.filter(({ status }) => status === "linked").map(shownLink), next: null };
}

/** Throws NOT_FOUND where either is not known. */
async function link(call: NamedCall) {
  const { world, caller } = call;
  const [key, mail] = [bookingOf(call), mailOf(call)];
  const store = world.store(caller.ws);
  const [captured, card] = await store.getMany([captureRef(mail), cardRef(key)]);
  if (captured === undefined) throw unknownMail();
  if (card === undefined) throw new LockstepError("NOT_FOUND", { detail: "This workspace has no such booking." });
  return linkByHand(store, mail, key, caller.actor, world.clock.now());
}

async function unlinkHere(call: NamedCall) {
  const { world, caller } = call;
  const [key, mail] = [bookingOf(call), mailOf(call)];
  await unlink(world.store(caller.ws), mail, key, caller.actor, world.clock.now());
  return { mail, booking: key, linked: false as const };
}

type NamedCall = ApiCall<unknown, z.output<typeof Named>>;

function bookingOf({ world, caller, body }: NamedCall): string {
  return keyNamed(world, caller.ws, workspaceOf(world.config, caller.ws), body.booking);
}

function mailOf({ param }: ApiCall): string {
  const id = param("id");
  if (!isDocumentId(id)) throw unknownMail();
  return id;
}

function unknownMail(): LockstepError {
  return new LockstepError("NOT_FOUND", { detail: "No mail of this address was captured here." });
}
