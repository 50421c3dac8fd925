import { confirmationCode } from "./confirmation-code.ts";
import { guestCount } from "./guest-count.ts";
import { guestName } from "./guest-name.ts";
import { labelledValues } from "./labelled.ts";
import type { Line } from "./line.ts";
import { labelledMoney } from "./money.ts";
import { propertyName } from "./property-name.ts";
import type { PlatformReader } from "./readers/platform-reader.ts";
import type { Fact, Facts } from "./reading.ts";
import type { DateEvidence } from "./resolve-date.ts";
import type { MarkedUp } from "./schema-org.ts";
import { stayDates } from "./stay-dates.ts";
import { subjectFacts } from "./subject-facts.ts";

export interface FactSources {
  readonly subject: string;
  /** The subject is another mail's: only its code tells what this one is about. */
  readonly isQuoting: boolean;
  /** The text in each form the mail carries it. */
  readonly views: readonly (readonly Line[])[];
  readonly links: readonly string[];
  readonly reader: PlatformReader;
  readonly evidence: DateEvidence;
  readonly markup: MarkedUp | null;
}

/** The facts of a mail: its markup's first, then those of its richest text, then what only another form of it tells. */
export function readFacts(sources: FactSources): Facts {
  const views = sources.views.length === 0 ? [[]] : sources.views;
  const read = views.map((lines) => readView(lines, sources));
  return [fromMarkup(sources.markup), ...read].reduce(filledUp);
}

function readView(lines: readonly Line[], { subject, isQuoting, links, reader, evidence }: FactSources): Facts {
  const labelled = labelledValues(lines);
  const all = subjectFacts(subject, reader);
  const told = isQuoting ? { ...all, names: [], dates: null, property: null, line: "" } : all;
  const property = propertyName(labelled, told, lines, reader);
  return {
    guestName: guestName(labelled, told, property?.value ?? null, lines, reader),
    ...stayDates(labelled, told, lines, evidence),
    confirmationCode: confirmationCode(labelled, told, lines, links, reader),
    property,
    guestCount: guestCount(labelled, lines),
    total: labelledMoney(labelled, "total"),
    payout: labelledMoney(labelled, "payout"),
  };
}

function fromMarkup(stay: MarkedUp | null): Facts {
  const fact = <T>(value: T | null | undefined): Fact<T> | null =>
    value === null || value === undefined ? null : { value, line: "schema.org markup", confidence: 0.99 };
  return {
    guestName: fact(stay?.guestName),
    checkIn: fact(stay?.checkIn),
    checkOut: fact(stay?.checkOut),
    confirmationCode: fact(stay?.code),
    property: fact(stay?.property),
    guestCount: fact(stay?.guestCount),
    total: null,
    payout: null,
  };
}

/** A pair of dates comes from one place where that place has both. */
function filledUp(known: Facts, more: Facts): Facts {
  const dates = known.checkIn === null || known.checkOut === null ? betterDates(known, more) : known;
  return {
    guestName: known.guestName ?? more.guestName,
    checkIn: dates.checkIn,
    checkOut: dates.checkOut,
    confirmationCode: known.confirmationCode ?? more.confirmationCode,
    property: known.property ?? more.property,
    guestCount: known.guestCount ?? more.guestCount,
    total: known.total ?? more.total,
    payout: known.payout ?? more.payout,
  };
}

function betterDates(known: Facts, more: Facts): Pick<Facts, "checkIn" | "checkOut"> {
  if (more.checkIn !== null && more.checkOut !== null) return more;
  const checkIn = known.checkIn ?? more.checkIn;
  const checkOut = known.checkOut ?? more.checkOut;
  return checkIn !== null && checkOut !== null && checkIn.value >= checkOut.value ? known : { checkIn, checkOut };
}
