import { z } from "zod";
import { readControl } from "../read-control.ts";
import { json, type Reply } from "../wire.ts";
import type { Call } from "../world.ts";
import { refuse } from "./answers.ts";
import { setMeter } from "./meter.ts";
import { keepBooking } from "./relay.ts";
import type { BookingRow, ItemRow } from "./rows.ts";
import { bookingsOf, commentsOf, itemsOf } from "./shelves.ts";
import { forgetAllTokens, issueRefreshToken } from "./token.ts";

const FIRST_ID = 12_344;
const Wall = z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);
const Items = z.array(
  z.strictObject({ item: z.number().int(), start: Wall.exactOptional(), end: Wall.exactOptional() }),
);
const Changes = {
  group: z.string().exactOptional(),
  start: z.iso.date().exactOptional(),
  end: z.iso.date().exactOptional(),
  leaders: z.number().int().exactOptional(),
  participants: z.number().int().exactOptional(),
  status: z.enum(["provisional", "confirmed", "cancelled"]).exactOptional(),
  email: z.string().exactOptional(),
  items: Items.exactOptional(),
};
const Named = z.strictObject({ id: z.coerce.string() });
const Book = z.strictObject({ ...Changes, group: z.string(), start: z.iso.date(), end: z.iso.date() });
const Edit = z.strictObject({ id: z.coerce.string(), ...Changes });
const Note = z.strictObject({ id: z.coerce.string(), comment: z.string(), author: z.string().default("Warden") });
const Meter = z.strictObject({ calls: z.number().int().min(0) });
type Changed = z.infer<typeof Edit>;

/** What wardens do on OSM's own screens, and what befalls the account. */
export const WARDEN_ACTIONS: Readonly<Record<string, (call: Call) => Reply>> = {
  book: (call) => shown(book(call, readControl(call, Book))),
  edit: (call) => shown(edit(call, readControl(call, Edit))),
  confirm: (call) => shown(setStatus(call, "confirmed")),
  cancel: (call) => shown(setStatus(call, "cancelled")),
  rebook: (call) => shown(rebook(call, readControl(call, Edit))),
  remove,
  comment,
  spend: (call) => {
    setMeter(call, { calls: readControl(call, Meter).calls });
    return json(200, {});
  },
  unblock: (call) => {
    setMeter(call, { blocked: false, calls: 0 });
    return json(200, {});
  },
  authorize: (call) => json(200, { refresh_token: issueRefreshToken(call) }),
  "expire-tokens": (call) => {
    forgetAllTokens(call);
    return json(200, {});
  },
};

export function book(call: Call, { group, start, end, ...more }: z.infer<typeof Book>): BookingRow {
  const blank = { number_leaders: 4, number_participants: 20, status: "confirmed" as const, email: "", items: [] };
  const id = FIRST_ID + call.world.next("osm-booking");
  const row: BookingRow = { id, group_name: group, start_date: start, end_date: end, ...blank };
  return keepBooking(call, changed(call, row, more));
}

function edit(call: Call, { id, ...changes }: Changed): BookingRow {
  return keepBooking(call, changed(call, named(call, id), changes));
}

function setStatus(call: Call, status: BookingRow["status"]): BookingRow {
  return keepBooking(call, { ...named(call, readControl(call, Named).id), status });
}

/** OSM cancels by itself, and the group books the same again: another id, and nothing links the two (S07). */
function rebook(call: Call, { id, ...changes }: Changed): BookingRow {
  const old = named(call, id);
  const row = { ...old, id: FIRST_ID + call.world.next("osm-booking"), status: "confirmed" as const };
  keepBooking(call, { ...old, status: "cancelled", rebookedAs: row.id });
  return keepBooking(call, changed(call, row, changes));
}

function remove(call: Call): Reply {
  const row = named(call, readControl(call, Named).id);
  bookingsOf(call.world).remove("bookings", String(row.id));
  return json(200, { id: row.id });
}

function comment(call: Call): Reply {
  const { id, ...words } = readControl(call, Note);
  const row = named(call, id);
  const created_at = new Date(call.world.now()).toISOString().slice(0, 19).replace("T", " ");
  commentsOf(call.world).put("comments", String(call.world.next("osm-comment")), {
    booking: row.id,
    ...words,
    created_at,
  });
  return json(200, { id: row.id });
}

function named(call: Call, id: string): BookingRow {
  return bookingsOf(call.world).get("bookings", id) ?? refuse(404, "Booking not found.");
}

/** Items follow the booking's days, unless they are given. */
function changed(call: Call, row: BookingRow, changes: Omit<Changed, "id">): BookingRow {
  const { group, start, end, leaders, participants, status, email, items } = changes;
  const next = {
    ...row,
    group_name: group ?? row.group_name,
    start_date: start ?? row.start_date,
    end_date: end ?? row.end_date,
    number_leaders: leaders ?? row.number_leaders,
    number_participants: participants ?? row.number_participants,
    status: status ?? row.status,
    email: email ?? row.email,
  };
  if (next.end_date < next.start_date) refuse(400, "The end is before the start.");
  const wanted = items ?? row.items.map((item) => ({ item: item.campsite_item_id, ...timesKept(item, start, end) }));
  return { ...next, items: wanted.map((item) => itemOf(call, next, item)) };
}

function timesKept(item: ItemRow, start: string | undefined, end: string | undefined) {
  return {
    start: start === undefined ? item.start_timestamp : `${start}${item.start_timestamp.slice(10)}`,
    end: end === undefined ? item.end_timestamp : `${end}${item.end_timestamp.slice(10)}`,
  };
}

function itemOf(call: Call, row: Omit<BookingRow, "items">, wanted: z.infer<typeof Items>[number]): ItemRow {
  if (itemsOf(call.world).get("items", String(wanted.item)) === undefined) refuse(400, "Unknown item.");
  return {
    campsite_item_id: wanted.item,
    start_timestamp: wanted.start ?? `${row.start_date} 16:00:00`,
    end_timestamp: wanted.end ?? `${row.end_date} 14:00:00`,
    number_people: row.number_leaders + row.number_participants,
  };
}

function shown(row: BookingRow): Reply {
  return json(200, row);
}
