import type { TownDay } from "./town-day.ts";

/** What a day in the municipality has to show for itself: how often each thing happened. */
export interface DaysWork {
  readonly did: TownDay["did"];
  /** Lockstep's own calls by operation, and those of them that failed. */
  readonly calls: ReadonlyMap<string, number>;
  readonly failed: number;
  /** Reservations and people's events that were there before Lockstep came. */
  readonly before: number;
  readonly strangers: number;
}

/** One row of a requirement document about the sync itself, and what of the day exercised it. */
export interface Requirement {
  readonly row: string;
  readonly by: (day: DaysWork) => number;
}

const did =
  (...deeds: readonly string[]) =>
  (day: DaysWork) =>
    Math.min(...deeds.map((deed) => day.did.get(deed) ?? 0));
const called = (operation: string) => (day: DaysWork) => day.calls.get(operation) ?? 0;

/**
 * Every sync row of `outlook-calendar-sync-plan.md` (by section) and `outlook-booking-sync-readme.md`. That it came out
 * right is the verdict on both sides; this says that it happened at all.
 */
export const REQUIREMENTS: readonly Requirement[] = [
  { row: "plan §2: events are created, changed, deleted", by: did("book", "move", "cancel") },
  { row: "plan §2, §11: all-day events, midnight in the room's zone", by: did("whole day") },
  { row: "plan §2, §11: cancellations", by: did("cancel", "erase") },
  { row: "plan §2: a reservation of several rooms is on each of their calendars", by: did("two rooms") },
  { row: "plan §3: booking system to Outlook", by: called("events.create") },
  { row: "plan §3: Outlook to booking system", by: called("changeReservation") },
  { row: "plan §3, §13, readme: meetings made in Outlook become reservations, once", by: called("createReservation") },
  {
    row: "plan §3: such a meeting is moved from either side, and called off",
    by: did("drag meeting", "move meeting", "call off"),
  },
  { row: "plan §3: both directions at once, each field by who changed it", by: did("both") },
  { row: "plan §4: Graph's subscriptions tell of changes", by: called("subscriptions.create") },
  { row: "plan §4: the booking system tells of changes as they happen", by: did("move", "contact") },
  { row: "plan §4: what nobody told of is found by looking", by: did("notify-lost") },
  { row: "plan §5: each room has its calendar", by: did("other-room") },
  { row: "plan §5: three levels: event, booking, allocation", by: did("event", "booking", "allocation") },
  { row: "plan §5: title from type and organisation; description by type", by: did("contact", "words") },
  { row: "plan §5, §11: times of Europe/Oslo, from whatever zone they are sent in", by: did("drag") },
  { row: "plan §5: organiser's name and e-mail in the text, never invited", by: did("contact") },
  { row: "plan §5, §7: BookingSystemType and BookingSystemId on every event", by: called("events.create") },
  { row: "plan §6: the booking system has authority", by: did("collide") },
  {
    row: "plan §7: no loop: what people write in Outlook stays, our own writes come back as nothing",
    by: did("rename", "write"),
  },
  { row: "plan §7: changes of both sides at once lock nothing up", by: did("both", "collide") },
  { row: "plan §8: failed calls are tried again, later and later", by: (day) => day.failed },
  { row: "plan §8: an error never stops the others", by: (day) => day.failed },
  { row: "plan §11: soft delete and re-enabling", by: did("enable") },
  { row: "plan §2, §11: recurring reservations, every occurrence", by: did("repeat") },
  { row: "plan §11: a room that is closed is shown so", by: did("close") },
  { row: "plan §12: what was there before is taken in on first connection", by: (day) => day.before },
  { row: "plan §12: done twice, nothing is doubled", by: did("notify-double") },
  { row: "readme: complete bidirectional sync", by: did("move", "drag") },
  { row: "readme: cancellations from both systems", by: did("cancel", "erase") },
  {
    row: "readme: webhooks and polling",
    by: (day) => Math.min(called("calendarView.delta")(day), called("listReservations")(day)),
  },
  { row: "readme: re-enabled items come back, once", by: did("enable") },
  { row: "readme: a deleted event is told from an error", by: (day) => Math.min(day.failed, did("erase")(day)) },
  {
    row: "readme: events that are not ours stay as they are",
    by: (day) => Math.min(day.strangers, did("stranger")(day)),
  },
];

/** Rows that a day cannot show yet, and what they wait for. Whoever lands it moves its row up. */
export const WAITING: readonly { readonly row: string; readonly for: string }[] = [
  { row: "plan §11: exceptions and ends of series, series made in Outlook", for: "series as series" },
];

/** Rows that other suites show: what they need would spoil the day's own slots. */
export const ELSEWHERE: readonly { readonly row: string; readonly file: string }[] = [
  { row: "plan §6: event before booking before allocation, on true overlap", file: "test/scenarios/priority.test.ts" },
  { row: "plan §9: client credentials, proxy, secrets by name", file: "test/providers/outlook/credentials.test.ts" },
  { row: "plan §4: a queue in place of a webhook", file: "test/functions/booking-inbox.test.ts" },
];
