import { writeFileSync } from "node:fs";
import { COLLECTIONS, type CollectionIndexes, type OrderedIndex } from "../shared/ports/indexes.ts";

/**
 * `firestore.indexes.json` from the table of queries. Run it after changing the table:
 *
 *     node scripts/firestore-indexes.ts
 */
export function firestoreIndexes(): string {
  const collections = Object.entries(COLLECTIONS);
  const file = {
    indexes: collections.flatMap(([name, { ordered = [] }]) =>
      ordered.filter(({ equal }) => equal.length > 0).map((index) => compositeOf(name, index)),
    ),
    fieldOverrides: collections.flatMap(([name, indexes]) => overridesOf(name, indexes)),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** `data` holds the document (see `firestore-store.ts`). */
function compositeOf(collectionGroup: string, { equal, by, descending = false }: OrderedIndex) {
  const fields = equal.map((field) => ({ fieldPath: `data.${field}`, order: "ASCENDING" }));
  const last = { fieldPath: `data.${by}`, order: descending ? "DESCENDING" : "ASCENDING" };
  return { collectionGroup, queryScope: "COLLECTION", fields: [...fields, last] };
}

/** Nothing inside `data` is indexed but what is asked for; what is inside a map inherits from it. */
function overridesOf(collectionGroup: string, { filters = [], ordered = [], expires = false }: CollectionIndexes) {
  const alone = ordered.filter(({ equal }) => equal.length === 0).map(({ by }) => by);
  const both = ["ASCENDING", "DESCENDING"].map((order) => ({ order, queryScope: "COLLECTION" }));
  return [
    { collectionGroup, fieldPath: "data", ttl: false, indexes: [] },
    ...[...filters, ...alone].map((field) => ({
      collectionGroup,
      fieldPath: `data.${field}`,
      ttl: false,
      indexes: both,
    })),
    ...(expires ? [{ collectionGroup, fieldPath: "expireAt", ttl: true, indexes: [] }] : []),
  ];
}

if (import.meta.main) writeFileSync("firestore.indexes.json", firestoreIndexes());
