import type { Seen } from "./documents.ts";
import type { Enrichments } from "./enrichments.ts";

/** By these a stay is found: scalars at the top of its document, kept in step with what it says. */
export interface StayKeys {
  readonly code?: string;
  readonly checkIn?: string;
  readonly checkOut?: string;
}

/** Whole days that are somebody's stay; what is timed or a block is none. */
export function stayKeys(seen: Seen | undefined, enrichment: Enrichments | undefined): StayKeys {
  if (seen === undefined || seen.span.kind !== "all-day" || seen.kind === "closure") return {};
  const stated = seen.fields["code"] ?? enrichment?.confirmationCode?.value;
  const code = stated === undefined ? "" : codeKey(String(stated));
  return { checkIn: seen.span.start, checkOut: seen.span.end, ...(code === "" ? {} : { code }) };
}

/** A code as it is compared: letters and digits, small. */
export function codeKey(code: string): string {
  return code.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
