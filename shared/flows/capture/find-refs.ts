/** A number in a mail that may be a booking's. */
export interface MaybeRef {
  readonly ref: string;
  /** 0 to 1, should a booking have that number. */
  readonly confidence: number;
  /** In words for people. */
  readonly reason: string;
  /** Written as a booking's number: it is waited for where no booking has it yet. */
  readonly isNamed: boolean;
}

/** Numbers looked at in one mail (law 12). */
const MAX_REFS = 20;
const MAX_BODY = 100_000;

const HASH = /(?:^|[^\p{L}\p{N}&#])#\s?(\d{3,9})(?!\d|[.,]\d)/gu;
const NAMED =
  /\b(?:booking|reservation|reference|ref)\b[\s.:#-]{0,3}(?:(?:no|number|id|ref|reference)\b[\s.:#-]{0,3})?(\d{3,9})(?!\d|[.,]\d)/giu;
/** No money, no time, no part of a date, a telephone number or a longer word. */
const BARE = /(?<![\p{L}\p{N}#£$€+./:@_-]|[£$€]\s|\d[ ,])(\d{4,9})(?![\p{L}\p{N}/:@_-]|[.,]\d| \d{3})/gu;
const YEAR = /^(?:19|20)\d\d$/;

type Place = "subject" | "text";

const KINDS = [
  {
    pattern: HASH,
    isNamed: true,
    confidence: { subject: 0.99, text: 0.95 },
    says: (ref: string, place: Place) => `#${ref} stands in the ${place}.`,
  },
  {
    pattern: NAMED,
    isNamed: true,
    confidence: { subject: 0.95, text: 0.9 },
    says: (ref: string, place: Place) => `The ${place} names booking ${ref}.`,
  },
  {
    pattern: BARE,
    isNamed: false,
    confidence: { subject: 0.8, text: 0.6 },
    says: (ref: string, place: Place) => `${ref} stands in the ${place}, and is a booking's number.`,
  },
] as const;

/** The numbers that may mean bookings, each once, as surely as any place of it tells; the surest first. */
export function findRefs(subject: string, body: string): MaybeRef[] {
  const found = new Map<string, MaybeRef>();
  for (const { pattern, isNamed, confidence, says } of KINDS) {
    for (const [place, text] of [
      ["subject", subject],
      ["text", body.slice(0, MAX_BODY)],
    ] as const) {
      for (const [, ref = ""] of text.matchAll(pattern)) {
        if ((found.get(ref)?.confidence ?? 0) >= confidence[place] || (!isNamed && YEAR.test(ref))) continue;
        found.set(ref, {
          ref,
          confidence: confidence[place],
          reason: says(ref, place),
          isNamed: isNamed || found.get(ref)?.isNamed === true,
        });
      }
    }
  }
  return [...found.values()].sort((a, b) => b.confidence - a.confidence).slice(0, MAX_REFS);
}
