import type { Decided } from "../sync/decide.ts";
import type { Instant } from "../sync/time.ts";
import type { Desk } from "./desk.ts";
import { JOURNAL_LENGTH, type JournalEntry } from "./documents.ts";

/** The note of an entry that was written before its effects; what they did follows, or the worker died over them. */
export const AHEAD = "about to be written over";

export function entryOf(desk: Desk, decided: Decided, saw: string): JournalEntry {
  return {
    at: desk.now,
    saw,
    booking: decided.views.booking,
    event: decided.views.event,
    rule: decided.rule,
    effects: desk.done,
    ...(desk.done.length === 0 ? {} : { settled: desk.world.clock.now() }),
    ...(desk.done.length === 0 || desk.since === undefined ? {} : { since: desk.since }),
    lost: decided.lost,
    kept: decided.kept,
    ...(desk.note === undefined ? {} : { note: desk.note }),
  };
}

/**
 * When the change behind a decision was made: an event's by its calendar's time, a booking's by its source's, else when it
 * was first read so. Undefined where nobody says.
 */
export function changedAt({ map, booking }: Desk, { effects }: Pick<Decided, "effects">): Instant | undefined {
  if (effects.some(({ kind }) => kind === "move-booking" || kind === "cancel-booking")) {
    return map.event?.kind === "elsewhere" ? undefined : map.event?.updated;
  }
  const { seen, changed, statusSince } = booking;
  if (seen?.modified !== undefined) return seen.modified;
  return changed !== undefined && changed.before > statusSince ? changed.before : statusSince;
}

/** The journal with one more entry; it replaces what was noted ahead of the same turn. */
export function withEntry(desk: Desk, entry: JournalEntry): readonly JournalEntry[] {
  const { journal } = desk.map;
  const last = journal.at(-1);
  const before = last?.note === AHEAD && last.at === desk.now ? journal.slice(0, -1) : journal;
  return [...before, entry].slice(-JOURNAL_LENGTH);
}

/** What two maps noted of the same booking, in the order of time: nothing that was lost to an edit is forgotten (S49). */
export function joined(one: readonly JournalEntry[], other: readonly JournalEntry[]): readonly JournalEntry[] {
  return [...one, ...other].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).slice(-JOURNAL_LENGTH);
}
