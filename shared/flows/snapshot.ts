import { policyOf } from "../config.ts";
import type { BadRow, BookingReader, SourceBooking, SourceListing } from "../ports/booking-source.ts";
import { countMissing, listingsAsked } from "../sync/evidence.ts";
import type { Policy } from "../sync/policy.ts";
import { type Instant, isFuture } from "../sync/time.ts";
import type { BookingItem } from "../topics/observations.ts";
import { isAlike, mayFollow } from "./alike.ts";
import type { SnapshotEntry } from "./documents.ts";
import { resourcesNamed } from "./resources.ts";
import type { WorkspaceConfig } from "./world.ts";

/** Single reads of what a listing lacked, per poll; the rest waits for the next one (law 12). */
const MAX_READS = 20;

type Entries = Readonly<Record<string, SnapshotEntry>>;

export interface ListingToCompare {
  readonly workspace: WorkspaceConfig;
  readonly source: string;
  readonly reader: BookingReader;
  readonly entries: Entries;
  readonly listing: SourceListing;
  readonly window: { readonly from: Instant; readonly to: Instant };
  readonly began: Instant;
  readonly ended: Instant;
  /** Which of these bookings a mail calls cancelled (R15). Left out: none. */
  readonly calledOff?: (bookingIds: readonly string[]) => Promise<ReadonlySet<string>>;
}

/** What is told of one booking. */
export interface News {
  readonly item: BookingItem;
  readonly resources: readonly string[];
  /** A future booking that this poll found cancelled, or missing with evidence: what the breaker counts per run. */
  readonly gone: boolean;
}

export interface Compared {
  readonly items: readonly News[];
  readonly entries: Entries;
  readonly changed: boolean;
  /** Rows set aside for the first time. */
  readonly bad: readonly { readonly id: string; readonly reason: string }[];
  /** Rows set aside before that can be read and routed now. */
  readonly mended: readonly string[];
}

interface Working {
  readonly to: ListingToCompare;
  readonly items: News[];
  readonly entries: Record<string, SnapshotEntry>;
  readonly bad: { id: string; reason: string }[];
  readonly mended: string[];
  changed: boolean;
}

/** Compares a listing with what the last ones had (R8). Only a complete listing can lack something. */
export async function compareListing(to: ListingToCompare): Promise<Compared> {
  const working: Working = { to, items: [], entries: {}, bad: [], mended: [], changed: false };
  for (const booking of to.listing.bookings) takeRow(working, booking);
  for (const row of to.listing.bad) {
    if (row.cancelled === true) takeCancelledRow(working, row);
    else takeBadRow(working, row);
  }
  await takeMissing(working);
  return working;
}

function takeRow(working: Working, booking: SourceBooking): void {
  const { to, entries } = working;
  const before = to.entries[booking.id];
  const resources = resourcesNamed(to.workspace, to.source, booking.resources);
  const customer = booking.fields["customer"];
  entries[booking.id] = {
    hash: booking.hash,
    span: booking.span,
    resources,
    status: booking.status,
    ...(customer === undefined ? {} : { customer }),
  };
  if (resources.length === 0 && before?.hash !== booking.hash) {
    working.bad.push({
      id: booking.id,
      reason: `no resource in the configuration is called ${booking.resources.join(", ") || "(none)"}`,
    });
  }
  const mended = before !== undefined && wasSetAside(before) && resources.length > 0;
  if (mended) working.mended.push(booking.id);
  if (before?.hash === booking.hash && before.missing === undefined && !mended) return;
  working.changed = true;
  const supersedes = before === undefined ? formerOf(working, booking) : undefined;
  const cancelled = booking.status === "cancelled" ? { cancelled: true } : {};
  const item: BookingItem = {
    bookingId: booking.id,
    hash: booking.hash,
    around: booking.span,
    evidence: "seen",
    ...cancelled,
  };
  working.items.push({
    item: supersedes === undefined ? item : { ...item, supersedes },
    resources: [...new Set([...resources, ...(before?.resources ?? [])])],
    gone: booking.status === "cancelled" && before?.status === "live" && isFuture(booking.span, to.began),
  });
}

/** In place of a listing's hash: the poller looks for it (R8), and no listing ever had it. */
export const UNLISTED = "unlisted";

/** Whether a poll has listed it; a webhook alone tells nothing of what it follows. */
export function wasListed(entry: SnapshotEntry | undefined): boolean {
  return entry !== undefined && entry.hash !== UNLISTED;
}

const BAD = "bad:";

function wasSetAside(entry: SnapshotEntry): boolean {
  return entry.hash.startsWith(BAD) || entry.resources.length === 0;
}

/**
 * S07: the booking that lives on as this one by its source's word; else the one booking of the same customer and length that this very listing shows as rescheduled, where this is
 * the one that it shows for the first time: of two nobody knows which is a booking of its own, one that is cancelled by now included.
 */
function formerOf({ to }: Working, booking: SourceBooking): string | undefined {
  const { listing, entries } = to;
  if (booking.status === "cancelled" || !listing.complete) return undefined;
  if (booking.predecessor !== undefined) return booking.predecessor;
  const alike = listing.bookings.filter((other) => isAlike(booking, other));
  const former = alike.filter((other) => {
    const before = entries[other.id];
    if (other.status !== "rescheduled" || !mayFollow(other, booking)) return false;
    return before !== undefined && before.status !== "rescheduled";
  });
  const possible = alike.filter(({ id, status }) => status !== "rescheduled" && !wasListed(entries[id]));
  return former.length === 1 && possible.length === 1 && possible[0]?.id === booking.id ? former[0]?.id : undefined;
}

/** A row that cannot be read keeps what was known of it and is shown once (law 10). */
function takeBadRow(working: Working, { id, reason }: BadRow): void {
  const before = working.to.entries[id];
  const hash = `${BAD}${reason}`;
  const nowhere = { kind: "timed" as const, start: working.to.began, end: working.to.window.to };
  working.entries[id] =
    before === undefined ? { hash, span: nowhere, resources: [], status: "bad" } : { ...before, hash };
  if (before?.hash === hash) return;
  working.changed = true;
  working.bad.push({ id, reason });
}

/** One that says that it is cancelled says enough, whatever else of it cannot be read. */
function takeCancelledRow(working: Working, { id, reason }: BadRow): void {
  const before = working.to.entries[id];
  if (before === undefined) return;
  const hash = `cancelled, ${BAD}${reason}`;
  working.entries[id] = { ...before, hash, status: "cancelled" };
  if (before.hash === hash) return;
  working.changed = true;
  if (wasSetAside(before)) working.mended.push(id);
  const gone = before.status === "live" && isFuture(before.span, working.to.began);
  const item: BookingItem = { bookingId: id, around: before.span, evidence: "seen", cancelled: true };
  working.items.push({ item, resources: before.resources, gone });
}

async function takeMissing(working: Working): Promise<void> {
  const { to } = working;
  const missing = Object.entries(to.entries).filter(([id]) => working.entries[id] === undefined);
  const open = missing.filter(([, entry]) => isFuture(entry.span, to.began));
  if (missing.length > open.length) working.changed = true;
  for (const [id, entry] of open) working.entries[id] = entry;
  const unread = new Set(to.listing.unread);
  const asked = open
    .filter(
      ([id, entry]) => to.listing.complete && !unread.has(id) && entry.reported !== true && entry.status !== "bad",
    )
    .slice(0, MAX_READS);
  if (asked.length === 0) return;
  const read = await to.reader.read(asked.map(([id, entry]) => ({ id, around: entry.span })));
  const gone = asked.filter(([id]) => read.get(id) === undefined).map(([id]) => id);
  const calledOff = gone.length === 0 ? undefined : await to.calledOff?.(gone);
  for (const [id, entry] of asked) takeAbsent(working, id, entry, read.get(id), calledOff?.has(id) === true);
}

/** A row that vanished: a read by id tells, or it is counted as one more listing without it. */
function takeAbsent(
  working: Working,
  id: string,
  entry: SnapshotEntry,
  found: SourceBooking | undefined,
  mailCancelled: boolean,
): void {
  const { to } = working;
  if (found !== undefined) {
    if (found.hash === entry.hash) return;
    takeRow(working, found);
    return;
  }
  const policy = policyAt(to, entry);
  const missing = countMissing(entry.missing, to, policy);
  if (missing === entry.missing) return;
  working.changed = true;
  const reported = missing.listings >= listingsAsked(policy, mailCancelled);
  working.entries[id] = { ...entry, missing, ...(reported ? { reported } : {}) };
  if (!reported) return;
  const item = { bookingId: id, around: entry.span, evidence: "missing" as const };
  working.items.push({ item, resources: entry.resources, gone: true });
}

function policyAt({ workspace }: ListingToCompare, entry: SnapshotEntry): Policy {
  const [first] = entry.resources;
  const resource = first === undefined ? undefined : workspace.resources[first];
  if (resource !== undefined) return policyOf(workspace, resource);
  const [any] = Object.values(workspace.resources);
  if (any === undefined) throw new Error("a workspace without resources is polled for nothing");
  return policyOf(workspace, any);
}
