import { fold } from "./fold.ts";

export type Language = "en" | "de" | "fr" | "es" | "it" | "nl" | "pt";

/** Short words of one language that the others do not have, folded. */
const WORDS: Readonly<Record<Language, string>> = {
  en: "the and your you is has been for with from this reservation booking guest guests nights adults check-out arrives arrival departure confirmed",
  de: "der die das und ist fur mit von dein deine ihr ihre wurde nicht gast gaste nachte erwachsene anreise abreise buchung unterkunft bestatigt kinder",
  fr: "le la les et est pour avec votre vous une des du nuits voyageur voyageurs adultes arrivee depart reservation logement confirmee enfants",
  es: "el los las y es para con tu su una del noches huesped huespedes adultos llegada salida reserva alojamiento confirmada ninos viajeros",
  it: "il lo gli e per con tuo sua una del notti ospite ospiti adulti arrivo partenza prenotazione alloggio confermata bambini",
  nl: "de het een en is voor met van je uw nachten gast gasten volwassenen aankomst vertrek boeking reservering accommodatie bevestigd kinderen",
  pt: "o os as e para com seu sua uma do da noites hospede hospedes adultos chegada saida reserva acomodacao confirmada criancas",
};

const WORD_LISTS = Object.entries(WORDS).map(
  ([language, words]) => [language as Language, new Set(words.split(" "))] as const,
);
const MAX_WORDS = 600;

/** The language most words of the mail speak; null where too few tell or two are level. */
export function languageOf(texts: readonly string[]): Language | null {
  const words = fold(texts.join(" ").slice(0, 8000))
    .split(/[^a-z-]+/)
    .slice(0, MAX_WORDS);
  const scores = WORD_LISTS.map(([language, known]) => ({
    language,
    hits: words.filter((word) => known.has(word)).length,
  }));
  const [best, second] = scores.sort((a, b) => b.hits - a.hits);
  if (best === undefined || best.hits < 2 || best.hits === second?.hits) return null;
  return best.language;
}
