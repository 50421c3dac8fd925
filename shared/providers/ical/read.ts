import type { SourceBooking, WantedBooking } from "../../ports/booking-source.ts";
import { isOfProperty } from "../../stays/stay-id.ts";
import { unreadRow } from "../unread-row.ts";
import { brokenFeed } from "./failures.ts";
import type { Home, Homes } from "./homes.ts";
import type { Settings } from "./schema.ts";
import { tellHome } from "./tell-home.ts";

/** What was read so lately is the truth for a single booking, too: a poll's bookings are read one after the other. */
const FRESH_MS = 60_000;

type Found = ReadonlyMap<string, SourceBooking | undefined>;

/** The truth about each, out of its home's feeds; an id that no home gives is unknown. */
export async function readStays(homes: Homes, settings: Settings, wanted: readonly WantedBooking[]): Promise<Found> {
  const found = new Map<string, SourceBooking | undefined>(wanted.map(({ id }) => [id, undefined]));
  for (const property of homes.properties) {
    const own = wanted.filter(({ id }) => isOfProperty(id, property));
    if (own.length === 0) continue;
    for (const [id, booking] of takeFrom(await homes.read(property, FRESH_MS), settings, own)) found.set(id, booking);
  }
  return found;
}

/** Throws the feed's failure where a stay cannot be looked for now: an error is never an absence (law 2). */
function takeFrom(home: Home, settings: Settings, wanted: readonly WantedBooking[]): Found {
  const { bookings, bad, unread } = tellHome(home, settings);
  return new Map(
    wanted.map((one) => {
      const booking = bookings.find(({ id }) => id === one.id);
      const row = bad.find(({ id }) => id === one.id);
      if (row !== undefined) return [one.id, unreadRow(`Feeds of ${home.property}: ${one.id}`, one, row)];
      const failure = failureFor(home, one.id, unread);
      if (failure !== undefined) throw failure;
      return [one.id, booking];
    }),
  );
}

function failureFor(home: Home, id: string, unread: readonly string[]): Error | undefined {
  const [first] = home.failed;
  const holder = home.feeds.find(({ memory }) => memory.known.some((stay) => stay.id === id));
  const own = home.failed.find(({ feed }) => feed === holder?.feed);
  if (own !== undefined) return own.error;
  if (holder === undefined && first !== undefined) return first.error;
  if (holder === undefined || !unread.includes(id) || isMissing(home, id)) return undefined;
  return brokenFeed(holder.feed, `whether ${id} still stands cannot be told from its last reading`);
}

/** A complete reading lacked it, be it of this moment or of the last minute. */
function isMissing({ feeds }: Home, id: string): boolean {
  return feeds.some(({ memory }) => memory.known.some((stay) => stay.id === id && stay.gone === "missing"));
}
