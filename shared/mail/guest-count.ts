import { fold } from "./fold.ts";
import type { Labelled } from "./labelled.ts";
import type { Line } from "./line.ts";
import type { Fact } from "./reading.ts";
import { writtenSpans } from "./written-date.ts";

const TOTAL =
  /(?<![\d.,])(\d{1,3})\s*(?:x\s*)?(?:guests?(?:\(s\))?|gaste?|gasten|voyageurs?|huesped(?:es)?|viajeros?|ospit[ei]|viaggiator[ei]|personen|persons?|people|personnes?|personas?|person[ae]|travell?ers?|hospedes?|reisende|reizigers|pax|vacanciers?)(?![a-z])/;
const ADULTS =
  /(?<![\d.,])(\d{1,3})\s*(?:x\s*)?(?:adults?|erwachsene[rn]?|adultes?|adultos?|adult[oi]|volwassenen?)(?![a-z])/;
const CHILDREN =
  /(?<![\d.,])(\d{1,3})\s*(?:x\s*)?(?:child(?:ren)?|kids?|kind(?:er|ern|eren)?|enfants?|nin[oa]s?|bambin[oi]|criancas?|teens?|teenagers?)(?![a-z])/;
/** What counts people that do not come, or not now: capacity, prices, policies. */
const ELSEWHERE =
  /\b(?:up to|max|maximum|sleeps|per|each|extra|additional|included|bis zu|maximal|pro|jusqu'a|par|hasta|por|fino a|massimo|per|tot|maximaal|until|original|capacity|accommodates)\b/;
const MOST = 300;
const LONGEST_LINE = 70;
const LONGEST_SENTENCE = 200;

/** How many people a text counts: the stated sum, else adults and children. Infants and pets are nobody's guests. */
export function countIn(text: string): number | null {
  const folded = fold(text);
  const total = numberIn(TOTAL, folded);
  if (total !== null) return total;
  const adults = numberIn(ADULTS, folded);
  return adults === null ? null : adults + (numberIn(CHILDREN, folded) ?? 0);
}

/** The number of guests, from its label, else from a short line that counts them; null where lines disagree. */
export function guestCount(labelled: readonly Labelled[], lines: readonly Line[]): Fact<number> | null {
  return labelledCount(labelled) ?? addedCount(labelled) ?? countedLine(lines);
}

function labelledCount(labelled: readonly Labelled[]): Fact<number> | null {
  for (const { field, value, line } of labelled) {
    if (field !== "guests" && field !== "guestName") continue;
    const bare = /^(\d{1,3})(?:\s*\(|\s*$|\s*[,;])/.exec(value)?.[1];
    const count = countIn(value) ?? (field === "guests" && bare !== undefined ? Number(bare) : null);
    if (count !== null && isSane(count)) return { value: count, line, confidence: 0.97 };
  }
  return null;
}

/** `Adults: 2`, `Children: 1` as labels of their own. */
function addedCount(labelled: readonly Labelled[]): Fact<number> | null {
  const adults = labelled.find(({ field, value }) => field === "adults" && /^\d{1,3}\b/.test(value));
  const children = labelled.find(({ field, value }) => field === "children" && /^\d{1,3}\b/.test(value));
  if (adults === undefined) return null;
  const count = Number.parseInt(adults.value, 10) + Number.parseInt(children?.value ?? "0", 10);
  return isSane(count) ? { value: count, line: adults.line, confidence: 0.95 } : null;
}

function countedLine(lines: readonly Line[]): Fact<number> | null {
  const counted = lines
    .filter(({ text }) => isCounting(text))
    .flatMap(({ text }) => {
      const count = countIn(text);
      return count !== null && isSane(count) ? [{ value: count, line: text, confidence: 0.85 }] : [];
    });
  const [first] = counted;
  return first !== undefined && counted.every((other) => other.value === first.value) ? first : null;
}

/** A short line, or a sentence that tells the stay's dates, too. */
function isCounting(text: string): boolean {
  if (text.length > LONGEST_SENTENCE || ELSEWHERE.test(fold(text))) return false;
  return text.length <= LONGEST_LINE || writtenSpans(text).some(({ end }) => end !== null);
}

function numberIn(pattern: RegExp, text: string): number | null {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

function isSane(count: number): boolean {
  return count > 0 && count <= MOST;
}
