/** A mailbox: a room's, or a person's. */
export interface MailboxRow {
  /** The directory's id (a GUID); in paths the e-mail address serves as well. */
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  /** IANA; where all-day events and free/busy of this mailbox are meant. */
  readonly timeZone: string;
  readonly room?: RoomTraits;
  /** Raised by every change of one of its events. */
  readonly change: number;
  /** Delta tokens of an older epoch are no longer good. */
  readonly deltaEpoch: number;
  /** No subscription on it is granted (S48). */
  readonly refusesSubscriptions: boolean;
}

export interface RoomTraits {
  readonly capacity: number;
  readonly building: string;
  /** E-mail address of the room list it stands in. */
  readonly list?: string;
}

export interface RoomListRow {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
}

/** An event as stored in one mailbox. Deleted ones and cancelled occurrences stay, as tombstones. */
export interface EventRow {
  /** Names it for ever in this mailbox; both kinds of ids are made of it. An exception's is `<master>_20270110`. */
  readonly key: string;
  readonly mailbox: string;
  /** Raised when the item is filed elsewhere in its mailbox: ids change, immutable ids stay. */
  readonly filing: number;
  /** Common to the copies of one meeting in several mailboxes. */
  readonly meeting: string;
  /** The mailbox's `change` when it was last touched. */
  readonly change: number;
  readonly created: string;
  /** ISO, milliseconds, strictly growing per event. */
  readonly updated: string;
  readonly deleted: boolean;
  /** Of a meeting whose organiser cancelled it. */
  readonly cancelled: boolean;
  readonly organizer: Person;
  /** What the mailbox answered; `organizer` where it is its own event. */
  readonly response: "organizer" | "accepted" | "tentativelyAccepted" | "declined" | "none";
  readonly body: EventBody;
  readonly properties: Readonly<Record<string, string>>;
  readonly span: Span;
  readonly series?: Series;
  /** Set on a day of a series. */
  readonly day?: DayOfSeries;
  readonly transactionId?: string;
}

export interface DayOfSeries {
  /** The master's key. */
  readonly master: string;
  readonly date: string;
  readonly originalStartMs: number;
  /** True where it was changed or cancelled by itself, and so is stored. */
  readonly changed?: true;
}

export interface Person {
  readonly name: string;
  readonly address: string;
}

/** When it is: wall time in a zone, and the same in epoch milliseconds. */
export interface Span {
  /** `2027-01-10T09:00:00`, no offset. */
  readonly start: string;
  readonly end: string;
  /** IANA. */
  readonly startZone: string;
  readonly endZone: string;
  /** The zones' names as they were sent. */
  readonly startZoneSent: string;
  readonly endZoneSent: string;
  readonly isAllDay: boolean;
  readonly startMs: number;
  readonly endMs: number;
}

/** Writable fields in the words of the API, times and recurrence apart. */
export interface EventBody {
  readonly subject: string;
  readonly body: { readonly contentType: "text" | "html"; readonly content: string };
  readonly location: Readonly<Record<string, unknown>>;
  readonly attendees: readonly Attendee[];
  readonly showAs: string;
  readonly sensitivity: string;
  readonly importance: string;
  readonly categories: readonly string[];
  readonly isReminderOn: boolean;
  readonly reminderMinutesBeforeStart: number;
  readonly responseRequested: boolean;
  readonly allowNewTimeProposals: boolean;
  readonly hideAttendees: boolean;
}

export interface Attendee {
  readonly type: string;
  readonly emailAddress: Person;
}

export type Weekday = "sunday" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday";

/** A recurrence as written: the pattern of days, and from when to when. */
export interface Series {
  readonly pattern: Pattern;
  readonly range: Range;
}

export interface Pattern {
  readonly type: "daily" | "weekly" | "absoluteMonthly" | "relativeMonthly" | "absoluteYearly" | "relativeYearly";
  readonly interval: number;
  readonly daysOfWeek: readonly Weekday[];
  readonly firstDayOfWeek: Weekday;
  readonly index: "first" | "second" | "third" | "fourth" | "last";
  readonly dayOfMonth: number;
  readonly month: number;
}

export interface Range {
  readonly type: "endDate" | "noEnd" | "numbered";
  readonly startDate: string;
  /** `0001-01-01` where there is none. */
  readonly endDate: string;
  readonly numberOfOccurrences: number;
  /** IANA. */
  readonly recurrenceTimeZone: string;
}

export interface SubscriptionRow {
  readonly id: string;
  /** As the client wrote it. */
  readonly resource: string;
  readonly mailbox: string;
  readonly changeTypes: readonly ChangeType[];
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl?: string;
  readonly clientState?: string;
  readonly expiresMs: number;
  readonly applicationId: string;
  /** Made with `Prefer: IdType="ImmutableId"`: notifications name immutable ids. */
  readonly immutable: boolean;
  /**
   * `silent`: open, yet nothing is sent (S28); `slow`: all comes late; `dropping`: lost for good;
   * `unauthorized`: paused until it is reauthorized.
   */
  readonly delivery: "normal" | "silent" | "slow" | "dropping" | "unauthorized";
}

export type ChangeType = "created" | "updated" | "deleted";

export interface TokenRow {
  readonly applicationId: string;
  readonly expiresMs: number;
}

/** A mail that Exchange would have sent. */
export interface MailRow {
  readonly at: string;
  readonly kind: "invitation" | "update" | "cancellation";
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
}

/** How an address answered lately. */
export interface EndpointRow {
  readonly answers: readonly { readonly atMs: number; readonly slow: boolean }[];
}
