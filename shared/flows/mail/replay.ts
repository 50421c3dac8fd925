import { workspaceOf } from "../../config.ts";
import { LockstepError } from "../../errors.ts";
import type { MailReading } from "../../mail/reading.ts";
import type { World } from "../world.ts";
import { type ConnectionDoc, listConnections } from "./connection.ts";
import { blankFacts, type FactsDoc, factsOf } from "./facts.ts";
import { readKept } from "./ingest.ts";
import { rulesOf } from "./mail-rules.ts";
import { settleMail } from "./settle-mail.ts";
import { type EmailDoc, emailRef } from "./tape.ts";
import { type Office, weigh } from "./weigh.ts";

/** What of a reading is compared and shown: what could change what happens. */
interface Read {
  readonly kind: string;
  readonly action: string;
  readonly platform: string | null;
  readonly guestName: string | null;
  readonly checkIn: string | null;
  readonly checkOut: string | null;
  readonly confirmationCode: string | null;
  readonly guestCount: number | null;
  readonly property: string | null;
}

/** One mail that the present reader reads otherwise than the one that read it last. */
export interface Change {
  readonly mail: string;
  readonly connection: string;
  /** Null: it could not be read, or not be read yet. */
  readonly before: Read | null;
  readonly after: Read | null;
  /** The fields that differ. */
  readonly differs: readonly string[];
  /** What it would ask for now, or what was done. */
  readonly would: string;
}

export interface Replayed {
  readonly scanned: number;
  readonly changes: readonly Change[];
  readonly applied: boolean;
  /** Where the next call goes on; null: that was all. */
  readonly next: string | null;
}

/**
 * Reads kept mails with the present reader, a page at a time, and shows what would change; with `apply` it does it. What
 * a person decided stands: ignored mails and isolated ones are left alone.
 */
export async function replayMails(
  world: World,
  ws: string,
  options: { readonly apply: boolean; readonly limit: number; readonly after?: string },
): Promise<Replayed> {
  const { apply, limit, after } = options;
  const store = world.store(ws);
  const rows = await store.query<EmailDoc>({ collection: "emails", limit, ...(after === undefined ? {} : { after }) });
  const connections = new Map((await listConnections(store)).map((each) => [each.id, each]));
  const rules = await rulesOf(store);
  const changes: Change[] = [];
  for (const { data: email } of rows) {
    const connection: ConnectionDoc | undefined = connections.get(email.connection);
    if (connection === undefined) continue;
    const office = { world, ws, workspace: workspaceOf(world.config, ws), connection, rules };
    const change = await replayOne(office, email, apply);
    if (change !== undefined) changes.push(change);
  }
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return { scanned: rows.length, changes, applied: apply, next: last?.ref.id ?? null };
}

async function replayOne(office: Office, email: EmailDoc, apply: boolean): Promise<Change | undefined> {
  const { world, ws } = office;
  const known = (await factsOf(world.store(ws), email.id))?.data;
  if (known?.state === "isolated" || known?.state === "ignored") return undefined;
  const reading = await readKept(office, email);
  const before = known?.reading === undefined ? null : shown(known.reading);
  const after = reading instanceof LockstepError ? null : shown(reading);
  const differs = differing(before, after);
  if (differs.length === 0) return undefined;
  const head = { mail: email.id, connection: email.connection, before, after, differs };
  if (reading instanceof LockstepError) return { ...head, would: "It can no longer be read: what was read stays." };
  if (!apply) return { ...head, would: await wouldDo(office, reading) };
  const facts = { ...blankFacts(email, world.clock.now(), reading), reading };
  return { ...head, would: (await settleMail(office, facts)).facts.why };
}

async function wouldDo(office: Office, reading: MailReading): Promise<string> {
  const weighed = await weigh(office, reading);
  return weighed.kind === "ask" ? `Ask: ${weighed.why}` : weighed.why;
}

function shown({ kind, action, platform, facts }: MailReading): Read {
  return {
    ...{ kind, action, platform },
    guestName: facts.guestName?.value ?? null,
    checkIn: facts.checkIn?.value ?? null,
    checkOut: facts.checkOut?.value ?? null,
    confirmationCode: facts.confirmationCode?.value ?? null,
    guestCount: facts.guestCount?.value ?? null,
    property: facts.property?.value ?? null,
  };
}

function differing(before: Read | null, after: Read | null): string[] {
  const names = Object.keys(before ?? after ?? {});
  // Proof: both are made by `shown`, with these names.
  return names.filter((name) => before?.[name as keyof Read] !== after?.[name as keyof Read]);
}

/** The kept mail of an id, for a person who looks at it. Throws NOT_FOUND. */
export async function keptMail(
  world: World,
  ws: string,
  id: string,
): Promise<{ email: EmailDoc; facts: FactsDoc | null }> {
  const store = world.store(ws);
  const email = await store.get<EmailDoc>(emailRef(id));
  // What was captured from a mailbox in the browser stands there too, and is shown elsewhere.
  if (email?.data.connection === undefined) throw new LockstepError("NOT_FOUND", { detail: "There is no such mail." });
  return { email: email.data, facts: (await factsOf(store, id))?.data ?? null };
}
