import { createHash } from "node:crypto";
import type { BadRow, CreatedKind, SourceBooking } from "../../ports/booking-source.ts";
import type { Span } from "../../sync/time.ts";
import { Row } from "./schema.ts";
import { readLocals } from "./times.ts";

export type ReadRow = { readonly booking: SourceBooking } | { readonly bad: BadRow };

const FIRST_YEAR = "2000";
const LAST_YEAR = "2100";
const ID = /^(event|booking|allocation)-([1-9]\d{0,9})$/;
const LARGEST_ID = 2_147_483_647;

/** A table and the row's number in it. */
export interface RowId {
  readonly kind: CreatedKind;
  readonly id: number;
}

/** `event-12`. Undefined where no row can have that name. */
export function readId(text: string): RowId | undefined {
  const [, kind, digits] = ID.exec(text) ?? [];
  const id = Number(digits);
  if (!isKind(kind) || id > LARGEST_ID) return undefined;
  return { kind, id };
}

function isKind(text: string | undefined): text is CreatedKind {
  return text === "event" || text === "booking" || text === "allocation";
}

/** One row, alone: what cannot be read is told with its id and reason (law 10, S41). */
export function readRow(item: unknown, zone: string): ReadRow {
  const parsed = Row.safeParse(item);
  if (!parsed.success) {
    const column = String(parsed.error.issues[0]?.path[0] ?? "shape");
    const reason = `its ${column} is not as Portico's tables have it`;
    return { bad: { id: idWithin(item), reason, ...endOf(item) } };
  }
  const row = parsed.data;
  const span = readSpan(row, zone);
  return typeof span === "string"
    ? { bad: { id: `${row.kind}-${row.id}`, reason: span, ...endOf(row) } }
    : { booking: asBooking(row, span) };
}

function asBooking(row: Row, span: Span): SourceBooking {
  const { kind, made_with: madeWith } = row;
  const id = `${kind}-${row.id}`;
  const resources = row.resources.map(String);
  const status = row.active === 1 ? "live" : "cancelled";
  const fields = readFields(row, id);
  const within = row.within === null ? {} : { within: `allocation-${row.within}` };
  const text = JSON.stringify([id, status, resources, span.start, span.end, fields, within]);
  const hash = createHash("sha256").update(text).digest("base64url");
  return { id, resources, status, span, fields, kind, ...within, ...(madeWith === null ? {} : { madeWith }), hash };
}

/** What the row does not say, or does not say to everybody, is left out: withheld is not empty (law 11). */
function readFields({ kind, title, customer, email, notes }: Row, id: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ id, kind, title, customer, email, notes }).flatMap(([name, value]) =>
      value === null ? [] : [[name, value]],
    ),
  );
}

function readSpan({ start, end }: Row, zone: string): Span | string {
  const read = readLocals(start ?? "", end ?? "", zone);
  if (read.start === undefined || read.end === undefined) return "it has no time that can be read";
  if (read.end <= read.start) return "its end is not after its start";
  const isFarOff = read.start.slice(0, 4) < FIRST_YEAR || read.end.slice(0, 4) > LAST_YEAR;
  return isFarOff
    ? `it lies outside ${FIRST_YEAR} to ${LAST_YEAR}`
    : { kind: "timed", start: read.start, end: read.end, zone };
}

/** A row that is no longer active is told as cancelled, whatever else of it cannot be read. */
function endOf(item: unknown): Pick<BadRow, "cancelled"> {
  const isOver = item !== null && typeof item === "object" && "active" in item && item.active === 0;
  return isOver ? { cancelled: true } : {};
}

function idWithin(item: unknown): string {
  if (item === null || typeof item !== "object" || !("id" in item) || !("kind" in item)) return "(without an id)";
  return `${String(item.kind)}-${String(item.id)}`.slice(0, 100);
}
