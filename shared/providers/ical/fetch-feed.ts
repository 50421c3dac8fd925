import type { SourceConnection } from "../../ports/provider.ts";
import { openPause, type Paused, retry } from "../retry.ts";
import { feedAddress, unusable } from "./address.ts";
import { brokenFeed, networkError, statusError } from "./failures.ts";
import { collect, type Get, type Got, guardedGet } from "./guarded-get.ts";
import type { Settings } from "./schema.ts";

/** Where `root` points while the feeds' own addresses hold (RFC 2606). */
export const EVERYWHERE = "https://feeds.invalid";
const MAX_REDIRECTS = 3;
const AGENT = "Lockstep (calendar synchronisation)";

/** By what a host tells whether its feed changed. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

export type Fetched =
  | { readonly kind: "unchanged" }
  | { readonly kind: "content"; readonly bytes: Uint8Array; readonly validators: Validators };

/** Asks one feed, politely: only for what is new, and not before a host wants to be asked again. Throws what the port documents. */
export type FetchFeed = (feed: string, known: Validators) => Promise<Fetched>;

/**
 * Opens the way to the feeds without a call. A stand-in (`ICAL_ROOT`) has each feed as `{root}/{feed}.ics`; there
 * the connection's own transport is used, and no hop leaves the stand-in.
 */
export function openFeeds(connection: SourceConnection<Settings>): FetchFeed {
  const { clock, root } = connection;
  const isReal = root === EVERYWHERE;
  const get = isReal ? guardedGet : standInGet(connection.fetch);
  const pauses = new Map<string, Paused>();
  return (feed, known) => {
    const unlessPaused = pauses.get(feed) ?? openPause(clock, `Feed ${feed}`);
    pauses.set(feed, unlessPaused);
    const next = (text: string, base?: URL) =>
      isReal ? feedAddress(feed, text, base) : withinRoot(feed, root, text, base);
    return unlessPaused(() => retry(clock, () => attempt({ connection, feed, known, get, next })));
  };
}

interface Attempt {
  readonly connection: SourceConnection<Settings>;
  readonly feed: string;
  readonly known: Validators;
  readonly get: Get;
  /** The address to go to; every hop passes here. */
  readonly next: (text: string, base?: URL) => URL;
}

async function attempt({ connection, feed, known, get, next }: Attempt): Promise<Fetched> {
  let url = next(await writtenAddress(connection, feed));
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const got = await once(get, feed, url, known);
    const to = got.status >= 300 && got.status < 400 && got.status !== 304 ? got.header("location") : null;
    if (to === null) return contentOf(connection, feed, got);
    url = next(to, url);
  }
  throw brokenFeed(feed, `it is redirected more than ${MAX_REDIRECTS} times`);
}

async function writtenAddress({ settings, secrets, root }: SourceConnection<Settings>, feed: string): Promise<string> {
  if (root !== EVERYWHERE) return `${root}/${feed}.ics`;
  const secret = settings.feeds[feed]?.urlSecret;
  if (secret === undefined) throw unusable(feed, "it has no urlSecret");
  return secrets.read(secret);
}

async function once(get: Get, feed: string, url: URL, { etag, lastModified }: Validators): Promise<Got> {
  try {
    return await get(url, {
      accept: "text/calendar, text/plain;q=0.5, */*;q=0.1",
      "user-agent": AGENT,
      ...(etag === undefined ? {} : { "if-none-match": etag }),
      ...(lastModified === undefined ? {} : { "if-modified-since": lastModified }),
    });
  } catch (error) {
    throw networkError(feed, error);
  }
}

function contentOf({ clock }: SourceConnection<Settings>, feed: string, got: Got): Fetched {
  if (got.status === 304) return { kind: "unchanged" };
  if (got.status !== 200) throw statusError(feed, got, clock);
  const [etag, lastModified] = [got.header("etag"), got.header("last-modified")];
  return {
    kind: "content",
    bytes: got.body,
    validators: { ...(etag === null ? {} : { etag }), ...(lastModified === null ? {} : { lastModified }) },
  };
}

/** The transport that was given, one hop at a time. */
function standInGet(send: typeof fetch): Get {
  return async (url, headers) => {
    const response = await send(url, { headers, redirect: "manual" });
    const { status, body } = response;
    const bytes = body === null ? new Uint8Array() : await collect(body);
    return { status, header: (name) => response.headers.get(name), body: bytes };
  };
}

function withinRoot(feed: string, root: string, text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url === null || url.origin !== new URL(root).origin) throw unusable(feed, "it leaves the stand-in");
  return url;
}
