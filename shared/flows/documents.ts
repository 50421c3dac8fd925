import type { NewBooking, SourceBooking, SourceStatus } from "../ports/booking-source.ts";
import type { DocumentRef } from "../ports/store.ts";
import type { Occupancy, ReservationKind, Verdict } from "../sync/agenda.ts";
import type { Content, Field } from "../sync/content.ts";
import type { Effect, Question } from "../sync/decision.ts";
import type { EventObservation } from "../sync/event.ts";
import type { Base, MapStatus } from "../sync/event-map.ts";
import type { Missing } from "../sync/evidence.ts";
import type { Lost } from "../sync/merge.ts";
import type { RuleId } from "../sync/rule-id.ts";
import type { Instant, Span } from "../sync/time.ts";
import type { BookingView, EventView } from "../sync/view.ts";
import { documentId } from "./document-id.ts";
import type { SaidByMails } from "./enrichments.ts";
import type { AboutMail, MailQuestion } from "./mail-question.ts";

/** `{source}:{bookingId}`, the booking's name inside Lockstep. */
export type BookingKey = string;

/** Collection `bookings`: the last observation of a booking, of all its resources. */
export interface BookingDoc extends SaidByMails {
  readonly key: BookingKey;
  readonly source: string;
  readonly bookingId: string;
  /** Ids of the resources it is on; names that no resource has are left out. */
  readonly resources: readonly string[];
  /** As last read; undefined while the source has never shown it. */
  readonly seen?: Seen;
  /** Hash of the listing row or read that was handled last. */
  readonly hash?: string;
  readonly firstSeen: Instant;
  /** When its present status was first seen. */
  readonly statusSince: Instant;
  /** Between these two looks its content changed last (R14). */
  readonly changed?: { readonly after: Instant; readonly before: Instant };
  readonly readAt?: Instant;
  readonly formerIds: readonly string[];
  /** What was booked for a move and taken back: an event that bears such a name is still this booking's. */
  readonly undoneIds?: readonly string[];
  /** The key it lives on under, after a rebooking (R4, S07). */
  readonly supersededBy?: BookingKey;
  /** A rebooking under way: the only thing that claims. */
  readonly claim?: Claim;
  /** Our event on its way to another resource, its booking being moved after it: until then nobody makes a second one there. */
  readonly arriving?: { readonly resource: string; readonly until: Instant };
  /** Written before an event is removed, per resource, so that a crash in between is not taken for a person. */
  readonly ending?: Readonly<Record<string, string>>;
  /** Incarnation to start from where a map was given up. */
  readonly incarnations?: Readonly<Record<string, number>>;
  /** Delivery ids of the last webhooks handled, at most 10. */
  readonly deliveries: readonly string[];
}

export interface Seen {
  readonly status: SourceStatus | "absent";
  readonly span: Span;
  readonly fields: Readonly<Record<string, string>>;
  readonly version?: number;
  readonly kind?: ReservationKind;
  /** Nothing can be done to it at its source. */
  readonly fixed?: boolean;
  /** Id of the allocation it takes place in. */
  readonly within?: string;
  /** By the source's clock. */
  readonly modified?: Instant;
  /** Its absence is confirmed by as many listings as the policy asks (R8). */
  readonly missing?: boolean;
}

/** A rebooking: each step is saved before its call (R4). */
export interface Claim {
  /** Written into the new booking's notes; `{old id}-{random}`. */
  readonly marker: string;
  readonly step: "book" | "verify" | "drop" | "undo";
  /** When the move began: a booking that was known before is none of its making. */
  readonly begun: Instant;
  /** The resource whose worker carries it out. */
  readonly from: string;
  /** Where it goes to. */
  readonly span: Span;
  readonly resource: string;
  /** The booking as it was before, to compare with and to go back to. */
  readonly old: SourceBooking;
  readonly newId?: string;
  /** Its notes do not say that it is this move's: perhaps staff booked it. */
  readonly byPlace?: boolean;
  /** The id it was booked under, where staff rescheduled it as `newId` meanwhile. */
  readonly bookedAs?: string;
  /** The new time overlaps the booking's own old slot: the old one is cancelled first (S63). */
  readonly dropFirst: boolean;
  /** The time that was wished, where it went to somebody else and the old one is booked again. */
  readonly wished?: Span;
  /** The old booking was cancelled by us: saved where what follows fails, so that nobody is asked who did it. */
  readonly given?: boolean;
  /** Taken up again, the old booking was found cancelled: by us or by the guest, nobody can tell (S62). */
  readonly unsure?: boolean;
  /** Calendar edits that go to the event along with the new id. */
  readonly patch: Content;
  /** Another worker may take over after this instant. */
  readonly until: Instant;
}

/** Collection `eventMaps`: one per (booking, resource). Top-level scalars are what is queried. */
export interface EventMap {
  readonly key: BookingKey;
  readonly source: string;
  readonly bookingId: string;
  readonly resource: string;
  readonly calendarId: string;
  /** The event of the present incarnation, "" where there is none. */
  readonly eventId: string;
  readonly incarnation: number;
  /** The key that the last event made for this map carries, where the provider chose its id; else as `eventId`. */
  readonly eventKey?: string;
  /** Keys under which an insert was begun and nobody ever learned what it made: an event with one of them is ours. */
  readonly unlearned?: readonly string[];
  /** An imported event is ours though it does not say so: its marker is still to be written, or never will be, since it is one day of people's series, which a marker would take out of it. */
  readonly marker?: "owed" | "waived";
  /** Its event is people's own: nothing takes it away but its booking's end. */
  readonly imported?: boolean;
  /** iCalUIDs of the events that this map had, the present one's last: one that comes back is ours, a copy has another. */
  readonly uids?: readonly string[];
  /** An insert that was begun and not yet seen to have worked (R2), with what it was to say. */
  readonly intent?: { readonly eventId: string; readonly at: Instant; readonly content: Content };
  /** The time that a move in place was about to give the booking: found there, the event had said so (R2). */
  readonly moving?: Span;
  readonly event?: EventObservation;
  readonly base?: Base;
  readonly status: MapStatus;
  /** Something is left to do, from `nextAttempt` on. */
  readonly dirty: boolean;
  readonly nextAttempt: Instant;
  readonly attempts: number;
  /** How many of them the provider refused for good; so many and it is given up (S27). */
  readonly refusals?: number;
  readonly error?: Failure;
  /** End of what the event shows, as an instant; "" without an event. Counted by the breaker. */
  readonly endsAt: Instant;
  /** Since when the present event exists. */
  readonly since: Instant;
  readonly restored: number;
  /** Where the booking has followed its event already, before this map could. Back here, it was moved since. */
  readonly followed?: string;
  readonly eventEdited?: Instant;
  readonly lastSource?: string;
  readonly lastSyncedAt?: Instant;
  readonly holdId?: string;
  /** The open review item about this map. */
  readonly reviewId?: string;
  /** What a person decided against the rule; valid for the booking's status of that time. */
  readonly overrule?: { readonly kind: "keep" | "restore"; readonly at: Instant };
  /** Its entry in the room's agenda, where its source tells kinds apart (S47). */
  readonly occupancy?: Occupied;
  /** An event kept after its booking's cancellation (policy `mark`), revived on re-enabling; beside `eventId`: about to be. */
  readonly markedEventId?: string;
  /** When it was written last, by the writer's clock: the live feed reads on from there. */
  readonly touchedAt?: Instant;
  /** The last 20, newest last (R12). */
  readonly journal: readonly JournalEntry[];
}

/** A reservation's entry in a room's agenda, and what the others there mean for it. */
export type Occupied = Omit<Occupancy, "key"> & Verdict;

/** What stopped the last try, and what was being done. */
export interface Failure {
  readonly code: string;
  readonly detail: string;
  readonly at: Instant;
  readonly rule?: RuleId;
  readonly effect?: Action;
}

export interface JournalEntry {
  readonly at: Instant;
  /** What made Lockstep look. */
  readonly saw: string;
  readonly booking: BookingView;
  readonly event: EventView;
  readonly rule: RuleId;
  readonly effects: readonly Done[];
  /** When what is carried here was changed: by its side's own time, else when it was first read. */
  readonly since?: Instant;
  /** When it was done, by the worker's clock. */
  readonly settled?: Instant;
  readonly lost: readonly Lost[];
  readonly kept: readonly Field[];
  readonly note?: string;
}

/** What can be done to either side; a booking is made by an import alone, which no decision asks for. */
export type Action = Effect["kind"] | "create-booking";

/** One effect and the provider's answer. */
export interface Done {
  readonly effect: Action;
  readonly answer: string;
}

export const JOURNAL_LENGTH = 20;

/** Collection `imports`: one per meeting of people's own that was to become a booking; its id is found by the meeting and by `key`. */
export interface ImportDoc {
  /** Under it the source makes the booking, once. */
  readonly key: string;
  /**
   * - `creating`: sent, or about to be; what became of it nobody knows yet.
   * - `done`: it is the booking `bookingKey`, and event and booking have their map.
   * - `refused`: the source will not have it; a person was told.
   * - `gone`: refused, and the meeting went.
   */
  readonly status: "creating" | "done" | "refused" | "gone";
  readonly source: string;
  readonly resource: string;
  readonly calendarId: string;
  readonly eventId: string;
  /** Unknown of a day of a series: it is told by its own id. */
  readonly iCalUid?: string;
  readonly isOfSeries?: true;
  /** What is sent, word for word, until there is an answer: the key goes with it. Forgotten once done. */
  readonly order?: NewBooking;
  /** What the event said then. */
  readonly shown: Content;
  readonly bookingKey?: BookingKey;
  /** The event's version that was ordered or refused. */
  readonly version: { readonly updated?: Instant; readonly etag?: string };
  readonly at: Instant;
  /** As in a map: not known what became of it, to be asked again from `nextAttempt` on. */
  readonly dirty: boolean;
  readonly nextAttempt: Instant;
  readonly attempts: number;
  readonly error?: Failure;
}

/** Collection `calendars`: what is known of one calendar. */
export interface CalendarDoc {
  readonly calendarId: string;
  readonly resource: string;
  readonly cursor?: string;
  readonly connectedAt: Instant;
  /** The hold with which a person lets the first connection go on; until then nothing is written to the calendar. */
  readonly waitsFor?: string;
  /** True where events of foreign ids were adopted: then foreign tombstones are looked up too (R13). */
  readonly adopted: boolean;
  readonly watch?: Watch;
  /** A channel that still overlaps the present one. */
  readonly formerWatch?: Watch;
  /** An operator stopped the channel: none is opened until somebody renews it. */
  readonly watchStopped?: { readonly by: string; readonly at: Instant };
  /** Why there is no channel, and when one was last tried. */
  readonly watchError?: { readonly reason: string; readonly at: Instant };
  readonly lastRead: Instant;
}

export interface Watch {
  readonly channelId: string;
  readonly resourceId: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  /** Last push seen through it, written at most every 15 minutes. */
  readonly lastPush?: Instant;
  /** A poll found an edit that no push had told of (S28). */
  readonly silent?: boolean;
}

/** Collection `snapshots`: one per source, what its last listings had (R8). */
export interface SnapshotDoc {
  readonly source: string;
  readonly entries: Readonly<Record<string, SnapshotEntry>>;
  readonly lastSuccess: Instant;
  /** Subjects of the alerts that stand for what the source noticed last, by kind: `kind~subject`. */
  readonly notices?: readonly string[];
}

export interface SnapshotEntry {
  readonly hash: string;
  readonly span: Span;
  readonly resources: readonly string[];
  readonly status: SourceStatus | "bad";
  readonly customer?: string;
  readonly missing?: Missing;
  /** Its absence was reported with evidence. */
  readonly reported?: boolean;
}

/** Collection `holds`: decisions that wait for a person. */
export interface HoldDoc {
  readonly id: string;
  readonly kind: "breaker" | "adoption";
  readonly scope: string;
  readonly status: "open" | "approved" | "rejected" | "undone";
  readonly openedAt: Instant;
  readonly decidedAt?: Instant;
  readonly decidedBy?: string;
  /** Approved, its bookings are cancelled from then on; until then undo takes nothing away. Gone once they were asked for. */
  readonly carryOutAt?: Instant;
  /** Decided, something may be left to be asked for: from then on by the job. Gone once nothing is. */
  readonly takeUpAt?: Instant;
  /** What undoing booked again, where that gave a new id. */
  readonly rebooked?: readonly { readonly bookingId: string; readonly newId: string }[];
  readonly items: readonly HeldItem[];
  /** For an adoption preview: how many events there are left alone. */
  readonly foreign?: number;
  /** What the first connection means beside its `items`, where it was counted. */
  readonly creates?: number;
  readonly imports?: number;
}

export interface HeldItem {
  readonly key: BookingKey;
  readonly bookingId: string;
  readonly source: string;
  readonly resource: string;
  readonly calendarId: string;
  readonly eventId: string;
  readonly would: "cancel-booking" | "remove-event" | "adopt-event";
  readonly reason: string;
}

/** Collection `reviewItems`: what needs a person. The id says what it is about, so that one matter is one item. */
export interface ReviewItem extends AboutMail {
  readonly id: string;
  readonly kind:
    | Question
    | "quarantined"
    | "copied-event"
    | "twin-removed"
    | "rebooking-failed"
    | "cancelled-while-moving"
    | "slot-taken"
    | "import-refused"
    | "undo-failed"
    | MailQuestion;
  readonly status: "open" | "resolved";
  readonly openedAt: Instant;
  readonly detail: string;
  readonly key?: BookingKey;
  readonly resource?: string;
  readonly calendarId?: string;
  readonly eventId?: string;
  readonly lost?: readonly Lost[];
  readonly resolvedAt?: Instant;
  readonly resolvedBy?: string;
}

/** Collection `alerts`: one document per kind and subject. */
export interface AlertDoc {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly detail: string;
  readonly status: "open" | "acknowledged" | "closed";
  /** When the workspace's webhook took it. */
  readonly deliveredAt?: Instant;
  readonly openedAt: Instant;
  readonly acknowledgedBy?: string;
}

export function bookingKey(source: string, bookingId: string): BookingKey {
  return `${source}:${bookingId}`;
}

export function bookingRef(key: BookingKey): DocumentRef {
  return { collection: "bookings", id: documentId(key) };
}

export function mapRef(key: BookingKey, resource: string): DocumentRef {
  return { collection: "eventMaps", id: documentId(`${key}~${resource}`) };
}

export function agendaRef(resource: string, week: string): DocumentRef {
  return { collection: "agendas", id: documentId(`${resource}~${week}`) };
}

export function calendarRef(calendarId: string): DocumentRef {
  return { collection: "calendars", id: documentId(calendarId) };
}

/** `id` as `import-key.ts` gives it. */
export function importRef(id: string): DocumentRef {
  return { collection: "imports", id };
}

export function snapshotRef(source: string): DocumentRef {
  return { collection: "snapshots", id: source };
}

export function holdRef(id: string): DocumentRef {
  return { collection: "holds", id: documentId(id) };
}

export function reviewRef(id: string): DocumentRef {
  return { collection: "reviewItems", id: documentId(id) };
}

export function alertRef(id: string): DocumentRef {
  return { collection: "alerts", id: documentId(id) };
}
