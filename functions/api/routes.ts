import { ACTION_ROUTES } from "./actions.ts";
import { BACKFILL_ROUTES } from "./backfill.ts";
import { BOOKING_ROUTES } from "./bookings.ts";
import { CONNECTION_ROUTES } from "./connections.ts";
import { DEAD_LETTER_ROUTES } from "./dead-letters.ts";
import { DISCOVERY_ROUTES } from "./discovery.ts";
import { EMAIL_ROUTES } from "./emails.ts";
import { EVENT_MAP_ROUTES } from "./event-maps.ts";
import { FEED_ROUTES } from "./feed.ts";
import { FRESHNESS_ROUTES } from "./freshness.ts";
import { HEALTH_ROUTES } from "./health.ts";
import { HOLD_ROUTES } from "./holds.ts";
import { ITEM_ROUTES } from "./items.ts";
import { JOB_ROUTES } from "./jobs.ts";
import { KEY_ROUTES } from "./keys.ts";
import { MAIL_DECISION_ROUTES } from "./mail-decisions.ts";
import { MAIL_ROUTES } from "./mails.ts";
import { MONITORING_ROUTES } from "./monitoring.ts";
import { SYNC_ROUTES } from "./request-sync.ts";
import type { Route } from "./route.ts";
import { SESSION_ROUTES } from "./session.ts";
import { SOURCE_ROUTES } from "./sources.ts";
import { TIMELINE_ROUTES } from "./timeline.ts";
import { WATCH_ROUTES } from "./watches.ts";

/** Every address of the operations API, each written down beside its handler; the order is that of the document. */
export const ROUTES: readonly Route[] = [
  ...TIMELINE_ROUTES,
  ...FEED_ROUTES,
  ...HEALTH_ROUTES,
  ...FRESHNESS_ROUTES,
  ...EVENT_MAP_ROUTES,
  ...DISCOVERY_ROUTES,
  ...BACKFILL_ROUTES,
  ...SYNC_ROUTES,
  ...BOOKING_ROUTES,
  ...EMAIL_ROUTES,
  ...SOURCE_ROUTES,
  ...HOLD_ROUTES,
  ...ITEM_ROUTES,
  ...MAIL_DECISION_ROUTES,
  ...CONNECTION_ROUTES,
  ...MAIL_ROUTES,
  ...DEAD_LETTER_ROUTES,
  ...WATCH_ROUTES,
  ...MONITORING_ROUTES,
  ...JOB_ROUTES,
  ...ACTION_ROUTES,
  ...KEY_ROUTES,
  ...SESSION_ROUTES,
];
