import { isError, LockstepError } from "../../errors.ts";
import type { SourceConnection } from "../../ports/provider.ts";
import type { Remembered } from "../../ports/source-memory.ts";
import { wallAt } from "../../series/wall-time.ts";
import { type Instant, later } from "../../sync/time.ts";
import { settleEchoes } from "./echoes.ts";
import { type FetchFeed, openFeeds } from "./fetch-feed.ts";
import { type FeedMemory, type HomeMemory, NOTHING_KNOWN, readMemory } from "./home-memory.ts";
import type { Feed, Settings } from "./schema.ts";
import { takeIn } from "./take-in.ts";

/** That a host still says the same is written down this often. */
const HEARTBEAT_MS = 60 * 60_000;
/** Instances that read the same home at once; more than that is no coincidence. */
const MAX_RACES = 4;

/** One home's feeds as they are known now, and how that went. */
export interface Home {
  readonly property: string;
  readonly at: Instant;
  /** In the order of the configuration; one that was never read is left out. */
  readonly feeds: readonly HomeFeed[];
  /** Feeds that could not be read now, with their reasons. */
  readonly failed: readonly { readonly feed: string; readonly error: LockstepError }[];
}

export interface HomeFeed {
  readonly feed: string;
  readonly memory: FeedMemory;
  /** The host was asked just now, and answered. */
  readonly isFresh: boolean;
}

export interface Homes {
  readonly properties: readonly string[];
  /**
   * What is known of a home, each of its feeds asked again where the last answer is older than `maxAgeMs`. A feed that
   * fails is told, and what was known of it stays. Throws our own store's failures alone.
   */
  read(property: string, maxAgeMs: number): Promise<Home>;
}

/** Opens the homes of an account without a call. Throws CONFIG_INVALID where a feed has no address. */
export function openHomes(connection: SourceConnection<Settings>): Homes {
  const fetchFeed = openFeeds(connection);
  const checked = new Map<string, { readonly digest: string; readonly at: Instant }>();
  const feeds = Object.entries(connection.settings.feeds);
  const opened: Opened = { connection, fetchFeed, checked, recent: new Map() };
  return {
    properties: [...new Set(feeds.map(([, { property }]) => property))],
    read: (property, maxAgeMs) => readHome(opened, property, maxAgeMs),
  };
}

interface Opened {
  readonly connection: SourceConnection<Settings>;
  readonly fetchFeed: FetchFeed;
  /** When this instance was last told that a feed is as it is, by the digest it was then. */
  readonly checked: Map<string, { readonly digest: string; readonly at: Instant }>;
  /** Each home's memory as it was recalled last. */
  readonly recent: Map<string, { readonly version: string; readonly known: HomeMemory }>;
}

async function readHome(opened: Opened, property: string, maxAgeMs: number): Promise<Home> {
  const { memory } = opened.connection;
  for (let races = 1; ; races++) {
    const recalled = await memory.read(property);
    const known = knownOf(opened, property, recalled);
    const asked = await askFeeds(opened, property, known, maxAgeMs);
    try {
      await keepHome(opened, property, recalled, known, asked);
      return asked.home;
    } catch (error) {
      // Another instance was faster: what it knows now is where this reading goes on from.
      if (!isError(error, "STORE_CONFLICT") || races >= MAX_RACES) throw error;
    }
  }
}

/** What was recalled, read once for each version. */
function knownOf({ recent }: Opened, property: string, recalled: Remembered<object> | undefined): HomeMemory {
  if (recalled === undefined) return NOTHING_KNOWN;
  const before = recent.get(property);
  if (before?.version === recalled.version) return before.known;
  const known = readMemory(recalled.data);
  recent.set(property, { version: recalled.version, known });
  return known;
}

interface Asked {
  readonly home: Home;
  readonly next: HomeMemory;
}

async function askFeeds(opened: Opened, property: string, known: HomeMemory, maxAgeMs: number): Promise<Asked> {
  const at = opened.connection.clock.now();
  const feeds: HomeFeed[] = [];
  const failed: Home["failed"][number][] = [];
  const own = Object.entries(opened.connection.settings.feeds).filter(([, feed]) => feed.property === property);
  for (const [name, feed] of own) {
    const before = known.feeds[name];
    try {
      feeds.push(await askFeed(opened, name, feed, before, { at, maxAgeMs }));
    } catch (error) {
      if (!(error instanceof LockstepError) || isError(error, "STORE_UNAVAILABLE")) throw error;
      failed.push({ feed: name, error });
      if (before !== undefined) feeds.push({ feed: name, memory: before, isFresh: false });
    }
  }
  const settled = settleEchoes(feeds, at);
  const next = { form: 1 as const, feeds: Object.fromEntries(settled.map(({ feed, memory }) => [feed, memory])) };
  return { home: { property, at, feeds: settled, failed }, next };
}

async function askFeed(
  { connection, fetchFeed, checked }: Opened,
  name: string,
  feed: Feed,
  before: FeedMemory | undefined,
  { at, maxAgeMs }: { readonly at: Instant; readonly maxAgeMs: number },
): Promise<HomeFeed> {
  const { timeZone: zone } = connection;
  if (before !== undefined && later(checkedAt(before, checked.get(name)), maxAgeMs) > at) {
    return { feed: name, memory: before, isFresh: false };
  }
  const { etag, lastModified } = before ?? {};
  const known = { ...(etag === undefined ? {} : { etag }), ...(lastModified === undefined ? {} : { lastModified }) };
  const fetched = await fetchFeed(name, known);
  const today = wallAt(at, zone).toPlainDate().toString();
  const memory = takeIn(before, fetched, { origin: { property: feed.property, feed: name }, feed, zone, at, today });
  checked.set(name, { digest: memory.digest, at });
  return { feed: name, memory, isFresh: true };
}

/** The later of what the memory and this very instance know, if it is of the same content. */
function checkedAt(memory: FeedMemory, own: { readonly digest: string; readonly at: Instant } | undefined): Instant {
  return own !== undefined && own.digest === memory.digest && own.at > memory.checkedAt ? own.at : memory.checkedAt;
}

/** Writes what changed; that nothing did only now and then (R12). */
async function keepHome(
  { connection }: Opened,
  property: string,
  recalled: Remembered<object> | undefined,
  known: HomeMemory,
  { next, home }: Asked,
): Promise<void> {
  const isSame = home.feeds.every(({ feed, memory }) => {
    const before = known.feeds[feed];
    if (before === undefined || later(before.checkedAt, HEARTBEAT_MS) <= memory.checkedAt) return false;
    return JSON.stringify({ ...before, checkedAt: "" }) === JSON.stringify({ ...memory, checkedAt: "" });
  });
  if (isSame && Object.keys(known.feeds).length === home.feeds.length) return;
  await connection.memory.save(property, next, recalled?.version);
}
