import { isError } from "../../errors.ts";
import type { DocumentStore, Write } from "../../ports/store.ts";
import type { Instant } from "../../sync/time.ts";
import { type CardDoc, cardRef } from "../directory/card.ts";
import { cardsNamed, directoriesOf } from "../directory/list-cards.ts";
import { type BookingKey, bookingKey } from "../documents.ts";
import type { WorkspaceConfig, World } from "../world.ts";
import { findRefs, type MaybeRef } from "./find-refs.ts";
import { type Link, type LinkDoc, linkRef, linksOfMail, shownLink, waitingRef } from "./links.ts";
import { type Suggestion, suggestFor } from "./suggest.ts";
import { captureRef, mailIdOf, type OpenMail, tapeWrites } from "./tape.ts";

/** What the mail extension shows beside an open mail. */
export interface Captured {
  readonly mail: string;
  /** False: it was captured before, and nothing was written. */
  readonly isNew: boolean;
  readonly links: readonly (Link & { readonly booking: CardDoc | null })[];
  readonly suggestions: readonly Suggestion[];
  /** Numbers written as bookings' that no booking has yet. */
  readonly waiting: readonly string[];
}

/**
 * Keeps a mail once, links it with the bookings it names, and answers their cards. Captured again it writes nothing,
 * whatever a person linked or removed since. Numbers of other workspaces mean nothing here: only this store is asked.
 */
export async function captureMail(
  world: World,
  ws: string,
  workspace: WorkspaceConfig,
  mail: OpenMail,
  by: string,
): Promise<Captured> {
  const store = world.store(ws);
  const id = mailIdOf(mail.messageId);
  const sources = directoriesOf(world, ws, workspace);
  const isNew =
    (await store.get(captureRef(id))) === undefined && (await keep(store, sources, mail, by, world.clock.now()));
  return show(world, ws, sources, mail, isNew);
}

/** False where it was captured at the same moment by another tab. */
async function keep(
  store: DocumentStore,
  sources: readonly string[],
  mail: OpenMail,
  by: string,
  now: Instant,
): Promise<boolean> {
  const refs = findRefs(mail.subject, mail.body);
  const known = await knownAmong(store, sources, refs);
  const links = linkWrites(mailIdOf(mail.messageId), refs, known, now);
  try {
    await store.commit([...tapeWrites(mail, by, now), ...links]);
  } catch (error) {
    if (!isError(error, "STORE_CONFLICT")) throw error;
    return false;
  }
  await catchUp(store, sources, mailIdOf(mail.messageId), refs, known, now);
  return true;
}

async function knownAmong(
  store: DocumentStore,
  sources: readonly string[],
  refs: readonly MaybeRef[],
): Promise<Set<BookingKey>> {
  const keys = sources.flatMap((source) => refs.map(({ ref }) => bookingKey(source, ref)));
  const cards = keys.length === 0 ? [] : await store.getMany(keys.map(cardRef));
  return new Set(keys.filter((_, index) => cards[index] !== undefined));
}

/** A number that a booking has is a link; one that none has waits where it is written as a booking's. */
function linkWrites(mail: string, refs: readonly MaybeRef[], known: ReadonlySet<BookingKey>, now: Instant): Write[] {
  return refs.flatMap(({ ref, reason, confidence, isNamed }) => {
    const keys = [...known].filter((key) => key.endsWith(`:${ref}`));
    const link = { mail, ref, reason, confidence, by: "lockstep", at: now } as const;
    const waiting: LinkDoc = { ...link, status: "waiting", bookingKey: "" };
    if (keys.length === 0) return isNamed ? [{ kind: "put" as const, ref: waitingRef(mail, ref), data: waiting }] : [];
    return keys.map((key) => {
      const data: LinkDoc = { ...link, status: "linked", bookingKey: key };
      return { kind: "put" as const, ref: linkRef(mail, key), data };
    });
  });
}

/** A booking that a listing brought between our look and our write: that listing did not see who waits. */
async function catchUp(
  store: DocumentStore,
  sources: readonly string[],
  mail: string,
  refs: readonly MaybeRef[],
  before: ReadonlySet<BookingKey>,
  now: Instant,
): Promise<void> {
  const waiting = refs.filter(({ ref, isNamed }) => isNamed && ![...before].some((key) => key.endsWith(`:${ref}`)));
  const known = await knownAmong(store, sources, waiting);
  if (known.size === 0) return;
  const found = waiting.filter(({ ref }) => [...known].some((key) => key.endsWith(`:${ref}`)));
  const gone = found.map(({ ref }): Write => ({ kind: "delete", ref: waitingRef(mail, ref) }));
  await store.commit([...linkWrites(mail, found, known, now), ...gone]);
}

async function show(
  world: World,
  ws: string,
  sources: readonly string[],
  mail: OpenMail,
  isNew: boolean,
): Promise<Captured> {
  const id = mailIdOf(mail.messageId);
  const all = await linksOfMail(world.store(ws), id);
  const linked = all.filter(({ status }) => status === "linked").sort((a, b) => b.confidence - a.confidence);
  const cards = await cardsNamed(
    world,
    ws,
    linked.map(({ bookingKey: key }) => key),
  );
  const links = linked.map((link) => ({
    ...shownLink(link),
    booking: cards.find(({ key }) => key === link.bookingKey) ?? null,
  }));
  const decided = all.map(({ bookingKey: key }) => key);
  const suggestions = await suggestFor(world, ws, sources, mail, decided);
  const waiting = all.filter(({ status }) => status === "waiting").map(({ ref }) => ref);
  return { mail: id, isNew, links, suggestions, waiting };
}
