import { sentenceOf } from "../sync/rules.ts";
import type { BookingKey, ImportDoc } from "./documents.ts";
import type { World } from "./world.ts";

/** How a meeting of people's own became this booking, or why it did not. Null where it is none. */
export async function explainImport(
  world: World,
  ws: string,
  { bookingKey, eventId }: { readonly bookingKey: BookingKey; readonly eventId: string },
) {
  const found =
    (await importBy(world, ws, "bookingKey", bookingKey)) ?? (await importBy(world, ws, "eventId", eventId));
  if (found === undefined) return null;
  const { status, resource, calendarId, at, error } = found;
  return {
    ...{ status, resource, calendarId, eventId: found.eventId, bookingKey: found.bookingKey ?? null, at },
    ...{ rule: "import-meeting" as const, sentence: sentenceOf("import-meeting"), why: whyOf(found) },
    error: error ?? null,
  };
}

function whyOf({ status, bookingKey, attempts, nextAttempt, error }: ImportDoc): string {
  switch (status) {
    case "creating":
      return error === undefined
        ? `It was ordered at its source; the answer is asked for again from ${nextAttempt} on.`
        : `Parked: ${error.detail} Tried ${attempts} times, again from ${nextAttempt} on.`;
    case "done":
      return `It became booking ${bookingKey}.`;
    case "refused":
      return "Its source refused it; the review item says why.";
    case "gone":
      return "Its source refused it, and the meeting went or takes the room no more.";
  }
}

async function importBy(
  world: World,
  ws: string,
  field: "bookingKey" | "eventId",
  value: string,
): Promise<ImportDoc | undefined> {
  const where = [{ field, op: "==", value }] as const;
  return (await world.store(ws).query<ImportDoc>({ collection: "imports", where, limit: 1 }))[0]?.data;
}
