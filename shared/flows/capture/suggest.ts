import { type CardDoc, folded } from "../directory/card.ts";
import { cardsNamed, readDirectory } from "../directory/list-cards.ts";
import { type BookingKey, bookingKey } from "../documents.ts";
import type { World } from "../world.ts";
import type { OpenMail } from "./tape.ts";

/** A booking that a mail may be about, though it names none. */
export interface Suggestion {
  readonly booking: CardDoc;
  readonly reason: string;
  readonly confidence: number;
}

const MAX_SUGGESTIONS = 5;
const MIN_NAME = 5;
const SENDER = { reason: "The sender is this booking's contact.", confidence: 0.7 };
const GROUP = { reason: "The mail names this booking's group.", confidence: 0.5 };

/** By the sender's address and by the groups' names; the surest first, then those that begin next. */
export async function suggestFor(
  world: World,
  ws: string,
  sources: readonly string[],
  mail: OpenMail,
  known: readonly BookingKey[],
): Promise<Suggestion[]> {
  const found = new Map<BookingKey, Omit<Suggestion, "booking">>();
  for (const source of sources) {
    const directory = await readDirectory(world.store(ws), source);
    const isMeant = readerOf(mail);
    for (const [id, entry] of Object.entries(directory?.entries ?? {})) {
      const why = isMeant(entry);
      const key = bookingKey(source, id);
      if (why !== undefined && !known.includes(key)) found.set(key, why);
    }
  }
  const today = world.clock.now().slice(0, 10);
  const cards = await cardsNamed(world, ws, [...found.keys()].slice(0, 100));
  const suggestions = cards.flatMap((booking) => {
    const why = found.get(booking.key);
    return why === undefined ? [] : [{ booking, ...why }];
  });
  return suggestions.sort((a, b) => order(a, today) - order(b, today)).slice(0, MAX_SUGGESTIONS);
}

function readerOf({ subject, from, body }: OpenMail) {
  const sender = from.address.toLowerCase();
  const text = ` ${folded(`${subject} ${from.name} ${body}`)} `;
  return ({ name, email }: { readonly name: string; readonly email: string }) => {
    if (email !== "" && email === sender) return SENDER;
    return name.length >= MIN_NAME && text.includes(` ${name} `) ? GROUP : undefined;
  };
}

/** Days until it begins; what is over comes last of its kind. */
function order({ booking, confidence }: Suggestion, today: string): number {
  const days = (Date.parse(booking.startDate) - Date.parse(today)) / 86_400_000;
  return -confidence * 1_000_000 + (booking.endDate < today ? 100_000 - days : days);
}
