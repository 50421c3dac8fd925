import { LockstepError } from "../../errors.ts";
import type { BookingComment, BookingDirectory, OpenedBooking } from "../../ports/booking-directory.ts";
import type { Client } from "./client.ts";
import { findDetail } from "./detail.ts";
import { openItemsMemory } from "./items-memory.ts";
import { toldBy } from "./list.ts";
import { listRows } from "./rows.ts";
import { Comment, Detail, Item, List } from "./schema.ts";
import { asDirectoryRow, readDetails, readRow } from "./translate.ts";

const MAX_COMMENTS = 200;

/** Where people look OSM's bookings up. */
export function openDirectory(client: Client): BookingDirectory {
  return {
    async rows(options) {
      const { memory } = client.connection;
      const [listed, items] = await Promise.all([listRows(client, options?.until), openItemsMemory(memory)]);
      return toldBy(listed, items.known);
    },
    open: (id) => openBooking(client, id),
  };
}

async function openBooking(client: Client, id: string): Promise<OpenedBooking | undefined> {
  const data = await findDetail(client, id, false);
  if (data === undefined) return undefined;
  const found = readRow({ id, ...data });
  const row = "row" in found ? found.row : (await listRows(client)).rows.get(id);
  if (row === undefined) return undefined;
  const { comments, lacks } = await readComments(client, id);
  const email = readDetails(data, client.connection.settings)?.email;
  return { row: asDirectoryRow(row, email), items: itemsIn(data), comments, lacks };
}

function itemsIn(data: object): OpenedBooking["items"] {
  const detail = Detail.safeParse(data);
  const items = detail.success ? detail.data.items : [];
  return items.flatMap((each) => {
    const item = Item.safeParse(each);
    if (!item.success) return [];
    const { campsite_item_id: id, start_timestamp: start, end_timestamp: end, number_people: people } = item.data;
    return [{ id, start, end, ...(people == null ? {} : { people }) }];
  });
}

/** Comments are the one thing that may be missing: the booking is shown without them. */
async function readComments(client: Client, id: string): Promise<Pick<OpenedBooking, "comments" | "lacks">> {
  const { sectionId } = client.connection.settings;
  if (sectionId === undefined) return { comments: [], lacks: ["Comments are not read: set sectionId of this source."] };
  const path = `/v3/comments/campsite_booking/${encodeURIComponent(id)}/list?section_id=${sectionId}`;
  try {
    const found = await client.find({ what: `the comments of booking ${id}`, path, answer: List });
    return { comments: (found?.data ?? []).slice(0, MAX_COMMENTS).flatMap(asComment), lacks: [] };
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return { comments: [], lacks: [`OSM did not tell the comments (${error.provider ?? error.code}).`] };
  }
}

function asComment(item: unknown): BookingComment[] {
  const read = Comment.safeParse(item);
  if (!read.success) return [];
  const { comment, text = comment, author, created_at: at } = read.data;
  if (text == null) return [];
  return [{ text, ...(author == null ? {} : { author }), ...(at == null ? {} : { at }) }];
}
