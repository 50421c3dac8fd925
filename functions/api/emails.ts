import { z } from "zod";
import { type EdgeAnswer, jsonBody, parsed } from "../../shared/cloud/edge-request.ts";
import { workspaceOf } from "../../shared/config.ts";
import { LockstepError } from "../../shared/errors.ts";
import { captureMail } from "../../shared/flows/capture/capture.ts";
import { linkByHand, linksOfMail, shownLink, unlink } from "../../shared/flows/capture/links.ts";
import { captureRef, mailsOf } from "../../shared/flows/capture/tape.ts";
import { cardRef } from "../../shared/flows/directory/card.ts";
import { keyNamed } from "../../shared/flows/directory/list-cards.ts";
import { isDocumentId } from "../../shared/ports/store-checks.ts";
import { pagingOf } from "./page.ts";
import type { ApiCall } from "./route.ts";

const Mail = z.strictObject({
  messageId: z.string().min(1).max(1_000),
  subject: z.string().max(1_000).default(""),
  from: z.strictObject({ address: z.email().max(320), name: z.string().max(300).default("") }),
  receivedAt: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text).toISOString())
    .nullable()
    .default(null),
  body: z.string().max(200_000).default(""),
});
const Named = z.strictObject({ booking: z.string().min(1).max(300) });
const Sender = z.object({ sender: z.email().max(320) });

/** Keeps an open mail, once, and answers the bookings it is about. */
export async function capture({ world, caller, body }: ApiCall): Promise<EdgeAnswer> {
  const mail = parsed(Mail, jsonBody(body), "body");
  const workspace = workspaceOf(world.config, caller.ws);
  return { status: 200, json: await captureMail(world, caller.ws, workspace, mail, caller.actor) };
}

/** The captured mails of one sender, without their text. */
export async function showMailsOf({ world, caller, query }: ApiCall): Promise<EdgeAnswer> {
  const { sender } = parsed(Sender, Object.fromEntries(query), "query");
  return { status: 200, json: await mailsOf(world.store(caller.ws), sender, pagingOf(query)) };
}

export async function showLinksOfMail({ world, caller, param }: ApiCall): Promise<EdgeAnswer> {
  const links = await linksOfMail(world.store(caller.ws), param("id"));
  return { status: 200, json: { items: links.filter(({ status }) => status === "linked").map(shownLink), next: null } };
}

/** The mail is about this booking. Throws NOT_FOUND where either is not known. */
export async function link(call: ApiCall): Promise<EdgeAnswer> {
  const { world, caller } = call;
  const [key, mail] = [bookingOf(call), mailOf(call)];
  const store = world.store(caller.ws);
  const [captured, card] = await store.getMany([captureRef(mail), cardRef(key)]);
  if (captured === undefined) throw unknownMail();
  if (card === undefined) throw new LockstepError("NOT_FOUND", { detail: "This workspace has no such booking." });
  return { status: 200, json: await linkByHand(store, mail, key, caller.actor, world.clock.now()) };
}

/** The mail is not about this booking, and what it says does not bring that back. Throws NOT_FOUND. */
export async function unlinkHere(call: ApiCall): Promise<EdgeAnswer> {
  const { world, caller } = call;
  const [key, mail] = [bookingOf(call), mailOf(call)];
  await unlink(world.store(caller.ws), mail, key, caller.actor, world.clock.now());
  return { status: 200, json: { mail, booking: key, linked: false } };
}

function bookingOf({ world, caller, body }: ApiCall): string {
  const { booking } = parsed(Named, jsonBody(body), "body");
  return keyNamed(world, caller.ws, workspaceOf(world.config, caller.ws), booking);
}

function mailOf({ param }: ApiCall): string {
  const id = param("id");
  if (!isDocumentId(id)) throw unknownMail();
  return id;
}

function unknownMail(): LockstepError {
  return new LockstepError("NOT_FOUND", { detail: "No mail of this address was captured here." });
}
