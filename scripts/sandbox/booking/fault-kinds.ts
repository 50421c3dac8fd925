/** What only the booking system does wrong. */
export const BOOKING_FAULTS = {
  "first-page": "Booking: a list answers its first page as if it were all; `total` tells the truth (S03).",
  stale: "Booking: a read or list shows what was true before the last change, as a lagging copy does (S58).",
  "expire-cursor": "Booking: 410 CURSOR_EXPIRED, of a list's next page or of the changes (S29).",
  "error-in-200": "Booking: nothing is done; 200 with an error inside (S56).",
} as const satisfies Record<string, string>;
