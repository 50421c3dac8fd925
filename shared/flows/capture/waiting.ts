import type { DirectoryRow } from "../../ports/booking-directory.ts";
import type { DocumentStore, Stored, Write } from "../../ports/store.ts";
import type { Instant } from "../../sync/time.ts";
import { bookingKey } from "../documents.ts";
import { type LinkDoc, linkRef } from "./links.ts";

const PAGE = 1_000;
/** Waiting numbers looked at when bookings come (law 12): more than mails of years. */
const MAX_PAGES = 10;
const MAX_WRITES = 400;

/** Mails that named these bookings before anybody knew them are linked now. Answers how many. */
export async function linkWaiting(
  store: DocumentStore,
  source: string,
  added: readonly Pick<DirectoryRow, "id">[],
  now: Instant,
): Promise<number> {
  const ids = new Set(added.map(({ id }) => id));
  let linked = 0;
  let writes: Write[] = [];
  for (const waiting of await allWaiting(store)) {
    if (!ids.has(waiting.data.ref)) continue;
    linked += 1;
    writes.push(...becomeLink(waiting, source, now));
    if (writes.length < MAX_WRITES) continue;
    await store.commit(writes);
    writes = [];
  }
  if (writes.length > 0) await store.commit(writes);
  return linked;
}

async function allWaiting(store: DocumentStore): Promise<Stored<LinkDoc>[]> {
  const found: Stored<LinkDoc>[] = [];
  const where = [{ field: "status", op: "==", value: "waiting" }] as const;
  for (let page = 0; page < MAX_PAGES; page++) {
    const after = found.at(-1)?.ref.id;
    const rows = await store.query<LinkDoc>({
      collection: "links",
      where,
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    found.push(...rows);
    if (rows.length < PAGE) break;
  }
  return found;
}

function becomeLink({ ref, data, version }: Stored<LinkDoc>, source: string, now: Instant): Write[] {
  const key = bookingKey(source, data.ref);
  const link: LinkDoc = { ...data, status: "linked", bookingKey: key, at: now };
  return [
    { kind: "delete", ref, ifVersion: version },
    { kind: "put", ref: linkRef(data.mail, key), data: link },
  ];
}
