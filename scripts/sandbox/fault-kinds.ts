import { BOOKING_FAULTS } from "./booking/fault-kinds.ts";
import { GMAIL_FAULTS } from "./gmail/fault-kinds.ts";
import { GOOGLE_FAULTS } from "./google/fault-kinds.ts";
import { GRAPH_FAULTS } from "./graph/fault-kinds.ts";
import { ICAL_FAULTS } from "./ical/fault-kinds.ts";
import { OSM_FAULTS } from "./osm/fault-kinds.ts";
import { USCHEDULE_FAULTS } from "./uschedule/fault-kinds.ts";

/**
 * Every fault by name. `README.md` lists them for people; `GET /sandbox/faults` for machines.
 * A fault is written `kind`, `kind=value` or `kind=value;name=value`, several with commas between.
 */
export const FAULT_KINDS = {
  status: "Answer this status without doing anything: `status=503`, `status=429;retry-after=2`, `status=403;reason=x`.",
  "status-after": "Do it, then answer this status: `status-after=500`.",
  "rate-limit": "Google: 403 rateLimitExceeded; USchedule, Graph, Booking and OSM: 429 with Retry-After 1.",
  "timeout-before": "The connection closes before anything was done.",
  "timeout-after": "It takes effect, then the connection closes without an answer.",
  cut: "It takes effect; half of the answer arrives, then the connection closes.",
  garbled: "It takes effect; the answer is 200 with text that is no JSON.",
  html: "Nothing is done; 200 with a page of HTML.",
  "no-body": "It takes effect; the answer is 200 without a body.",
  "delay-before": "Wait so many milliseconds, then do it: `delay-before=500`.",
  "delay-after": "Do it now, answer after so many milliseconds: what arrives is old (S58).",
  truncate: "A list answers its first half as a complete success.",
  empty: "A list answers none, as a success.",
  "bad-row": "A list carries one more row that cannot be read.",
  omit: "A list leaves out one id as if it were not there: `omit=410007`.",
  "expire-token": "The access token counts as expired: 401. USchedule forgets it for good.",
  ...GOOGLE_FAULTS,
  ...USCHEDULE_FAULTS,
  ...GRAPH_FAULTS,
  ...BOOKING_FAULTS,
  ...GMAIL_FAULTS,
  ...ICAL_FAULTS,
  ...OSM_FAULTS,
  "notify-lost": "What this call would notify is never sent.",
  "notify-double": "… is sent twice.",
  "notify-delay": "… is sent so many milliseconds later: `notify-delay=3000`.",
  "notify-reorder": "… is held for up to 5 s, so that later ones pass it.",
} as const satisfies Record<string, string>;

export type FaultKind = keyof typeof FAULT_KINDS;

export interface Fault {
  readonly kind: FaultKind;
  readonly value?: string;
  readonly params: Readonly<Record<string, string>>;
}

/** The faults of one call. */
export interface FaultSet {
  readonly list: readonly Fault[];
  has(kind: FaultKind): boolean;
  /** The value behind `=`, if any. */
  value(kind: FaultKind): string | undefined;
}

export function faultSet(list: readonly Fault[]): FaultSet {
  return {
    list,
    has: (kind) => list.some((fault) => fault.kind === kind),
    value: (kind) => list.find((fault) => fault.kind === kind)?.value,
  };
}

/** Reads `kind=value;name=value,kind`. Throws a RangeError naming a kind that does not exist. */
export function parseFaults(text: string): Fault[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(parseFault);
}

function parseFault(text: string): Fault {
  const [head = "", ...rest] = text.split(";").map((part) => part.trim());
  const [kind, value] = halves(head);
  if (!isFaultKind(kind)) {
    throw new RangeError(`No fault is called "${kind}". There are: ${Object.keys(FAULT_KINDS).join(", ")}.`);
  }
  const params = Object.fromEntries(rest.map((part) => [halves(part)[0], halves(part)[1] ?? ""]));
  return value === undefined ? { kind, params } : { kind, value, params };
}

/** Parted at the first `=`: the ids of some APIs end with one. */
function halves(text: string): [string, string | undefined] {
  const at = text.indexOf("=");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function isFaultKind(kind: string): kind is FaultKind {
  return Object.hasOwn(FAULT_KINDS, kind);
}
