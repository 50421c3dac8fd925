import { completes, isPlaceholder } from "../mail/person-name.ts";
import type { BookingDoc } from "./documents.ts";

/**
 * What a booking says, with what mails added to it. Its source goes before: a name it states stays, unless it is a
 * placeholder or the same person's, written shorter (S50). What mails said survives every read of the source (S52).
 */
export function shownFields({
  seen,
  enrichment,
}: Pick<BookingDoc, "seen" | "enrichment">): Readonly<Record<string, string>> {
  const fields = seen?.fields ?? {};
  if (enrichment === undefined) return fields;
  const { guestName, guestCount, confirmationCode } = enrichment;
  return {
    ...(guestCount === undefined ? {} : { guests: String(guestCount.value) }),
    ...(confirmationCode === undefined ? {} : { code: String(confirmationCode.value) }),
    ...fields,
    ...(guestName !== undefined && mayShow(fields["customer"], String(guestName.value))
      ? { customer: String(guestName.value) }
      : {}),
  };
}

function mayShow(stated: string | undefined, added: string): boolean {
  return stated === undefined || isPlaceholder(stated) || completes(added, stated);
}
