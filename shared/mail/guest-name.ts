import { fold } from "./fold.ts";
import type { Labelled } from "./labelled.ts";
import type { Line } from "./line.ts";
import { completes, personName, spokenCase } from "./person-name.ts";
import type { Fact } from "./reading.ts";

const NAME = "(?<name>[\\p{L}][\\p{L}'’.-]*(?: [\\p{L}][\\p{L}'’.-]*){0,4}?)";

/** Sentences of templates that name the guest, never the host. */
const SENTENCES: readonly RegExp[] = [
  `(?:your guest|dein gast|ihr gast|votre voyageur|ton voyageur|tu huésped|su huésped|il tuo ospite|je gast|uw gast),? ${NAME},? (?:had to|has cancel|cancel|die |hat |musste|a dû|a annulé|tuvo|ha |moest|heeft)`,
  `que ${NAME}, tu huésped`,
  `^${NAME} (?:has (?:just )?booked|hat (?:\\p{L}+ ){0,4}gebucht|a réservé|ha reservado|ha prenotato|heeft (?:\\p{L}+ ){0,4}geboekt)`,
  `^${NAME} (?:would like to (?:cancel|book|stay)|wants to (?:change|cancel|book)|has (?:replied|sent|asked)|sent you|is asking|wrote:|wrote you|agreed to change|checked out|left a|rated (?:their|his|her))`,
  `^${NAME} (?:hat (?:dir|ihnen)|möchte|vous a|souhaite|te ha|quiere|ti ha|vuole|heeft je|wil) `,
  `(?:respond to|reply to) ${NAME}['’]s (?:request|inquiry)`,
  `^${NAME}['’]s (?:request|reservation|booking|trip|inquiry) (?:was|is|has)`,
  `how was ${NAME}['’]s stay`,
  `(?:new booking confirmed|neue buchung bestätigt|nouvelle réservation confirmée|nueva reserva confirmada|nuova prenotazione confermata|nieuwe boeking bevestigd|reservation confirmed|booking confirmed)\\s*!\\s*${NAME} (?:arrives|kommt|arrive|llega|arriva|arriverà|komt)`,
  `^${NAME} arrives (?:tomorrow|today|on|soon)`,
  `(?:message from|nachricht von|message de|mensaje de|messaggio da|bericht van) ${NAME}\\s*:?$`,
  `your reservation with ${NAME} has been`,
].map((source) => new RegExp(source, "iu"));

/** Lines in which sentences of templates are looked for. */
const TOP_LINES = 60;

interface Named {
  readonly name: string;
  readonly line: string;
  readonly confidence: number;
}

/**
 * The guest, from label, subject or a sentence of the template; the fullest of what names the same person. Greetings
 * name the host and are never looked at.
 */
export function guestName(
  labelled: readonly Labelled[],
  subject: { readonly name: string | null; readonly line: string },
  lines: readonly Line[],
): Fact<string> | null {
  const named = [...labelledNames(labelled), ...subjectName(subject), ...sentenceNames(lines)];
  const [first] = named;
  if (first === undefined) return null;
  const best = named.reduce((known, other) => (completes(other.name, known.name) ? other : known), first);
  const confidence = / \p{L}\.?$/u.test(best.name) ? Math.min(best.confidence, 0.75) : best.confidence;
  return { value: best.name, line: best.line, confidence };
}

function labelledNames(labelled: readonly Labelled[]): Named[] {
  return labelled
    .filter(({ field }) => field === "guestName")
    .sort((a, b) => Number(isVague(a)) - Number(isVague(b)))
    .flatMap(({ value, line }) => {
      const name = personName(value.replace(/\s(?:\d+ (?:adults?|guests?)|<.*|\S+@\S+).*$/i, ""));
      return name === null ? [] : [{ name, line, confidence: 0.96 }];
    });
}

/** `Name` alone may be anybody's; a guest's label is better. */
function isVague({ line }: Labelled): boolean {
  return /^(?:name|nom|nombre|nome|naam|contact name|customer|client)\b/.test(fold(line));
}

function subjectName({ name, line }: { readonly name: string | null; readonly line: string }): Named[] {
  const person = name === null ? null : personName(name);
  return person === null ? [] : [{ name: spokenCase(person), line, confidence: 0.93 }];
}

function sentenceNames(lines: readonly Line[]): Named[] {
  const top = lines.slice(0, TOP_LINES).map(({ text }) => text);
  return top.flatMap((line, index) => {
    // A narrow plain text breaks its sentences.
    const sentence = line.length > 40 ? `${line} ${top[index + 1] ?? ""}` : line;
    return SENTENCES.flatMap((pattern) => {
      const match = pattern.exec(sentence);
      if (match === null || match.index > line.length) return [];
      const name = personName(match.groups?.["name"] ?? "");
      return name === null ? [] : [{ name: spokenCase(name), line, confidence: 0.88 }];
    }).slice(0, 1);
  });
}
