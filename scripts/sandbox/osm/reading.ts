import { Temporal } from "temporal-polyfill";
import type { Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { ok, refuse } from "./answers.ts";
import type { BookingRow } from "./rows.ts";
import { bookingsOf, commentsOf, itemsOf } from "./shelves.ts";

const PRICE_PER_HEAD = 8;

/** What each mode shows. There is no `confirmed`. */
const MODES: Readonly<Record<string, (row: BookingRow, today: string) => boolean>> = {
  provisional: ({ status }) => status === "provisional",
  current: ({ status, start_date, end_date }, today) =>
    status === "confirmed" && start_date <= today && today <= end_date,
  future: ({ status, start_date }, today) => status === "confirmed" && today < start_date,
  past: ({ status, end_date }, today) => status === "confirmed" && end_date < today,
  cancelled: ({ status }) => status === "cancelled",
};

export function listBookings(call: Call): Reply {
  const shows = MODES[call.request.query.get("mode") ?? ""] ?? refuse(400, "Unknown mode.");
  const today = todayOf(call);
  const rows = bookingsOf(call.world)
    .all("bookings")
    .filter((row) => shows(row, today));
  return ok(listOf(call, distort(call, rows.map(showRow))));
}

/** Lists that lie, for S02, S03 and S41. */
function distort({ faults }: Call, rows: Record<string, unknown>[]): Record<string, unknown>[] {
  if (faults.has("empty")) return [];
  const half = faults.has("truncate") ? rows.slice(0, Math.ceil(rows.length / 2)) : rows;
  const left = half.filter((row) => String(row["id"]) !== faults.value("omit"));
  const bad = { id: 999_999, group_name: "\u0000", start_date: "soon", end_date: null, status: "confirmed" };
  return faults.has("bad-row") ? [...left, bad] : left;
}

export function showBooking(call: Call, id: string): Reply {
  const row = bookingsOf(call.world).get("bookings", id);
  if (row === undefined || call.faults.value("omit") === id) return refuse(404, "Booking not found.");
  const items = listOf(
    call,
    row.items.map((item, index) => ({ id: index + 1, ...item })),
  );
  if (!call.world.options().osmDetailRows) return ok({ items });
  return ok({ ...showRow(row), items, ...(row.email === "" ? {} : { contact: { email: row.email } }) });
}

/** The campsite's catalogue: what can be booked, not what is. */
export function listItems(call: Call): Reply {
  return ok(listOf(call, itemsOf(call.world).all("items")));
}

export function listComments(call: Call, id: string): Reply {
  if (call.request.query.get("section_id") === null) return refuse(400, "section_id is required.");
  const comments = commentsOf(call.world)
    .all("comments")
    .filter(({ booking }) => String(booking) === id);
  return ok(
    listOf(
      call,
      comments.map(({ booking: _, ...comment }, index) => ({ id: index + 1, ...comment })),
    ),
  );
}

function showRow(row: BookingRow): Record<string, unknown> {
  const { email: _email, rebookedAs: _next, items, ...told } = row;
  const heads = row.number_leaders + row.number_participants;
  return {
    ...told,
    campsite_site_id: 1,
    campsite_organisation_id: 9,
    member_id: 77,
    deposit: "50.00",
    deposit_due: `${row.start_date} 00:00:00`,
    total_price: (heads * PRICE_PER_HEAD + items.length).toFixed(2),
    total_paid: "50.00",
  };
}

/** PHP's empty list. */
function listOf(call: Call, rows: readonly object[]): object {
  return rows.length === 0 && call.world.options().osmEmptyObjects ? {} : rows;
}

/** The campsite's day. */
export function todayOf({ world }: Call): string {
  const at = Temporal.Instant.fromEpochMilliseconds(world.now());
  return at.toZonedDateTimeISO(world.options().timeZone).toPlainDate().toString();
}
