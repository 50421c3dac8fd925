export type AccessRole = "none" | "freeBusyReader" | "reader" | "writerWithoutPrivateAccess" | "writer" | "owner";

export interface CalendarRow {
  readonly id: string;
  readonly summary: string;
  readonly timeZone: string;
  readonly accessRole: AccessRole;
  /** Names the collection in push messages. */
  readonly resourceId: string;
  /** Raised by every change of one of its events. */
  readonly change: number;
  /** Sync tokens of an older epoch answer 410. */
  readonly tokenEpoch: number;
  readonly updated: string;
}

export type EventStatus = "confirmed" | "tentative" | "cancelled";

/** An event as stored: what clients write in `body`, already normalised; what the server adds beside it. */
export interface EventRow {
  readonly id: string;
  readonly calendarId: string;
  readonly iCalUID: string;
  readonly status: EventStatus;
  /** The calendar's `change` when it was last touched; never the same for two states of an event. */
  readonly change: number;
  /** Place in unsorted lists. */
  readonly order: number;
  readonly created: string;
  /** ISO, milliseconds, strictly growing per event. */
  readonly updated: string;
  readonly sequence: number;
  readonly body: EventBody;
  readonly startMs: number;
  readonly endMs: number;
  /** Set on a changed or cancelled instance of a series. */
  readonly recurringEventId?: string;
  readonly originalStartTime?: EventTime;
}

/** Writable fields in the words of the API. */
export interface EventBody {
  readonly start: EventTime;
  readonly end: EventTime;
  readonly recurrence?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly location?: string;
  readonly transparency?: string;
  readonly visibility?: string;
  readonly eventType?: string;
  readonly extendedProperties?: ExtendedProperties;
  readonly [field: string]: unknown;
}

export interface ExtendedProperties {
  readonly private?: Readonly<Record<string, string>>;
  readonly shared?: Readonly<Record<string, string>>;
}

/** Either an all-day date (ends are exclusive) or an instant (UTC, whole seconds) with the zone given. */
export interface EventTime {
  readonly date?: string;
  readonly dateTime?: string;
  readonly timeZone?: string;
}

export interface ChannelRow {
  readonly id: string;
  readonly resourceId: string;
  readonly calendarId: string;
  readonly address: string;
  readonly token?: string;
  readonly expiresMs: number;
  readonly messages: number;
  /** Open, yet nothing is sent: what S28 calls active but silent. */
  readonly silent: boolean;
}
