import type { DocumentRef } from "../ports/store.ts";
import type { Counted } from "../sync/breaker.ts";
import { documentId } from "./document-id.ts";

/** Collection `breakers`: one per calendar and per source. */
export interface BreakerDoc {
  readonly scope: string;
  readonly counted: readonly Counted[];
  readonly openHold?: string;
}

export function breakerRef(scope: string): DocumentRef {
  return { collection: "breakers", id: documentId(scope) };
}
