import { fold, tidy } from "./fold.ts";

/** What stands where a name would: a role or a platform, never a person. Folded. */
const PLACEHOLDERS = new Set([
  ...["guest", "a guest", "the guest", "your guest", "airbnb guest", "vrbo guest", "booking.com guest", "guest name"],
  ...["traveler", "traveller", "a traveler", "your traveler", "customer", "client", "unknown", "unknown guest"],
  ...["gast", "ein gast", "ihr gast", "dein gast", "airbnb-gast", "reisender", "unbekannt", "kunde", "niemand"],
  ...["voyageur", "un voyageur", "votre voyageur", "invite", "inconnu", "huesped", "un huesped", "tu huesped"],
  ...["viajero", "un viajero", "cliente", "desconocido", "ospite", "un ospite", "il tuo ospite", "sconosciuto"],
  ...["een gast", "je gast", "onbekend", "hospede", "reserved", "reservation", "booking", "blocked", "not available"],
  ...[
    "airbnb",
    "vrbo",
    "booking.com",
    "booking",
    "homeaway",
    "lodgify",
    "expedia",
    "anonymous",
    "test",
    "none",
    "null",
  ],
  ...["n/a", "na", "not provided", "not specified", "tbd", "tba", "-", "guest guest", "name", "host", "you", "someone"],
]);

const TITLES =
  /^(?:(?:mr|mrs|ms|miss|dr|herr|frau|mme|mlle|monsieur|madame|senor|senora|sr|sra|sig|signor|signora|dhr|mevr|de heer|mevrouw)\b\.?\s+)+/i;
const LETTERS = /\p{L}/gu;
/** What no name of a person contains. */
const FOREIGN = /[\d@#:;!?=<>{}[\]|\\/$€£%&+]|https?:|\.(?:com|net|org|de|fr|es|it|nl)\b/i;
const OTHER_WORDS =
  /\b(?:check-?in|check-?out|reservation|reservations|booking|bookings|property|apartment|house|villa|nights?|guests?|adults?|confirmed|cancell?ed|confirmation|arrival|departure|message|details|contact|your|host|team|support|buchung|reservierung|unterkunft|personen|nachte|anreise|abreise|reserva|reservas|huespedes|alojamiento|prenotazione|ospiti|alloggio|reservering|boeking|personnes|voyageurs|logement|payout|total|price|email|phone|view|click|here|policy|tomorrow|today|change|request|is|has|was|coming|soon|arrives|arriving|kommt|llega|arriva|arrivera|komt|website|direct|cottage|cabin|chalet|studio|suite|hotel|room|loft|condo|flat|listing|ferienwohnung|ferienhaus|apartamento|appartement)\b/;

/** True where `name` names nobody: a role, a platform, a mask (`J.`, `J***`) or nothing. */
export function isPlaceholder(name: string | null): boolean {
  if (name === null) return true;
  const folded = fold(name).replace(/[.,]+$/, "");
  if (folded === "" || PLACEHOLDERS.has(folded) || PLACEHOLDERS.has(fold(name))) return true;
  if (/[*•█·]{2,}|x{3,}/.test(folded)) return true;
  return (name.match(LETTERS)?.length ?? 0) < 2;
}

/**
 * The person `text` names, without titles and what templates put around it; null where it names none. A single
 * initial names nobody; a first name with an initial (`Rosie B.`) does.
 */
export function personName(text: string): string | null {
  const bare = tidy(text)
    .replace(/\s*\([^)]*\)\s*$/, "")
    .replace(/^["'“”„«»*_\s-]+|["'“”„«»*_,:;\s-]+$/g, "")
    .replace(TITLES, "");
  // `Ruth & Tom Abara` are two persons.
  const spoken = bare.replaceAll(" & ", " ");
  if (bare.length > 60 || FOREIGN.test(spoken) || isPlaceholder(bare)) return null;
  const words = spoken.split(" ");
  if (words.length > 7 || OTHER_WORDS.test(fold(bare))) return null;
  return words.every((word) => /^[\p{L}'’.-]/u.test(word)) ? bare : null;
}

/** `ROSIE MAY` as people write it; what has a small letter stays. */
export function spokenCase(name: string): string {
  if (name !== name.toUpperCase() || name === name.toLowerCase()) return name;
  return name.toLowerCase().replaceAll(/(^|[\s'’-])(\p{L})/gu, (_all, before, letter) => before + letter.toUpperCase());
}

/** True where one may be the other written shorter: `Rosie`, `Rosie B.` and `Rosie Bomer`; never two different surnames. */
export function mayBeSamePerson(a: string, b: string): boolean {
  const [short = [], long = []] = [partsOf(a), partsOf(b)].sort((one, other) => one.length - other.length);
  if (short.length === 0) return false;
  if (short.join(" ") === long.join(" ")) return true;
  if (short.length === 1) return long.includes(short[0] ?? "");
  return short.every((part) => long.some((other) => other === part || (part.length === 1 && other.startsWith(part))));
}

/** True where `fuller` says more of the same person than `known`. */
export function completes(fuller: string, known: string): boolean {
  return mayBeSamePerson(known, fuller) && partsOf(fuller).join("").length > partsOf(known).join("").length;
}

function partsOf(name: string): string[] {
  return fold(name)
    .split(/[\s.,-]+/)
    .filter((part) => part !== "");
}
