/** What only Google Calendar does wrong. */
export const GOOGLE_FAULTS = {
  "expire-sync-token": "Google: 410 fullSyncRequired (updatedMinTooLongAgo with updatedMin).",
  "empty-page": "Google: an empty page that carries a nextPageToken.",
  "bare-get": "Google: reading a deleted event shows only `id` and `status`.",
  "free-busy": "Google: this call sees the calendar as a freeBusyReader (S65).",
  "no-access": "Google: 404 notFound, as for a calendar that was un-shared.",
  "watch-refused": "Google: 401 webhookUrlUnauthorized on events.watch.",
} as const satisfies Record<string, string>;
