import type { Stored } from "../../ports/store.ts";
import { later } from "../../sync/time.ts";
import type { BookingDoc, ReviewItem } from "../documents.ts";
import { closeAlert, raiseAlert } from "../review.ts";
import { believeSource, isToCome } from "./call-off.ts";
import { type FactsDoc, factsOf, factsRef } from "./facts.ts";
import { ended } from "./mail-review.ts";
import { settleMail } from "./settle-mail.ts";
import { loadStay } from "./stay-document.ts";
import { type Office, weigh } from "./weigh.ts";

/** Open items of a connection that are looked at in one run. */
const MAX_ITEMS = 300;
/** A question nobody answered ends so long after its stay, or after it was asked where it names no days. */
const EXPIRES_DAYS = 7;
const UNDATED_DAYS = 60;
/** From then on an unanswered question is an alert. */
const AGES_DAYS = 3;
const DAY_MS = 86_400_000;

/** What a look at the open questions came to. */
export interface Waited {
  readonly enriched: number;
  readonly closed: number;
}

/**
 * Looks again at what a connection's mails wait for: the feed has caught up (S51), the stay is over, or a person was
 * asked too long ago.
 */
export async function settleWaiting(office: Office): Promise<Waited> {
  const { world, ws, connection } = office;
  const items = await world.store(ws).query<ReviewItem>({
    collection: "reviewItems",
    where: [
      { field: "connection", op: "==", value: connection.id },
      { field: "status", op: "==", value: "open" },
    ],
    limit: MAX_ITEMS,
  });
  const outcomes: ("open" | "closed" | "enriched")[] = [];
  for (const item of items) outcomes.push(await lookAgain(office, item));
  await tellOfAge(
    office,
    items.filter((_, index) => outcomes[index] === "open").map(({ data }) => data),
  );
  return {
    enriched: outcomes.filter((outcome) => outcome === "enriched").length,
    closed: outcomes.filter((outcome) => outcome !== "open").length,
  };
}

async function lookAgain(office: Office, item: Stored<ReviewItem>): Promise<"open" | "closed" | "enriched"> {
  const facts = item.data.mail === undefined ? undefined : await factsOf(office.world.store(office.ws), item.data.mail);
  if (facts?.data.reading === undefined) return "open";
  if (isExpired(office, item.data, facts.data)) return expire(office, item, facts.data);
  if (item.data.kind === "mail-cancellation") return lookAtCalledOff(office, item, facts.data);
  const weighed = await weigh(office, facts.data.reading);
  // Nothing new: no write.
  if (weighed.kind === "ask" && weighed.question === item.data.kind && sameKeys(weighed.candidates, item.data)) {
    return "open";
  }
  const settled = await settleMail(office, { ...facts.data, reading: facts.data.reading });
  if (!settled.closed) return "open";
  return settled.enriched ? "enriched" : "closed";
}

function sameKeys(keys: readonly string[], { candidates = [] }: ReviewItem): boolean {
  return keys.length === candidates.length && keys.every((key) => candidates.includes(key));
}

/** Its source says so too, or the stay is over: the doubt ends. */
async function lookAtCalledOff(office: Office, item: Stored<ReviewItem>, facts: FactsDoc): Promise<"open" | "closed"> {
  const { world, ws } = office;
  const key = item.data.key ?? "";
  const stay: BookingDoc = (await loadStay(world, ws, key)).data;
  if (isToCome(stay, world.clock.now())) return "open";
  await believeSource(world, ws, key);
  await close(office, item, { ...facts, state: "settled", why: "Its source says so too." }, "caught-up");
  return "closed";
}

function isExpired({ world }: Office, { openedAt, waitsUntil }: ReviewItem, { reading }: FactsDoc): boolean {
  const now = world.clock.now();
  if (waitsUntil !== undefined && waitsUntil > now) return false;
  const last = reading?.facts.checkOut?.value ?? reading?.facts.checkIn?.value;
  if (last === undefined) return openedAt < later(now, -UNDATED_DAYS * DAY_MS);
  return last < later(now, -EXPIRES_DAYS * DAY_MS).slice(0, 10);
}

async function expire(office: Office, item: Stored<ReviewItem>, facts: FactsDoc): Promise<"closed"> {
  const { world, ws } = office;
  if (item.data.kind === "mail-cancellation") await believeSource(world, ws, item.data.key ?? "");
  await close(office, item, { ...facts, state: "nothing", why: "Nobody answered before it was over." }, "expired");
  return "closed";
}

async function close(
  { world, ws }: Office,
  { ref, data, version }: Stored<ReviewItem>,
  facts: FactsDoc,
  outcome: "caught-up" | "expired",
): Promise<void> {
  const item = ended(data, outcome, "lockstep", world.clock.now());
  await world.store(ws).commit([
    { kind: "put", ref, data: item, ifVersion: version },
    { kind: "put", ref: factsRef(facts.id), data: facts },
  ]);
}

/** One alert for all questions of a connection that nobody answered; gone with the last of them. */
async function tellOfAge({ world, ws, connection }: Office, open: readonly ReviewItem[]): Promise<void> {
  const now = world.clock.now();
  const old = open.filter(
    ({ openedAt, waitsUntil }) => openedAt < later(now, -AGES_DAYS * DAY_MS) && (waitsUntil ?? "") <= now,
  );
  if (old.length === 0) return closeAlert(world.store(ws), "review-ageing", connection.id);
  const detail = `Questions about mails of connection ${connection.id} have waited for more than ${AGES_DAYS} days.`;
  await raiseAlert(world.store(ws), { kind: "review-ageing", subject: connection.id, detail }, now);
}
