import { isFuture } from "../../sync/time.ts";
import type { BookingDoc, BookingKey } from "../documents.ts";
import type { World } from "../world.ts";
import { amendStay } from "./stay-document.ts";

/**
 * A mail says that the stay is cancelled: from now on it is doubtful, and one complete listing without it is enough
 * (R15). Nothing else happens to it: mails are forged, misread and sent for requests too. False where there is nothing
 * to doubt: it is gone or over already.
 */
export async function callOff(world: World, ws: string, key: BookingKey, mail: string): Promise<boolean> {
  const now = world.clock.now();
  const doc = await amendStay(world, ws, key, (before) => {
    if (before.mailSays !== undefined || !isToCome(before, now)) return undefined;
    return { ...before, mailSays: { kind: "cancelled", mail, at: now } };
  });
  return doc.mailSays?.mail === mail;
}

/** The stay is taken for what its source says of it. */
export async function believeSource(world: World, ws: string, key: BookingKey): Promise<void> {
  await amendStay(world, ws, key, ({ mailSays, ...doc }) => (mailSays === undefined ? undefined : doc));
}

/** Whether the source still has it, and it is not over. */
export function isToCome({ seen }: BookingDoc, now: string): boolean {
  if (seen === undefined || seen.status === "cancelled" || seen.missing === true) return false;
  return isFuture(seen.span, now);
}
