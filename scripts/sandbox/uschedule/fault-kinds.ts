/** What only USchedule does wrong. */
export const USCHEDULE_FAULTS = {
  "unclear-status": "USchedule: cancelled and rescheduled rows read StatusID 0 (S11).",
  "slot-taken": "USchedule: bookit finds the slot just taken; availability shows none. Booking: 409 SLOT_TAKEN.",
  phantom: "USchedule: bookit leaves an unpaid checkout, status 0, slot held 15 minutes (S12).",
} as const satisfies Record<string, string>;
