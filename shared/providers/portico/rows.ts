import type { CreatedKind } from "../../ports/booking-source.ts";

/**
 * The unified view: one shape for events, bookings and allocations.
 *
 *   bb_event ──────┐                        ┌── bb_event_resource
 *   bb_booking ────┼─▶ kind, id, times, … ◀─┼── bb_booking_resource
 *   bb_allocation ─┘      words             └── bb_allocation_resource
 *
 * Columns are named one by one: `customer_ssn` and its like, and `secret` (the token of Portico's feedback pages), are
 * never asked for. The words of an event that is not public do not leave the database.
 */
interface Source {
  /** Number of the allocation it takes place in. */
  readonly within: string;
  readonly words: string;
  readonly joins: string;
}

const PUBLIC = (column: string) => `CASE WHEN x.is_public = 1 THEN ${column} END`;

const SOURCES: Readonly<Record<CreatedKind, Source>> = {
  event: {
    within: "NULL::int",
    words: `${PUBLIC("x.name")} AS title, ${PUBLIC("x.description")} AS notes,
      ${PUBLIC("COALESCE(NULLIF(x.organizer, ''), NULLIF(x.contact_name, ''))")} AS customer,
      ${PUBLIC("NULLIF(x.contact_email, '')")} AS email`,
    joins: "",
  },
  booking: {
    within: "x.allocation_id",
    words: "g.name AS title, NULL AS notes, o.name AS customer, NULL AS email",
    joins: "LEFT JOIN bb_group g ON g.id = x.group_id LEFT JOIN bb_organization o ON o.id = g.organization_id",
  },
  allocation: {
    within: "NULL::int",
    words: "o.name AS title, NULL AS notes, o.name AS customer, NULL AS email",
    joins: "LEFT JOIN bb_organization o ON o.id = x.organization_id",
  },
};

export const KINDS = ["event", "booking", "allocation"] as const satisfies readonly CreatedKind[];

/** The rows of one table where `where` holds of `x`; `withKeys` tells which were made by `create`. */
export function selectRows(kind: CreatedKind, where: string, withKeys: boolean): string {
  const { within, words, joins } = SOURCES[kind];
  const isMade = withKeys && kind === "event";
  return `SELECT '${kind}' AS kind, x.id, x.active, ${LOCAL("x.from_")} AS start, ${LOCAL("x.to_")} AS "end",
      ARRAY(SELECT r.resource_id FROM bb_${kind}_resource r WHERE r.${kind}_id = x.id ORDER BY 1) AS resources,
      ${within} AS within, ${words}, ${isMade ? "i.key" : "NULL"} AS made_with
    FROM bb_${kind} x ${joins} ${isMade ? "LEFT JOIN lockstep_import i ON i.event_id = x.id" : ""}
    WHERE ${where}`;
}

function LOCAL(column: string): string {
  return `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS')`;
}
