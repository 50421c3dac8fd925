import type { Call } from "../world.ts";
import { dayFromNow } from "./days.ts";
import type { EntryRow, FeedRow } from "./rows.ts";
import { entriesOf } from "./shelves.ts";

/** Days until which hosts open their calendars. */
const YEAR = 365;

/** What a host lists at this moment: its own entries within its window, closures by rule, and what it imports. */
export function listedEntries(call: Call, feed: FeedRow): EntryRow[] {
  const { world } = call;
  const today = dayFromNow(world);
  const oldest = dayFromNow(world, -feed.daysBack);
  const own = entriesOf(world)
    .all(feed.name)
    .filter(({ cancelled }) => !cancelled || feed.cancelled === "stays")
    .filter(({ end }) => end > oldest);
  const cut = feed.uids === "daily" ? own.map((entry) => fromToday(entry, today)) : own;
  return [...cut, ...importedBlocks(call, feed, oldest), ...rulesOf(call, feed)].sort((a, b) =>
    a.start < b.start ? -1 : 1,
  );
}

/** The nights that are over are gone. */
function fromToday(entry: EntryRow, today: string): EntryRow {
  return entry.start < today && today < entry.end ? { ...entry, start: today } : entry;
}

function importedBlocks({ world }: Call, feed: FeedRow, oldest: string): EntryRow[] {
  return feed.imports
    .flatMap((name) => entriesOf(world).all(name))
    .filter(({ cancelled, kind, end }) => !cancelled && kind === "stay" && end > oldest)
    .map((entry) => ({ ...blank(`import-${entry.id}`, feed), start: entry.start, end: entry.end }));
}

function rulesOf({ world }: Call, feed: FeedRow): EntryRow[] {
  const { noticeDays, windowDays } = feed;
  const today = dayFromNow(world);
  const notice = { ...blank(`notice-${today}`, feed), start: today, end: dayFromNow(world, noticeDays) };
  const from = dayFromNow(world, windowDays ?? 0);
  const window = { ...blank(`window-${from}`, feed), start: from, end: dayFromNow(world, YEAR) };
  return [...(noticeDays > 0 ? [notice] : []), ...(windowDays === null ? [] : [window])];
}

export function blank(id: string, { name }: Pick<FeedRow, "name">): EntryRow {
  return {
    ...{ id, feed: name, kind: "block", start: "", end: "", guest: "", code: "", phone: "", notes: "" },
    ...{ cancelled: false, moves: 0, changedAt: "2027-01-01T00:00:00.000Z" },
  };
}
