import { BACKFILL_ROUTES } from "./backfill.ts";
import { CONNECTION_ROUTES } from "./connections.ts";
import { DEAD_LETTER_ROUTES } from "./dead-letters.ts";
import { DISCOVERY_ROUTES } from "./discovery.ts";
import { EVENT_MAP_ROUTES } from "./event-maps.ts";
import { HOLD_ROUTES } from "./holds.ts";
import { ITEM_ROUTES } from "./items.ts";
import { KEY_ROUTES } from "./keys.ts";
import { MAIL_DECISION_ROUTES } from "./mail-decisions.ts";
import { MAIL_ROUTES } from "./mails.ts";
import { SYNC_ROUTES } from "./request-sync.ts";
import type { Route } from "./route.ts";

/** Every address of the operations API, each written down beside its handler; the order is that of the document. */
export const ROUTES: readonly Route[] = [
  ...EVENT_MAP_ROUTES,
  ...DISCOVERY_ROUTES,
  ...BACKFILL_ROUTES,
  ...SYNC_ROUTES,
  ...HOLD_ROUTES,
  ...ITEM_ROUTES,
  ...MAIL_DECISION_ROUTES,
  ...CONNECTION_ROUTES,
  ...MAIL_ROUTES,
  ...DEAD_LETTER_ROUTES,
  ...KEY_ROUTES,
];
