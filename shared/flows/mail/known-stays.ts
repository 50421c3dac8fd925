import type { WorkspaceConfig } from "../../config.ts";
import type { KnownStay, MatchScope } from "../../mail/match.ts";
import type { MailReading } from "../../mail/reading.ts";
import type { DocumentStore, Where } from "../../ports/store.ts";
import type { BookingDoc } from "../documents.ts";
import { shownFields } from "../enriched-fields.ts";
import { codeKey } from "../stay-keys.ts";
import type { ConnectionDoc } from "./connection.ts";

/** Stays that one mail may be about; more than this share no date with it by chance. */
const MAX_STAYS = 200;

/** The stays that share the mail's code, first day or last day: all that may be meant. */
export async function staysFor(
  store: DocumentStore,
  workspace: WorkspaceConfig,
  { facts }: MailReading,
): Promise<KnownStay[]> {
  const code = facts.confirmationCode === null ? "" : codeKey(facts.confirmationCode.value);
  const asked: Where[] = [
    ...(code === "" ? [] : [{ field: "code", op: "==", value: code } as const]),
    ...(facts.checkIn === null ? [] : [{ field: "checkIn", op: "==", value: facts.checkIn.value } as const]),
    ...(facts.checkOut === null ? [] : [{ field: "checkOut", op: "==", value: facts.checkOut.value } as const]),
  ];
  const found = await Promise.all(
    asked.map((where) => store.query<BookingDoc>({ collection: "bookings", where: [where], limit: MAX_STAYS })),
  );
  const docs = new Map(found.flat().map(({ data }) => [data.key, data]));
  return [...docs.values()].flatMap((doc) => toStay(workspace, doc) ?? []);
}

/** One stay, whatever it is about; undefined where it is none, or lives on under another key. */
export function toStay(workspace: WorkspaceConfig, doc: BookingDoc): KnownStay | undefined {
  const { seen, checkIn, checkOut } = doc;
  if (seen === undefined || checkIn === undefined || checkOut === undefined) return undefined;
  if (doc.supersededBy !== undefined) return undefined;
  const [resource = ""] = doc.resources;
  const fields = shownFields(doc);
  const isGone = seen.status === "cancelled" || seen.missing === true;
  return {
    key: doc.key,
    property: workspace.resources[resource]?.sourceName ?? null,
    platform: fields["platform"] ?? null,
    code: fields["code"] || null,
    checkIn,
    checkOut,
    guestName: fields["customer"] || null,
    status: isGone ? "cancelled" : "live",
  };
}

/** The property a connection stands for, as its stays name it. */
export function scopeOf(workspace: WorkspaceConfig, { property }: Pick<ConnectionDoc, "property">): MatchScope {
  const named = property === undefined ? undefined : workspace.resources[property]?.sourceName;
  return named === undefined ? {} : { property: named };
}
