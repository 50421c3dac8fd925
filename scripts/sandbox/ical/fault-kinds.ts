/** What only hosts of iCal feeds do wrong. */
export const ICAL_FAULTS = {
  "half-file": "iCal: a success whose file breaks off in the middle (S03).",
  "new-uids": "iCal: every UID of this answer is a new one (S17).",
  "no-validators": "iCal: an answer without ETag, so that nothing is ever unchanged.",
  redirect: "iCal: 302 to the address given: `redirect=/ical/other.ics`.",
} as const satisfies Record<string, string>;
