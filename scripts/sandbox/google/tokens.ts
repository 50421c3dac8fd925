import { isRecord } from "../wire.ts";
import type { World } from "../world.ts";
import { fullSyncRequired, invalid } from "./errors.ts";
import type { CalendarRow } from "./rows.ts";

/** What a sync token says, to the server alone: everything up to `change` is known to its holder. */
export interface SyncToken {
  readonly calendar: string;
  readonly epoch: number;
  readonly change: number;
  /** The parameters that may not differ from the first request. */
  readonly shape: string;
  readonly issuedMs: number;
}

/** Where a listing stands between two pages. */
export interface PageToken {
  readonly shape: string;
  /** Sort key of the last event answered. */
  readonly after: string;
  /** The calendar's `change` at the first page: later changes belong to the next sync. */
  readonly until: number;
  /** The sync token the listing began with. */
  readonly since?: number;
}

export function writeToken(token: SyncToken | PageToken): string {
  return `C${Buffer.from(JSON.stringify(token)).toString("base64url")}`;
}

/** Reads a sync token. One that is unknown, foreign or expired answers 410 fullSyncRequired. */
export function readSyncToken(world: World, calendar: CalendarRow, text: string): SyncToken {
  const token = decode(text);
  if (token?.calendar !== calendar.resourceId || typeof token.change !== "number") return fullSyncRequired();
  const { change, epoch, issuedMs, shape } = token;
  if (typeof epoch !== "number" || typeof issuedMs !== "number" || typeof shape !== "string") return fullSyncRequired();
  const expired = world.now() - issuedMs > world.options().syncTokenSeconds * 1000;
  if (expired || epoch < calendar.tokenEpoch || change > calendar.change) return fullSyncRequired();
  return { calendar: calendar.resourceId, epoch, change, shape, issuedMs };
}

/** Reads a page token, which must belong to this very query. Refuses with 400. */
export function readPageToken(text: string, shape: string, since: number | undefined): PageToken {
  const token = decode(text);
  if (typeof token?.after !== "string" || typeof token.until !== "number") {
    return invalid("Invalid page token value.", "pageToken");
  }
  if (token.shape !== shape || token.since !== since) {
    return invalid("The page token does not belong to this query.", "pageToken");
  }
  return { shape, after: token.after, until: token.until };
}

function decode(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text.slice(1), "base64url").toString());
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
