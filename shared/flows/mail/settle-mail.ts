import type { MailReading } from "../../mail/reading.ts";
import type { Write } from "../../ports/store.ts";
import { foundLink, linkRef } from "../capture/links.ts";
import { type ReviewItem, reviewRef } from "../documents.ts";
import { callOff } from "./call-off.ts";
import { addToStay, type Because } from "./enrichment.ts";
import { type FactsDoc, factsRef } from "./facts.ts";
import { askAbout, ended, mailReviewId } from "./mail-review.ts";
import { loadStay } from "./stay-document.ts";
import { type Office, type Weighed, weigh } from "./weigh.ts";
import { closeWithdrawn } from "./withdrawn.ts";

/** What became of a mail. */
export interface Settled {
  readonly facts: FactsDoc;
  readonly enriched: boolean;
  readonly asked: boolean;
  readonly closed: boolean;
}

/**
 * Carries out what a mail asks for, in an order that may be broken off anywhere and begun again: the stay first, its
 * calendar told, then the facts with link and review item in one commit. Throws what the store throws.
 */
export async function settleMail(
  office: Office,
  facts: FactsDoc & { readonly reading: MailReading },
): Promise<Settled> {
  const weighed = await weigh(office, facts.reading);
  const before = await openItem(office, facts);
  switch (weighed.kind) {
    case "nothing":
      if (facts.reading.action === "cancel") await closeWithdrawn(office, facts);
      return finish(office, { ...facts, state: "nothing", why: weighed.why }, before, "caught-up");
    case "ignored":
      return finish(office, { ...facts, state: "ignored", why: weighed.why }, before, "ignored");
    case "ask":
      return ask(office, { ...facts, state: "open", why: weighed.why }, weighed, before);
    case "enrich":
      return enrichBy(office, facts, weighed.match, weighed.match.key, weighed.why, before);
    case "call-off":
    case "altered":
      return doubt(office, facts, weighed, before);
  }
}

/** The stay gets what the mail adds, and the mail is done with. */
export async function enrichBy(
  { world, ws, ...office }: Office,
  facts: FactsDoc & { readonly reading: MailReading },
  because: Because,
  key: string,
  why: string,
  before: ReviewItem | undefined,
  by = "lockstep",
): Promise<Settled> {
  const filled = await addToStay(world, ws, key, { id: facts.id, reading: facts.reading }, because);
  const settled: FactsDoc = { ...facts, state: "settled", bookingKey: key, why };
  const outcome = by === "lockstep" ? "matched" : "linked";
  const along: Write[] = [foundLink(facts.id, key, because, by, world.clock.now())];
  if (facts.bookingKey !== undefined && facts.bookingKey !== key) {
    along.push({ kind: "delete", ref: linkRef(facts.id, facts.bookingKey) });
  }
  const done = await finish({ world, ws, ...office }, settled, before, outcome, by, along);
  return { ...done, enriched: filled > 0 };
}

/** Said by a mail, not by the source: a person is asked, and the source is what decides (R15). */
async function doubt(
  office: Office,
  facts: FactsDoc & { readonly reading: MailReading },
  weighed: Extract<Weighed, { kind: "call-off" | "altered" }>,
  before: ReviewItem | undefined,
): Promise<Settled> {
  const { world, ws } = office;
  const { key } = weighed.match;
  const open: FactsDoc = { ...facts, state: "open", bookingKey: key, why: weighed.why };
  if (weighed.kind === "call-off") {
    if (!(await callOff(world, ws, key, facts.id))) return caughtUp(office, open, before);
    await closeWithdrawn(office, facts);
    return ask(office, open, { question: "mail-cancellation", candidates: [key], why: weighed.why, key }, before);
  }
  if (saysTheSame(facts.reading, await stayDates(office, key))) return caughtUp(office, open, before);
  return ask(office, open, { question: "mail-alteration", candidates: [key], why: weighed.why, key }, before);
}

async function stayDates({ world, ws }: Office, key: string): Promise<readonly [string, string]> {
  const { checkIn = "", checkOut = "" } = (await loadStay(world, ws, key)).data;
  return [checkIn, checkOut];
}

/** An alteration that states no days says nothing that could be compared. */
function saysTheSame({ facts }: MailReading, [checkIn, checkOut]: readonly [string, string]): boolean {
  return facts.checkIn?.value === checkIn && facts.checkOut?.value === checkOut;
}

function caughtUp(office: Office, facts: FactsDoc, before: ReviewItem | undefined): Promise<Settled> {
  const why = "Its source says the same already.";
  return finish(office, { ...facts, state: "settled", why }, before, "caught-up");
}

async function ask(
  { world, ws }: Office,
  facts: FactsDoc,
  asked: Pick<Extract<Weighed, { kind: "ask" }>, "question" | "candidates" | "why"> & { readonly key?: string },
  before: ReviewItem | undefined,
): Promise<Settled> {
  const now = world.clock.now();
  const { question: kind, candidates, why, key } = asked;
  const item = askAbout(facts, { kind, candidates, why, ...(key === undefined ? {} : { key }) }, now, before);
  await world.store(ws).commit([{ kind: "put", ref: factsRef(facts.id), data: facts }, item]);
  return { facts, enriched: false, asked: before === undefined, closed: false };
}

async function finish(
  { world, ws }: Office,
  facts: FactsDoc,
  item: ReviewItem | undefined,
  outcome: NonNullable<ReviewItem["outcome"]>,
  by = "lockstep",
  along: readonly Write[] = [],
): Promise<Settled> {
  const writes: Write[] = [{ kind: "put", ref: factsRef(facts.id), data: facts }, ...along];
  if (item !== undefined) {
    writes.push({ kind: "put", ref: reviewRef(item.id), data: ended(item, outcome, by, world.clock.now()) });
  }
  await world.store(ws).commit(writes);
  return { facts, enriched: false, asked: false, closed: item !== undefined };
}

async function openItem({ world, ws }: Office, { id }: FactsDoc): Promise<ReviewItem | undefined> {
  const stored = await world.store(ws).get<ReviewItem>(reviewRef(mailReviewId(id)));
  return stored?.data.status === "open" ? stored.data : undefined;
}
