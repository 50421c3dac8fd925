import { enrich } from "../../mail/enrich.ts";
import type { MailReading } from "../../mail/reading.ts";
import type { Instant } from "../../sync/time.ts";
import type { BookingDoc, BookingKey } from "../documents.ts";
import { shownFields } from "../enriched-fields.ts";
import { ENRICHED_FIELDS, type Enriched, type EnrichedField, type Enrichments } from "../enrichments.ts";
import type { World } from "../world.ts";
import { amendStay, loadStay, tellRooms } from "./stay-document.ts";

/** How a mail was found to be about a stay; "Linked": by a person's word. */
export interface Because {
  readonly reason: Enriched["reason"];
  readonly confidence: number;
}

/**
 * Writes to the stay what the mail adds; only into what is there, never a new booking. What an earlier reader took from
 * the same mail is taken back first. Answers how many fields the mail fills now.
 */
export async function addToStay(
  world: World,
  ws: string,
  key: BookingKey,
  mail: { readonly id: string; readonly reading: MailReading },
  because: Because,
): Promise<number> {
  const now = world.clock.now();
  let isNew = false;
  const doc = await amendStay(world, ws, key, (before) => {
    const enrichment = enrichedBy(before, mail, because, now);
    isNew = !sameEnrichment(before.enrichment, enrichment);
    return isNew ? withEnrichment(before, enrichment, now) : undefined;
  });
  const filled = Object.values(doc.enrichment ?? {}).filter((each) => each.mail === mail.id).length;
  // Whoever wrote it may have died before it told anybody.
  if (!isNew && filled > 0) await tellRooms(world, ws, doc);
  return filled;
}

/** What the stay would have from mails, with this one read as it is read now. */
export function enrichedBy(
  doc: BookingDoc,
  { id, reading }: { readonly id: string; readonly reading: MailReading },
  { reason, confidence }: Because,
  now: Instant,
): Enrichments {
  const kept = Object.fromEntries(Object.entries(doc.enrichment ?? {}).filter(([, each]) => each.mail !== id));
  const fields = shownFields({ ...doc, enrichment: kept });
  const stands = {
    guestName: fields["customer"] || null,
    guestCount: fields["guests"] ? Number(fields["guests"]) : null,
    confirmationCode: fields["code"] || null,
  };
  const found = reason === "Linked" ? ({ reason: "Exact Date", confidence } as const) : { reason, confidence };
  const added = enrich(stands, reading, id, found)
    .filter(({ field }) => doc.declined?.includes(`${id}~${field}`) !== true)
    .map(({ field, value, was, readerVersion, confidence: sure }) => {
      const before = doc.enrichment?.[field];
      const at = before?.mail === id && before.value === value ? before.at : now;
      return [field, { value, reason, confidence: sure, mail: id, readerVersion, at, was }] as const;
    });
  return { ...kept, ...Object.fromEntries(added) };
}

/**
 * Takes back what mails added: all of it, or some fields. What was shown before is shown again, and no reading of that
 * mail adds it anew. Throws NOT_FOUND.
 */
export async function undoEnrichment(
  world: World,
  ws: string,
  key: BookingKey,
  fields: readonly EnrichedField[] = ENRICHED_FIELDS,
): Promise<BookingDoc> {
  const now = world.clock.now();
  return amendStay(world, ws, key, (doc) => {
    const taken = Object.entries(doc.enrichment ?? {}).filter(([field]) => fields.some((each) => each === field));
    if (taken.length === 0) return undefined;
    const left = Object.fromEntries(
      Object.entries(doc.enrichment ?? {}).filter((entry) => !taken.some(([f]) => f === entry[0])),
    );
    const declined = taken.map(([field, { mail }]) => `${mail}~${field}`);
    return { ...withEnrichment(doc, left, now), declined: [...new Set([...(doc.declined ?? []), ...declined])] };
  });
}

/** What a stay has from mails. Throws NOT_FOUND. */
export async function showEnrichment(world: World, ws: string, key: BookingKey) {
  const { data } = await loadStay(world, ws, key);
  return { key, fields: shownFields(data), enrichment: data.enrichment ?? {}, mailSays: data.mailSays ?? null };
}

/** Its content changed now, for whoever compares times (R14). */
function withEnrichment(
  { enrichment: _before, ...doc }: BookingDoc,
  enrichment: Enrichments,
  now: Instant,
): BookingDoc {
  const changed = { after: now, before: now };
  return Object.keys(enrichment).length === 0 ? { ...doc, changed } : { ...doc, enrichment, changed };
}

function sameEnrichment(before: Enrichments | undefined, after: Enrichments): boolean {
  return ENRICHED_FIELDS.every((field) => JSON.stringify(before?.[field]) === JSON.stringify(after[field]));
}
