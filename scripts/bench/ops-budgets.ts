import type { Budget } from "./cost.ts";
import { ACTIVE_MAPS } from "./ops-studio.ts";

/** Two reads of the map and the booking, in one round trip; USchedule has no version, so the truth is read (R1). */
const TO_CALENDAR = {
  publishes: 1,
  reads: 2,
  writes: 2,
  commits: 2,
  calls: { "calendar write": 1, "booking read": 2 },
};
/** The intent before an insert is a third write (R2). */
const INSERT = { ...TO_CALENDAR, writes: 3 };
/** Claim, two steps, one commit of four documents, the cursor (R4). `books`: what proves both bookings. */
const rebook = (proof: Budget["calls"]): Budget => ({
  ...{ publishes: 2, reads: 3, writes: 9, commits: 5 },
  calls: { "calendar list": 1, "calendar write": 1, "booking write": 2, ...proof },
});
const ECHO = { publishes: 2, reads: 2, writes: 0, commits: 0, calls: { "calendar list": 1 } };
/** Beside the event's own calendar, the other bay's is searched by id, by iCalUID and by id again (R5). */
const DELETION = {
  ...{ publishes: 2, reads: 5, writes: 6, commits: 3 },
  calls: { "calendar list": 2, "calendar read": 4, "booking read": 1, "booking write": 1 },
};
const UNCHANGED = { writes: 0, commits: 0 };
/** 93 days in calls of 31, and one day more on each side. */
const LISTING = { "booking list": 4 };

/** DESIGN §5, row by row, and the same thinking for what it does not name; where a row goes above it: decision 040. */
export const OPS_BUDGETS = {
  create: INSERT,
  move: TO_CALENDAR,
  cancel: TO_CALENDAR,
  "re-enable": INSERT,
  // Told once, a hint for the bay it leaves; on each bay two reads, two writes and one call, and one intent.
  "resource change": {
    ...{ publishes: 2, reads: 4, writes: 5, commits: 4 },
    calls: { "calendar write": 2, "calendar read": 1, "booking read": 2 },
  },
  // The snapshot is read and saved.
  "create, found by a poll": { ...INSERT, reads: 3, writes: 4, commits: 3, calls: { ...INSERT.calls, ...LISTING } },
  drag: rebook({ "booking list": 1, "booking read": 2 }),
  "drag onto its own slot": rebook({ "booking list": 1, "booking read": 2 }),
  "drag to another month": rebook({ "booking read": 4 }),
  "event deleted": DELETION,
  // Now it matters how many events there are: counted for the calendar and for the source (R7).
  "another event deleted within the hour": { ...DELETION, reads: 7 },
  "echo of our insert": ECHO,
  "echo of our patch": ECHO,
  // A tombstone never looks like ours alone: the cursor is saved.
  "echo of our removal": { ...ECHO, writes: 1, commits: 1 },
  "echo of a rebooking": ECHO,
  // One for the new booking, one for the old: each is read once, and what only the record tells is kept.
  "webhooks of a rebooking": { publishes: 2, reads: 4, writes: 2, commits: 2, calls: { "booking read": 2 } },
  "webhook of our cancellation": { publishes: 1, reads: 2, writes: 1, commits: 1, calls: { "booking read": 1 } },
  "duplicate webhook, same delivery": { ...UNCHANGED, publishes: 1, reads: 2, calls: {} },
  "duplicate webhook, new delivery id": { ...UNCHANGED, publishes: 1, reads: 2, calls: { "booking read": 1 } },
  "poll with nothing new": { ...UNCHANGED, publishes: 0, reads: 1, calls: LISTING },
  // Three for what is due and told, one for approved holds, two for standing alerts, one for each rule of alerts and way of the last hour,
  // one for each job.
  "nothing due": { ...UNCHANGED, publishes: 0, reads: 15, calls: {} },
  // Each map once; what is due, the snapshot, alerts of two kinds, and one alert for each calendar.
  // One of the reads asks which meetings were raised, for all rooms together.
  "sweep with nothing new": { ...UNCHANGED, publishes: 0, reads: ACTIVE_MAPS + 7, calls: { "calendar list": 2 } },
  "calendar touched, nothing new": { ...UNCHANGED, publishes: 1, reads: 1, calls: { "calendar list": 1 } },
} as const satisfies Record<string, Budget>;

export type OpsRow = keyof typeof OPS_BUDGETS;
