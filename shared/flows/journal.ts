import type { Decided } from "../sync/decide.ts";
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
    lost: decided.lost,
    kept: decided.kept,
    ...(desk.note === undefined ? {} : { note: desk.note }),
  };
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
