import { afterEach, beforeEach, expect, test } from "vitest";
import { type FactsDoc, factsRef } from "../../shared/flows/mail/facts.ts";
import { replayMails } from "../../shared/flows/mail/replay.ts";
import type { MailReading } from "../../shared/mail/reading.ts";
import { WS } from "../flows/studio.ts";
import { all, arrive, confirmation, facts, type Lets, openLets, read, reserve, stays, titles } from "./lets.ts";

const JANE = { code: "HMABCD1234", name: "Jane Doe", checkIn: "2027-05-07", checkOut: "2027-05-09" };

let lets: Lets;
/** A mail that an older reader misread: it took the wrong name, and wrote it to the stay. */
beforeEach(async () => {
  lets = await openLets();
  await reserve(lets.studio, JANE.checkIn, JANE.checkOut);
  await lets.studio.turnSchedulers();
  await arrive(lets.studio, confirmation(JANE));
  await read(lets);
  await lets.studio.settle();
});
afterEach(() => lets.studio.sandbox.close());

/** As if an older reader had read it so. */
async function misread(change: (reading: MailReading) => MailReading): Promise<void> {
  const [doc] = await facts(lets.studio);
  if (doc?.reading === undefined) throw new Error("nothing was read");
  const data: FactsDoc = { ...doc, reading: change(doc.reading) };
  await lets.studio.store.commit([{ kind: "put", ref: factsRef(doc.id), data }]);
  const [stay] = await lets.studio.store.query<Record<string, unknown>>({ collection: "bookings" });
  if (stay === undefined) throw new Error("no stay");
  const name = data.reading?.facts.guestName?.value ?? "";
  const enrichment = stay.data["enrichment"] as { guestName: object };
  const wrong = { ...enrichment, guestName: { ...enrichment.guestName, value: name, readerVersion: 0 } };
  await lets.studio.store.commit([{ kind: "put", ref: stay.ref, data: { ...stay.data, enrichment: wrong } }]);
}

test("a replay with the reader that read last finds nothing to change", async () => {
  expect(await replayMails(lets.world, WS, { apply: false, limit: 100 })).toEqual({
    scanned: 1,
    changes: [],
    applied: false,
    next: null,
  });
});

test("a replay shows what would change and changes nothing, then applies it: the stay too, and its event", async () => {
  await misread((reading) => ({
    ...reading,
    facts: { ...reading.facts, guestName: { value: "Airbnb Support", line: "", confidence: 0.9 } },
  }));
  const before = await all(lets.studio, "bookings");

  const shown = await replayMails(lets.world, WS, { apply: false, limit: 100 });
  expect(shown.changes).toMatchObject([
    { differs: ["guestName"], before: { guestName: "Airbnb Support" }, after: { guestName: "Jane Doe" } },
  ]);
  expect(await all(lets.studio, "bookings")).toEqual(before);

  await replayMails(lets.world, WS, { apply: true, limit: 100 });
  await lets.studio.settle();

  expect((await stays(lets.studio))[0]?.enrichment?.guestName).toMatchObject({ value: "Jane Doe" });
  expect(await titles(lets.studio)).toEqual(["Jane Doe 2"]);
  expect((await replayMails(lets.world, WS, { apply: false, limit: 100 })).changes).toEqual([]);
});

test("a replay goes page by page, and leaves alone what a person decided", async () => {
  await arrive(
    lets.studio,
    confirmation({ ...JANE, code: "HMSECOND12", checkIn: "2027-06-01", checkOut: "2027-06-03" }),
  );
  await read(lets);
  const all2 = await facts(lets.studio);
  for (const doc of all2) {
    const ignored: FactsDoc = {
      ...doc,
      state: "ignored",
      ...(doc.reading && { reading: { ...doc.reading, kind: "other" } }),
    };
    await lets.studio.store.commit([{ kind: "put", ref: factsRef(doc.id), data: ignored }]);
  }

  const first = await replayMails(lets.world, WS, { apply: true, limit: 1 });
  const second = await replayMails(lets.world, WS, { apply: true, limit: 1, after: first.next ?? "" });

  expect([first.scanned, first.changes, second.scanned, second.changes]).toEqual([1, [], 1, []]);
});
