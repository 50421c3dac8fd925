import { readMail } from "../../shared/mail/read-mail.ts";
import type { MailReading } from "../../shared/mail/reading.ts";
import { compose } from "./compose.ts";
import type { CorpusMail, Truth } from "./corpus.ts";

export const FACT_FIELDS = ["guestName", "checkIn", "checkOut", "confirmationCode", "guestCount", "property"] as const;
type FactField = (typeof FACT_FIELDS)[number];

/** How often a field was read rightly, wrongly (another value), invented (none stands there) or missed. */
export interface FieldScore {
  readonly right: number;
  readonly wrong: number;
  readonly invented: number;
  readonly missed: number;
}

export interface Score {
  readonly mails: number;
  readonly fields: Readonly<Record<FactField, FieldScore>>;
  readonly kinds: Readonly<
    Record<string, { readonly precision: number; readonly recall: number; readonly stated: number }>
  >;
  readonly actions: Readonly<
    Record<string, { readonly precision: number; readonly recall: number; readonly stated: number }>
  >;
  /** What was read otherwise than it stands there, one line each. */
  readonly faults: readonly string[];
  readonly mailsPerSecond: number;
}

/** Reads every mail and compares with its truth. */
export async function scoreCorpus(mails: readonly CorpusMail[]): Promise<Score> {
  const raws = mails.map((mail) => ({ mail, raw: compose(mail) }));
  const started = performance.now();
  const readings: { readonly mail: CorpusMail; readonly reading: MailReading }[] = [];
  for (const { mail, raw } of raws) readings.push({ mail, reading: await readMail(raw, {}) });
  const seconds = (performance.now() - started) / 1000;
  const read = readings.map(({ mail, reading }) => ({ id: mail.id, truth: mail.truth, read: plainFacts(reading) }));
  return {
    mails: mails.length,
    fields: Object.fromEntries(FACT_FIELDS.map((field) => [field, scoreField(read, field)])) as Score["fields"],
    kinds: scoreWords(read, "kind"),
    actions: scoreWords(read, "action"),
    faults: read.flatMap(faultsOf),
    mailsPerSecond: Math.round(mails.length / seconds),
  };
}

interface Compared {
  readonly id: string;
  readonly truth: Truth;
  readonly read: Truth;
}

/** A reading as `npm run read-mail` prints it. */
export function plainFacts({ kind, action, platform, facts }: MailReading): Truth {
  return {
    kind,
    action,
    platform,
    guestName: facts.guestName?.value ?? null,
    checkIn: facts.checkIn?.value ?? null,
    checkOut: facts.checkOut?.value ?? null,
    confirmationCode: facts.confirmationCode?.value ?? null,
    guestCount: facts.guestCount?.value ?? null,
    property: facts.property?.value ?? null,
  };
}

export function precision({ right, wrong, invented }: FieldScore): number {
  return share(right, right + wrong + invented);
}

export function recall({ right, wrong, missed }: FieldScore): number {
  return share(right, right + wrong + missed);
}

function scoreField(all: readonly Compared[], field: FactField): FieldScore {
  const count = (fits: (stated: string | null, found: string | null) => boolean) =>
    all.filter(({ truth, read }) => fits(plain(truth[field]), plain(read[field]))).length;
  return {
    right: count((stated, found) => stated !== null && stated === found),
    wrong: count((stated, found) => stated !== null && found !== null && stated !== found),
    invented: count((stated, found) => stated === null && found !== null),
    missed: count((stated, found) => stated !== null && found === null),
  };
}

function scoreWords(all: readonly Compared[], field: "kind" | "action"): Score["kinds"] {
  const words = [...new Set(all.flatMap(({ truth, read }) => [truth[field], read[field]]))].sort();
  return Object.fromEntries(
    words.map((word) => {
      const stated = all.filter(({ truth }) => truth[field] === word).length;
      const found = all.filter(({ read }) => read[field] === word).length;
      const right = all.filter(({ truth, read }) => truth[field] === word && read[field] === word).length;
      return [word, { precision: share(right, found), recall: share(right, stated), stated }];
    }),
  );
}

function faultsOf({ id, truth, read }: Compared): string[] {
  const fields = ["kind", "action", "platform", ...FACT_FIELDS] as const;
  return fields
    .filter((field) => plain(truth[field]) !== plain(read[field]))
    .map((field) => `${id}: ${field} is ${read[field] ?? "unstated"} instead of ${truth[field] ?? "unstated"}`);
}

/** Capitals are the template's, not the value's. */
function plain(value: string | number | null): string | null {
  return value === null ? null : String(value).toLowerCase();
}

function share(part: number, all: number): number {
  return all === 0 ? 1 : Math.round((part / all) * 10_000) / 10_000;
}
