import { completes, isPlaceholder } from "../mail/person-name.ts";
import type { BookingDoc } from "./documents.ts";
import type { EnrichedField } from "./enrichments.ts";

/**
 * What a booking says, with what mails added to it. Its source goes before: a name it states stays, unless it is a
 * placeholder or the same person's, written shorter (S50). What mails said survives every read of the source (S52).
 */
export function shownFields(
  doc: Pick<BookingDoc, "seen" | "enrichment" | "declined">,
): Readonly<Record<string, string>> {
  return { ...takenBack(doc), ...added(doc) };
}

/** What a person took back is known to be nothing, so that it goes from the calendar too: unknown would leave it there. */
function takenBack({ declined = [] }: Pick<BookingDoc, "declined">): Record<string, string> {
  const fields = declined.flatMap((each) => FIELD_OF[each.slice(each.lastIndexOf("~") + 1)] ?? []);
  return Object.fromEntries(fields.map((field) => [field, ""]));
}

const FIELD_OF: Readonly<Record<string, string>> = {
  guestName: "customer",
  guestCount: "guests",
  confirmationCode: "code",
} satisfies Record<EnrichedField, string>;

function added({ seen, enrichment }: Pick<BookingDoc, "seen" | "enrichment">): Readonly<Record<string, string>> {
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
