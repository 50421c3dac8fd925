import { isOurOwnFailure, LockstepError } from "../../errors.ts";
import { readMail } from "../../mail/read-mail.ts";
import type { MailReading } from "../../mail/reading.ts";
import type { Stored } from "../../ports/store.ts";
import type { SyncCounts } from "./connection.ts";
import { blankFacts, type FactsDoc, factsRef } from "./facts.ts";
import type { Intake } from "./intake.ts";
import { isolate, otherOwner } from "./isolated.ts";
import { logMail } from "./mail-log.ts";
import { askAbout } from "./mail-review.ts";
import { settleMail } from "./settle-mail.ts";
import { type EmailDoc, emailId, emailRef, keepMail, rawOf } from "./tape.ts";
import type { Office } from "./weigh.ts";

type Gained = Partial<SyncCounts>;

/**
 * Brings one message in: kept first, whole and for good; then read, and what it asks for is done. What was done before
 * is not done again, so that a run may be broken off anywhere (law 6). Throws what the mailbox and the store throw.
 */
export async function ingestMail(intake: Intake, messageId: string): Promise<Gained> {
  const { world, ws, connection } = intake;
  const store = world.store(ws);
  const id = emailId(connection.id, messageId);
  const [kept, known] = await store.getMany([emailRef(id), factsRef(id)]);
  if (known !== undefined) return { scanned: 1, skipped: 1 };
  // Proof: only this program writes `emails`, with this shape.
  const email = (kept as Stored<EmailDoc> | undefined)?.data ?? (await fetchMail(intake, messageId));
  if (email === undefined) return { scanned: 1, skipped: 1 };
  const gained = { scanned: 1, ...(kept === undefined ? { kept: 1 } : { skipped: 1 }) };
  const other = otherOwner(intake, email.labelIds);
  if (other !== undefined) return { ...gained, ...(await isolate(intake, email, other)) };
  return { ...gained, ...(await readAndSettle(intake, email)) };
}

/** Undefined where it is gone meanwhile. */
async function fetchMail({ world, ws, connection, mailbox }: Intake, messageId: string): Promise<EmailDoc | undefined> {
  const mail = await mailbox.read(messageId);
  return mail === undefined ? undefined : keepMail(world.store(ws), connection.id, mail, world.clock.now());
}

/** What a kept mail asks for, as far as it can be read. */
export async function readAndSettle(intake: Intake, email: EmailDoc): Promise<Gained> {
  const { world, ws, connection } = intake;
  const reading = await readKept(intake, email);
  const where = { ws, connectionId: connection.id };
  if (reading instanceof LockstepError) {
    logMail(world, where, email.messageId, "unreadable");
    return setAside(intake, email);
  }
  const settled = await settleMail(intake, { ...blankFacts(email, world.clock.now(), reading), reading });
  logMail(world, where, email.messageId, settled.facts.state);
  return { enriched: Number(settled.enriched), asked: Number(settled.asked) };
}

/** What a kept mail says. A mail that no reader can read is an error of its own: the batch goes on (law 10). */
export async function readKept({ world, ws }: Office, email: EmailDoc): Promise<MailReading | LockstepError> {
  try {
    return await readMail(await rawOf(world.store(ws), email), { received: email.receivedAt });
  } catch (cause) {
    if (isOurOwnFailure(cause)) throw cause;
    return new LockstepError("INTERNAL", { detail: `Mail ${email.id} cannot be read.`, cause });
  }
}

async function setAside({ world, ws }: Intake, email: EmailDoc): Promise<Gained> {
  const now = world.clock.now();
  const why = "It is kept, and waits for a reader that can read it.";
  const facts: FactsDoc = { ...blankFacts(email, now), state: "unreadable", why };
  const item = askAbout(facts, { kind: "mail-unreadable", why, candidates: [] }, now);
  await world.store(ws).commit([{ kind: "put", ref: factsRef(email.id), data: facts }, item]);
  return { asked: 1 };
}
