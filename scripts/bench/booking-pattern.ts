import type { DocumentStore, Stored, Write } from "../../shared/ports/store.ts";

/** What tells one booking's documents from another's. */
interface Names {
  readonly id: string;
  readonly eventId: string;
  readonly resource: string;
  readonly calendar: string;
}

/** What one real booking left in the store: its document and its map. */
export interface Pattern {
  readonly documents: readonly Stored<object>[];
  readonly names: Names;
}

export async function patternOf(store: DocumentStore, names: Names): Promise<Pattern> {
  const found = await Promise.all(["bookings", "eventMaps"].map((collection) => store.query<object>({ collection })));
  const documents = found.flat().filter(({ data }) => JSON.stringify(data).includes(names.id));
  if (documents.length !== 2) throw new Error("A booking is not one document and one map any more.");
  return { documents, names };
}

/** The same documents as another booking's. */
export function copiesOf({ documents, names }: Pattern, other: Names): Write[] {
  const renamed = (text: string) =>
    text
      .replaceAll(names.eventId, other.eventId)
      .replaceAll(names.id, other.id)
      .replaceAll(names.calendar, other.calendar)
      .replaceAll(names.resource, other.resource);
  return documents.map(({ ref, data }) => ({
    kind: "put",
    ref: { ...ref, id: renamed(ref.id) },
    // Proof: the same document with other words in its texts.
    data: JSON.parse(renamed(JSON.stringify(data))) as object,
  }));
}
