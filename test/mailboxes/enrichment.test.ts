import { afterEach, expect, test } from "vitest";
import { undoEnrichment } from "../../shared/flows/mail/enrichment.ts";
import { replayMails } from "../../shared/flows/mail/replay.ts";
import { WS } from "../flows/studio.ts";
import {
  all,
  arrive,
  confirmation,
  facts,
  type Lets,
  openLets,
  questions,
  read,
  reserve,
  stays,
  titles,
} from "./lets.ts";

const JANE = { code: "HMABCD1234", name: "Jane Doe", checkIn: "2027-05-07", checkOut: "2027-05-09" };

let lets: Lets;
afterEach(() => lets.studio.sandbox.close());

/** A stay in the feed, on the calendar as the feed tells it, and a mail that names its guest. */
async function enrichedStay(stay: Record<string, unknown> = {}): Promise<string> {
  lets = await openLets();
  const id = await reserve(lets.studio, JANE.checkIn, JANE.checkOut, stay);
  await lets.studio.turnSchedulers();
  await arrive(lets.studio, confirmation(JANE));
  await read(lets);
  await lets.studio.settle();
  return id;
}

test("a confirmation names the guest of its stay, on the calendar too, and says where that comes from", async () => {
  await enrichedStay();

  const [stay] = await stays(lets.studio);
  expect(stay?.enrichment).toMatchObject({
    guestName: { value: "Jane Doe", reason: "Exact Date", was: null },
    guestCount: { value: 2, reason: "Exact Date" },
    confirmationCode: { value: "HMABCD1234" },
  });
  expect(await titles(lets.studio)).toEqual(["Jane Doe 2"]);
  expect(await all(lets.studio, "links")).toMatchObject([
    { bookingKey: stay?.key, reason: "Exact Date", by: "lockstep" },
  ]);
  expect(await questions(lets.studio)).toEqual([]);
});

test("S52: what a mail added survives every later read of the feed, moved dates included", async () => {
  const id = await enrichedStay();

  await lets.studio.call("POST", "/sandbox/booking/move", { id, start: "2027-05-08", end: "2027-05-10" });
  await lets.studio.turnSchedulers();
  await lets.studio.turnSchedulers();

  const [stay] = await stays(lets.studio);
  expect(stay).toMatchObject({ checkIn: "2027-05-08", checkOut: "2027-05-10", code: "hmabcd1234" });
  expect(stay?.enrichment).toMatchObject({ guestName: { value: "Jane Doe" } });
  expect(await titles(lets.studio)).toEqual(["Jane Doe 2"]);
});

test("S52: reading mail and feed again writes nothing", async () => {
  await enrichedStay();
  await lets.studio.turnSchedulers();
  lets.studio.providerCalls();

  await lets.studio.turnSchedulers();

  const writes = lets.studio.providerCalls().filter((call) => /^(POST|PATCH|PUT|DELETE) \/google/.test(call));
  expect(writes).toEqual([]);
  expect(await all(lets.studio, "emails")).toHaveLength(1);
});

test("S50: a name the feed states stays, whatever a mail says", async () => {
  await enrichedStay({ organiser: { name: "Rosie Bomer" } });

  const [stay] = await stays(lets.studio);
  expect(stay?.enrichment?.guestName).toBeUndefined();
  expect(await questions(lets.studio)).toMatchObject([{ kind: "mail-ambiguous", candidates: [stay?.key] }]);
  expect(await titles(lets.studio)).toEqual(["Rosie Bomer"]);
});

test("S50: a placeholder of the feed gives way to the name, and a later mail without a name changes nothing", async () => {
  await enrichedStay({ organiser: { name: "Guest" } });

  const again = confirmation({ ...JANE, name: "Airbnb Guest" });
  await arrive(lets.studio, { ...again, text: String(again["text"]).replace("2 adults", "") });
  await read(lets);
  await lets.studio.settle();

  expect(await titles(lets.studio)).toEqual(["Jane Doe 2"]);
});

test("S50: reminders, reviews and replies add nothing and ask nobody", async () => {
  lets = await openLets();
  await reserve(lets.studio, JANE.checkIn, JANE.checkOut);
  await lets.studio.turnSchedulers();
  for (const subject of ["Reminder: Jane Doe arrives tomorrow", "Write a review for Jane Doe", "Re: your stay"]) {
    await arrive(lets.studio, { subject, text: String(confirmation(JANE)["text"]), from: "Jane <jane@guest.example>" });
  }

  const run = await read(lets);

  expect(run).toMatchObject({ scanned: 3, kept: 3, enriched: 0, asked: 0 });
  expect((await stays(lets.studio))[0]?.enrichment).toBeUndefined();
  expect((await facts(lets.studio)).map(({ state }) => state)).toEqual(["nothing", "nothing", "nothing"]);
});

test("no mail ever makes a booking", async () => {
  lets = await openLets();
  await arrive(lets.studio, confirmation(JANE));

  await read(lets);
  await lets.studio.turnSchedulers();

  expect(await stays(lets.studio)).toEqual([]);
  expect(await titles(lets.studio)).toEqual([]);
});

test("what a mail added can be taken back, on the calendar too, and no replay adds it anew", async () => {
  await enrichedStay();
  const [stay] = await stays(lets.studio);

  await undoEnrichment(lets.world, WS, stay?.key ?? "");
  await lets.studio.settle();
  await replayMails(lets.world, WS, { apply: true, limit: 100 });
  await lets.studio.settle();

  const [after] = await stays(lets.studio);
  expect(after?.enrichment).toBeUndefined();
  expect(after?.declined).toHaveLength(3);
  expect((await titles(lets.studio))[0]).not.toContain("Jane");
});

test("a title that people changed on the calendar is merged as ever: what they wrote is not lost unseen", async () => {
  lets = await openLets();
  await reserve(lets.studio, JANE.checkIn, JANE.checkOut);
  await lets.studio.turnSchedulers();
  await arrive(lets.studio, confirmation(JANE));
  await read(lets);

  await lets.studio.turnSchedulers();

  const [map] = await lets.studio.maps();
  expect(map).toMatchObject({ status: "active", dirty: false });
  expect(map?.journal.at(-1)?.rule).toBe("carry-booking-change");
});
