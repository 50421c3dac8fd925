import type { SourceBooking } from "../ports/booking-source.ts";
import { ABSENT, type Stored, type Write } from "../ports/store.ts";
import { later } from "../sync/time.ts";
import { type Desk, putBooking, putMap } from "./desk.ts";
import { bookingKey, type EventMap, type ImportDoc, type JournalEntry } from "./documents.ts";
import { logEffect, originOf } from "./effect-log.ts";
import { reviewOfImport } from "./importable.ts";
import { withoutIntent, withUid } from "./incarnation.ts";
import { INTENT_MS } from "./intent.ts";
import { withEntry } from "./journal.ts";
import { renderContent } from "./render.ts";
import { closing } from "./review.ts";
import { endOf } from "./settle.ts";
import { takeTruth } from "./truth.ts";

/**
 * The meeting is this booking's event from now on: booking, map and import in one commit. The marker is still owed; until
 * it is written the map alone says whose the event is. The desk's turn goes on from there.
 */
export async function linkImport(desk: Desk, stored: Stored<ImportDoc>, made: SourceBooking): Promise<void> {
  const known = desk.booking.seen?.version ?? 0;
  if ((made.version ?? known) >= known) takeTruth(desk, made);
  desk.map = linkedMap(desk, stored.data, made);
  desk.eventRead = false;
  const { order: _sent, error: _mended, ...doc } = stored.data;
  const done: ImportDoc = {
    ...doc,
    ...{ status: "done", bookingKey: bookingKey(desk.place.source, made.id), eventId: desk.map.eventId },
    ...{ dirty: false, nextAttempt: "", attempts: 0 },
  };
  const writes: Write[] = [
    putBooking(desk),
    putMap(desk),
    { kind: "put", ref: stored.ref, data: done, ifVersion: stored.version },
    ...(await closing(desk.store, reviewOfImport(doc.eventId), desk.now)),
  ];
  const [bookingVersion = ABSENT, mapVersion = ABSENT] = await desk.store.commit(writes);
  desk.bookingVersion = bookingVersion;
  desk.mapVersion = mapVersion;
  desk.storedBooking = desk.booking;
  desk.storedMap = desk.map;
  logEffect(desk, { rule: "import-meeting" }, { kind: "create-booking" }, "created");
}

/**
 * Agreed is what either side said when the booking was ordered: the words as each has them, so that nobody's are written
 * over; the time as it was ordered, so that a move since then shows as one, whoever made it.
 */
function linkedMap(desk: Desk, doc: ImportDoc, made: SourceBooking): EventMap {
  const { eventId, iCalUid, isOfSeries, order, shown } = doc;
  const { event: _other, eventKey: _key, error: _mended, refusals: _past, ...map } = withoutIntent(desk.map);
  const span = order?.span ?? made.span;
  const booking = renderContent(desk.resource, { id: made.id, span, fields: made.fields });
  const linked: EventMap = {
    ...map,
    ...{
      eventId,
      imported: true,
      marker: isOfSeries ? "waived" : "owed",
      base: { booking, event: shown, agreement: 0 },
    },
    ...{ status: "active", dirty: true, nextAttempt: later(desk.now, INTENT_MS), attempts: 0 },
    ...{ endsAt: endOf(shown.span), since: desk.now },
    ...{ lastSource: originOf(desk, "create-booking"), lastSyncedAt: desk.now },
    journal: withEntry(desk, entryOfImport(desk, doc)),
  };
  return desk.calendar.capabilities.assignsIds ? withUid(linked, iCalUid) : linked;
}

/** As it was before: no booking yet, and no event of ours. */
function entryOfImport({ now, run }: Desk, { isOfSeries }: ImportDoc): JournalEntry {
  return {
    ...{ at: now, saw: `meeting in ${run.id}`, booking: "unseen", event: "none", rule: "import-meeting" },
    effects: [{ effect: "create-booking", answer: "created" }],
    ...{ lost: [], kept: [] },
    ...(isOfSeries && { note: "one day of a series, booked by itself" }),
  };
}
