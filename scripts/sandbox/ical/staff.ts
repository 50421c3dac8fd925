import { z } from "zod";
import { readControl } from "../read-control.ts";
import { json, Refusal, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { type EntryRow, HOSTS } from "./rows.ts";
import { entriesOf, feedNamed, putFeed } from "./shelves.ts";

const Day = z.iso.date();
const Instant = z.iso.datetime();

const Feed = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  host: z.enum(HOSTS),
  uids: z.enum(["stable", "dates", "daily", "fetch"]).default("stable"),
  cancelled: z.enum(["vanishes", "stays"]).default("vanishes"),
  daysBack: z.number().int().min(0).default(0),
  windowDays: z.number().int().min(1).nullable().default(null),
  noticeDays: z.number().int().min(0).default(0),
  imports: z.array(z.string()).default([]),
});

const Taken = z.strictObject({
  feed: z.string(),
  start: Day,
  end: Day,
  startTime: Instant.exactOptional(),
  endTime: Instant.exactOptional(),
  guest: z.string().default(""),
  code: z.string().default(""),
  phone: z.string().default("0000"),
  notes: z.string().default(""),
});

const Named = z.strictObject({ feed: z.string(), id: z.string() });
const Changed = z.strictObject({
  feed: z.string(),
  id: z.string(),
  start: Day.exactOptional(),
  end: Day.exactOptional(),
  startTime: Instant.exactOptional(),
  endTime: Instant.exactOptional(),
  guest: z.string().exactOptional(),
  notes: z.string().exactOptional(),
});

/** What guests and hosts do at the portals; a feed shows it from its next fetch on. */
export const HOST_ACTIONS: Readonly<Record<string, (call: Call) => Reply>> = {
  feed(call) {
    const feed = readControl(call, Feed);
    putFeed(call.world, feed);
    return json(200, feed);
  },
  book: (call) => put(call, "stay"),
  block: (call) => put(call, "block"),
  move: change,
  edit: change,
  cancel: (call) => replaced(call, readControl(call, Named), { cancelled: true }),
  enable: (call) => replaced(call, readControl(call, Named), { cancelled: false }),
  /** Vanishes without a trace, a block that is opened again for one. */
  remove(call) {
    const { feed, id } = readControl(call, Named);
    entriesOf(call.world).remove(feed, entryNamed(call, feed, id).id);
    return json(200, { id });
  },
};

function put(call: Call, kind: EntryRow["kind"]): Reply {
  const { world } = call;
  const taken = readControl(call, Taken);
  if (feedNamed(world, taken.feed) === undefined) refuse(`There is no feed ${taken.feed}.`);
  if (taken.end < taken.start) refuse("The end is before the start.");
  const id = `e-${world.next("ical-entry")}`;
  const row: EntryRow = { ...taken, id, kind, cancelled: false, moves: 0, changedAt: nowOf(call) };
  entriesOf(world).put(taken.feed, id, row);
  return json(200, row);
}

function change(call: Call): Reply {
  const { feed, id, ...changes } = readControl(call, Changed);
  return replaced(call, { feed, id }, changes);
}

function replaced(call: Call, { feed, id }: z.output<typeof Named>, changes: Partial<EntryRow>): Reply {
  const before = entryNamed(call, feed, id);
  const row: EntryRow = { ...before, ...changes, moves: before.moves + 1, changedAt: nowOf(call) };
  entriesOf(call.world).put(feed, id, row);
  return json(200, row);
}

function entryNamed({ world }: Call, feed: string, id: string): EntryRow {
  return entriesOf(world).get(feed, id) ?? refuse(`There is no entry ${id} in ${feed}.`);
}

function refuse(message: string): never {
  throw new Refusal(json(400, { Message: message }));
}

function nowOf({ world }: Call): string {
  return new Date(world.now()).toISOString();
}
