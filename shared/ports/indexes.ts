import type { Query } from "./store.ts";

/**
 * What is asked of each collection. Both backings build their indexes from this table (SQLite from
 * `document-schema.ts`, Firestore from `firestore.indexes.json`, written by
 * `node scripts/firestore-indexes.ts`), and a query of a listed collection that is not in it is
 * refused everywhere, since Firestore would refuse it and its emulator does not (TOOLCHAIN). All other
 * fields stay unindexed: a snapshot of 3,000 bookings would pass Firestore's 40,000 entries per document.
 */
export interface CollectionIndexes {
  /** Fields compared by equality, alone or together, answered by document id. */
  readonly filters?: readonly string[];
  /** Queries with a range or an order: exactly these equalities, then that field. */
  readonly ordered?: readonly OrderedIndex[];
  /** Documents may carry `expiresAt`. */
  readonly expires?: boolean;
}

export interface OrderedIndex {
  readonly equal: readonly string[];
  readonly by: string;
  readonly descending?: boolean;
}

export const COLLECTIONS: Readonly<Record<string, CollectionIndexes>> = {
  agendas: { expires: true },
  alerts: { filters: ["status"] },
  apiKeys: {},
  bookings: { filters: ["code", "checkIn", "checkOut"] },
  breakers: {},
  calendars: {},
  captures: { filters: ["sender"] },
  cards: { filters: ["source", "status"] },
  connections: { filters: ["account"] },
  deadLetters: { filters: ["status"] },
  emailChunks: {},
  emails: { filters: ["connection"] },
  eventMaps: {
    filters: ["key", "source", "resource", "calendarId", "eventId", "status", "dirty"],
    ordered: [
      { equal: [], by: "touchedAt" },
      { equal: [], by: "endsAt" },
      { equal: ["dirty"], by: "nextAttempt" },
      { equal: ["resource"], by: "status" },
      { equal: ["calendarId", "status"], by: "endsAt" },
      { equal: ["source", "status"], by: "endsAt" },
    ],
  },
  facts: { filters: ["connection", "state", "code"] },
  handshakes: { expires: true },
  freshness: { ordered: [{ equal: [], by: "hour" }], expires: true },
  holds: {
    filters: ["status"],
    ordered: [
      { equal: [], by: "openedAt", descending: true },
      { equal: ["status"], by: "openedAt", descending: true },
      { equal: [], by: "takeUpAt" },
    ],
  },
  idempotency: { expires: true },
  imports: {
    filters: ["eventId", "iCalUid", "calendarId", "resource", "bookingKey", "status", "dirty"],
    ordered: [{ equal: ["dirty"], by: "nextAttempt" }],
  },
  journal: { expires: true },
  jobs: {},
  leases: {},
  mailRules: {},
  memories: {},
  links: { filters: ["bookingKey", "mail", "status"] },
  progress: { expires: true },
  operatorActions: {
    ordered: [
      { equal: [], by: "at", descending: true },
      { equal: ["bookingKey"], by: "at", descending: true },
    ],
    expires: true,
  },
  resources: {},
  reviewItems: { filters: ["status", "key", "connection", "kind"] },
  snapshots: {},
  sessions: { expires: true },
  sources: {},
};

/** True where the table serves the query; collections it does not name are indexed by default. */
export function isIndexed({ collection, where = [] }: Query, order: Query["orderBy"]): boolean {
  const indexes = COLLECTIONS[collection];
  if (indexes === undefined) return true;
  const equal = where.filter(({ op }) => op === "==").map(({ field }) => field);
  if (order === undefined) return equal.every((field) => indexes.filters?.includes(field));
  return (indexes.ordered ?? []).some(
    (index) =>
      index.by === order.field &&
      (index.descending ?? false) === (order.descending ?? false) &&
      index.equal.length === new Set(equal).size &&
      index.equal.every((field) => equal.includes(field)),
  );
}
