import type { Content, Field } from "../sync/content.ts";
import type { Instant, Span } from "../sync/time.ts";

/**
 * What a calendar holds. All reads and writes may throw PROVIDER_UNAVAILABLE (5xx, time-out, broken
 * answer), PROVIDER_RATE_LIMITED (with `retryAfterMs` where told), PROVIDER_UNAUTHORIZED (401) and
 * PROVIDER_FORBIDDEN (403: invisible or not writable). An error is never an absence (law 2).
 */
export interface CalendarEvent {
  readonly id: string;
  readonly calendarId: string;
  /** The same on every calendar the event is moved to; unknown on bare tombstones. */
  readonly iCalUid?: string;
  readonly state: "live" | "deleted";
  /** For conditional writes; unknown on bare tombstones. */
  readonly etag?: string;
  /** The provider's own modification time, an ordered version; unknown on bare tombstones. */
  readonly updated?: Instant;
  /** As the provider returned it. Empty on tombstones. */
  readonly content: Content;
  /** Private properties (Google: `extendedProperties.private`). On a tombstone only where the provider still shows them. */
  readonly properties: Readonly<Record<string, string>>;
  /** What Lockstep leaves alone even with a marker, e.g. one instance of a series. */
  readonly series?: "master" | "instance";
  /** Why the content could not be read (S41); such an event is quarantined alone. */
  readonly unreadable?: string;
  /** Only those invited may know what it is about. */
  readonly isPrivate?: true;
  /** Of a live event that takes the room: not of one shown as free, or that the room did not accept. */
  readonly meeting?: Meeting;
}

/** What beside its content a booking made of it would be told. */
export interface Meeting {
  /** Who called it; without a name, by the address. */
  readonly organiser?: { readonly name: string; readonly email?: string };
  /** What people file it under (Outlook's categories). */
  readonly categories: readonly string[];
  /** Its description as plain text, where the content holds markup. */
  readonly notes?: string;
}

export interface CalendarPage {
  readonly events: readonly CalendarEvent[];
  /** Set on every page but the last. */
  readonly nextPage?: string;
  /** Set on the last page only: where the next incremental listing starts. */
  readonly cursor?: string;
  /**
   * Where a listing reaches no further than this, in a first listing: what ends later may be there without
   * being listed, so its absence from the listing says nothing. Unknown: everything from `from` on is listed.
   */
  readonly until?: Instant;
  readonly access: CalendarAccess;
}

/** `writer` may write; anything less is an error, never a change of content (R10). */
export type CalendarAccess = "writer" | "reader";

export interface CalendarReader {
  /**
   * One page of changes since `cursor`, or of everything from `from` on when there is none. Deleted
   * events are included after a cursor. Throws CURSOR_EXPIRED (410): list again without a cursor.
   */
  changes(query: {
    readonly calendarId: string;
    readonly cursor?: string;
    readonly page?: string;
    /** Start of the window of a first listing; events ending before it are left out. */
    readonly from: Instant;
  }): Promise<CalendarPage>;
  /** The event, a tombstone where the provider still shows one, undefined on 404 (absent *or* invisible). */
  get(calendarId: string, eventId: string): Promise<CalendarEvent | undefined>;
  /** Live events by one private property's value, or by iCalUID. */
  find(
    calendarId: string,
    by: { readonly property: string; readonly value: string } | { readonly iCalUid: string },
  ): Promise<CalendarEvent[]>;
}

/** What a calendar does its own way: declared, so that nobody has to assume it. */
export interface CalendarCapabilities {
  /**
   * False: an event gets the id that `insert` is given. True: the provider chooses the id, and the one given is
   * the event's *key*: repeated soon, an insert under the same key makes no second event, and later the caller
   * looks first, by a property of its own that holds the key.
   */
  readonly assignsIds: boolean;
  /** Whether listings show each day of a series by itself; else its master, and the days that differ from it. */
  readonly listsDays: boolean;
  /** Whether a deleted event can still be read, as deleted: then one that cannot is no proof of anything yet. */
  readonly tombstones: boolean;
  /** Fields that people can author there. The others read as unknown: the provider rewrites them at will (R3, S48). */
  readonly authored: readonly Field[];
  /** The function that takes its pushes. */
  readonly pushEdge: "gcal-push" | "graph-push";
}

export interface CalendarWriter {
  readonly capabilities: CalendarCapabilities;
  /**
   * Answers the event with the id it has. Throws EVENT_EXISTS (409) where the id is or ever was taken on this
   * calendar, `repeated` where perhaps by this very call; of a key only as long as the provider remembers it, and it may
   * answer the event of the first insert instead.
   */
  insert(event: {
    readonly calendarId: string;
    readonly id: string;
    readonly content: Content;
    readonly properties: Readonly<Record<string, string>>;
  }): Promise<CalendarEvent>;
  /**
   * Changes the named fields alone, in place, without notifying anybody. Throws EVENT_CHANGED (412)
   * and EVENT_MISSING (404, 410). A null property is removed.
   */
  patch(event: {
    readonly calendarId: string;
    readonly id: string;
    readonly etag?: string;
    readonly content: Content;
    readonly properties?: Readonly<Record<string, string | null>>;
    /** True: shown as free and struck out of the day (cancellation policy `mark`); false: busy again. */
    readonly free?: boolean;
  }): Promise<CalendarEvent>;
  /** Throws EVENT_CHANGED (412). 404 and 410 are success: "already-gone" (S08). */
  remove(event: {
    readonly calendarId: string;
    readonly id: string;
    readonly etag?: string;
  }): Promise<"removed" | "already-gone">;
}

export interface CalendarWatcher {
  /** Opens a push channel. Throws WATCH_REFUSED where the provider will not push to that address. */
  watch(channel: {
    readonly calendarId: string;
    readonly id: string;
    readonly address: string;
    readonly token: string;
    readonly ttlSeconds: number;
  }): Promise<{ readonly resourceId: string; readonly expiresAt: Instant }>;
  /** Success also where the channel is unknown or expired. */
  stop(channel: { readonly id: string; readonly resourceId: string }): Promise<void>;
}

/** A calendar that an account could keep in step, as its provider tells of it. */
export interface FoundCalendar {
  /** As `calendar` of a resource. */
  readonly id: string;
  readonly name: string;
  readonly kind: "room" | "group";
  /** The list it is found in, e.g. a building. */
  readonly list?: string;
  /** How many people it takes. */
  readonly capacity?: number;
}

export interface BusyTime {
  readonly start: Instant;
  readonly end: Instant;
}

/** What there is to be connected, for whoever sets resources up. */
export interface CalendarDirectory {
  list(): Promise<readonly FoundCalendar[]>;
  /** When each is taken, events that nobody may read included. Undefined: that one cannot be told. */
  busy(
    calendarIds: readonly string[],
    span: Extract<Span, { kind: "timed" }>,
  ): Promise<ReadonlyMap<string, readonly BusyTime[] | undefined>>;
}

export type Calendar = CalendarReader &
  CalendarWriter &
  CalendarWatcher & {
    /** Left out where the provider lists no calendars. */
    readonly directory?: CalendarDirectory;
  };
