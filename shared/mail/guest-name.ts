import { fold, tidy } from "./fold.ts";
import type { Labelled } from "./labelled.ts";
import { completes, isPlaceholder, personName, spokenCase } from "./person-name.ts";
import type { PlatformReader } from "./readers/platform-reader.ts";
import type { Fact } from "./reading.ts";
import type { SubjectFacts } from "./subject-facts.ts";

const NAME = "(?<name>[\\p{L}][\\p{L}'’.-]*(?: [\\p{L}][\\p{L}'’.-]*){0,4}?)";

/** Sentences of templates that name the guest, never the host. */
const SENTENCES: readonly RegExp[] = [
  `que ${NAME}, tu huésped`,
  "(?:your guest|dein gast|ihr gast|votre voyageur|ton voyageur|tu huésped|su huésped|il tuo ospite|je gast|uw gast),? (?<rest>\\p{L}.{1,80})",
  `^${NAME} (?:has )?cancell?ed (?:their|the|this|his|her)`,
  `^${NAME} (?:has (?:just )?booked|booked your|hat .{0,120}gebucht|a réservé|ha reservado|ha prenotato|heeft .{0,120}geboekt)`,
  `^${NAME} (?:would like to (?:cancel|book|stay)|wants to (?:change|cancel|book)|has (?:replied|sent|asked)|sent you|is asking|wrote:|wrote you|agreed to change|checked out|left (?:you )?a|(?:rated|reviewed) (?:their|his|her|your))`,
  `^${NAME} (?:hat (?:dir|ihnen)|möchte|vous a|souhaite|te ha|quiere|ti ha|vuole|heeft je|wil) `,
  `(?:respond to|reply to) ${NAME}['’]s (?:request|inquiry)`,
  `^${NAME}['’]s (?:request|reservation|booking|trip|inquiry) (?:was|is|has)`,
  `how was ${NAME}['’]s stay`,
  `(?:new booking confirmed|neue buchung bestätigt|nouvelle réservation confirmée|nueva reserva confirmada|nuova prenotazione confermata|nieuwe boeking bevestigd|reservation confirmed|booking confirmed)\\s*!\\s*${NAME} (?:arrives|kommt|arrive|llega|arriva|arriverà|komt)`,
  `^${NAME} (?:(?:arrives|checks in|checks out) (?:tomorrow|today|on|soon)|kommt (?:morgen|heute|bald)|arrive (?:demain|aujourd|bientôt)|llega (?:mañana|hoy|pronto)|arriva (?:domani|oggi|presto)|komt (?:morgen|vandaag|binnenkort))`,
  `(?:message from|nachricht von|message de|mensaje de|messaggio da|bericht van) ${NAME}\\s*:?$`,
  `your reservation with ${NAME} has been`,
  `^you (?:have )?cancell?ed ${NAME}['’]s (?:reservation|booking|stay)`,
  `(?:^|, )${NAME} (?:had to cancel|a (?:dû )?annul(?:é|er)|ha (?:cancelado|anulado|annullato|cancellato|disdetto|tenido que cancelar|dovuto (?:cancellare|annullare)))`,
  `leider (?:musste|hat) ${NAME} (?:die|seine|ihre|deine)`,
  `^${NAME} (?:musste|hat) .{0,120} storni`,
  `^helaas heeft ${NAME} .{0,80}geannuleerd`,
  `^${NAME} heeft .{0,80}geannuleerd`,
  `^(?:the |your )?(?:reservation|booking|stay) .{0,60}(?:from|of|by) ${NAME} (?:has been|was|is) cancell?ed`,
].map((source) => new RegExp(source, "iu"));

/** Lines in which sentences of templates are looked for. */
const TOP_LINES = 60;

type Told = { readonly text: string };

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
  subject: SubjectFacts,
  property: string | null,
  lines: readonly Told[],
  reader: PlatformReader,
): Fact<string> | null {
  const named = [
    ...labelledNames(labelled, reader.guestsAreGroups === true),
    ...subjectNames(subject, property),
    ...profileName(lines, reader),
    ...sentenceNames([{ text: subject.line }, ...lines]),
  ];
  const [first] = named;
  if (first === undefined) return null;
  const best = named.reduce((known, other) => (completes(other.name, known.name) ? other : known), first);
  const confidence = / \p{L}\.?$/u.test(best.name) ? Math.min(best.confidence, 0.75) : best.confidence;
  return { value: best.name, line: best.line, confidence };
}

function labelledNames(labelled: readonly Labelled[], mayBeGroup: boolean): Named[] {
  return [...namesInTwo(labelled), ...labelled]
    .filter(({ field }) => field === "guestName")
    .sort((a, b) => Number(isVague(a)) - Number(isVague(b)))
    .flatMap(({ value, line }) => {
      const bare = value.replace(/\s(?:\d+ (?:adults?|guests?)|<.*|\S+@\S+).*$/i, "");
      const name = mayBeGroup ? groupName(bare) : personName(bare);
      return name === null ? [] : [{ name, line, confidence: 0.96 }];
    });
}

/** First and last name under labels of their own; one of the two may be called the name: `Nom` beside `Prénom`. */
function namesInTwo(labelled: readonly Labelled[]): Labelled[] {
  const first = labelled.find(({ field }) => field === "firstName");
  const last = labelled.find(({ field }) => field === "lastName");
  const near = labelled.find(
    (each) => each.field === "guestName" && Math.abs(each.at - (first ?? last ?? each).at) <= 2,
  );
  const [given, family] = [first ?? near, last ?? near];
  if (given === undefined || family === undefined || given === family) return [];
  return [{ ...given, field: "guestName", value: `${given.value} ${family.value}` }];
}

/** `1st Anytown`: a group is no person, but it is who comes. */
function groupName(text: string): string | null {
  const name = tidy(text);
  return /\p{L}{2}/u.test(name) && name.length <= 80 && !isPlaceholder(name) ? name : null;
}

/** `Name` alone may be anybody's; a guest's label is better. */
function isVague({ line }: Labelled): boolean {
  return /^(?:name|nom|nombre|nome|naam|contact name|customer|client)\b/.test(fold(line));
}

/** What a subject calls a guest may be the property's name. */
function subjectNames({ names, line }: SubjectFacts, property: string | null): Named[] {
  return names.flatMap((written) => {
    const name = personName(written);
    const isProperty = name !== null && property !== null && fold(property).includes(fold(name));
    return name === null || isProperty ? [] : [{ name: spokenCase(name), line, confidence: 0.93 }];
  });
}

/** The name above what a platform says of its guest, `Identity verified`. */
function profileName(lines: readonly Told[], reader: PlatformReader): Named[] {
  const at = lines.findIndex(({ text }) => reader.belowGuest?.test(fold(text)) === true);
  const line = lines[at - 1]?.text ?? "";
  const name = at < 1 ? null : capitalised(line);
  return name === null ? [] : [{ name: spokenCase(name), line, confidence: 0.85 }];
}

function sentenceNames(lines: readonly Told[]): Named[] {
  const top = lines.slice(0, TOP_LINES).map(({ text }) => text);
  return top.flatMap((line, index) => {
    // A narrow plain text breaks its sentences.
    const whole = line.length > 40 ? `${line} ${top[index + 1] ?? ""}` : line;
    const named = whole.split(/(?<=[.!?])\s+(?=\p{Lu})/u).flatMap((sentence) => nameInSentence(sentence) ?? []);
    return named.slice(0, 1).map((name) => ({ name: spokenCase(name), line, confidence: 0.88 }));
  });
}

function nameInSentence(sentence: string): string | null {
  for (const pattern of SENTENCES) {
    const { name, rest } = pattern.exec(sentence)?.groups ?? {};
    const person = capitalised(name ?? leadingName(rest ?? ""));
    if (person !== null) return person;
  }
  return null;
}

/** The words with capitals at the start of `text`; what follows a comma or a full stop is no name any more. */
function leadingName(text: string): string {
  const words: string[] = [];
  for (const word of text.split(" ")) {
    if (/^\p{Ll}/u.test(word) && !(words.length > 0 && SMALL_WORDS.has(word))) break;
    words.push(word.replace(/[,.;:!?)]+$/, ""));
    if (/[,.;:!?)]$/.test(word)) break;
  }
  while (SMALL_WORDS.has(words.at(-1) ?? "")) words.pop();
  return words.join(" ");
}

/** A sentence's words may be taken for a name; names are written with capitals, their small words apart. */
function capitalised(text: string): string | null {
  const words = text.split(" ");
  const isName = words.every((word, index) => !/^\p{Ll}/u.test(word) || (index > 0 && SMALL_WORDS.has(word)));
  return isName ? personName(text) : null;
}

const SMALL_WORDS = new Set(
  "de da do dos das di del della der den van von vom zu zur la le el al bin ben y e ter ten".split(" "),
);
