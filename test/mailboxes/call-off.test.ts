import { afterEach, beforeEach, expect, test } from "vitest";
import { decideMail } from "../../shared/flows/mail/decide-mail.ts";
import { WS } from "../flows/studio.ts";
import { breakCalls, mendCalls } from "../scenarios/scene.ts";
import {
  all,
  alteration,
  arrive,
  cancellation,
  confirmation,
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
let id: string;
/** A stay on both sides beside three others, so that no breaker speaks; a mail calls it off. */
beforeEach(async () => {
  lets = await openLets();
  id = await reserve(lets.studio, JANE.checkIn, JANE.checkOut);
  for (const [from, to] of [
    ["2027-06-01", "2027-06-03"],
    ["2027-06-05", "2027-06-07"],
    ["2027-06-10", "2027-06-12"],
  ] as const) {
    await reserve(lets.studio, from, to);
  }
  await lets.studio.turnSchedulers();
  await arrive(lets.studio, cancellation(JANE));
  await read(lets);
  await lets.studio.settle();
});
afterEach(() => lets.studio.sandbox.close());

async function stay() {
  return (await stays(lets.studio)).find(({ bookingId }) => bookingId === id);
}

/** The feed forgets it; nobody is told. */
async function dropFromFeed(): Promise<void> {
  await lets.studio.call("POST", "/sandbox/booking/remove", { id });
}

test("R15: a cancellation mail alone takes nothing away: the stay is doubtful and a person is asked", async () => {
  await lets.studio.turnSchedulers();
  await lets.studio.turnSchedulers();

  expect(await titles(lets.studio)).toHaveLength(4);
  expect(await stay()).toMatchObject({ mailSays: { kind: "cancelled" }, seen: { status: "live" } });
  expect(await questions(lets.studio)).toMatchObject([{ kind: "mail-cancellation", key: `feed:${id}` }]);
  const map = (await lets.studio.maps()).find(({ bookingId }) => bookingId === id);
  expect(map?.journal.at(-1)?.rule).toBe("wait-for-evidence");
});

test("R15: with one complete listing that lacks the stay it is enough, and the question closes itself", async () => {
  await dropFromFeed();

  await lets.studio.poll();
  await lets.studio.settle();
  expect(await titles(lets.studio)).toHaveLength(3);
  await read(lets);

  expect(await questions(lets.studio)).toEqual([]);
  expect(await all(lets.studio, "reviewItems")).toMatchObject([{ outcome: "caught-up" }]);
  expect((await stay())?.mailSays).toBeUndefined();
});

test("R15: without a mail one listing is never enough", async () => {
  const other = (await stays(lets.studio)).find(({ checkIn }) => checkIn === "2027-06-01");
  await lets.studio.call("POST", "/sandbox/booking/remove", { id: other?.bookingId });

  await lets.studio.poll();
  await lets.studio.settle();

  expect(await titles(lets.studio)).toHaveLength(4);
});

test("R15: a listing that is not whole proves nothing, mail or no mail", async () => {
  await dropFromFeed();
  await breakCalls(lets.studio, { api: "booking" as never, kinds: ["first-page"], path: "reservations" });
  await lets.studio.call("POST", "/sandbox/options", { bookingPageSize: 1 });

  await lets.studio.poll();
  await lets.studio.settle();
  await mendCalls(lets.studio);

  expect(await titles(lets.studio)).toHaveLength(4);
});

test("R15: a person who says that the mail is wrong has the stay back as its source tells it", async () => {
  const [question] = await questions(lets.studio);

  await decideMail(lets.world, WS, question?.id ?? "", { kind: "ignore", always: false }, "key:1");
  await lets.studio.settle();

  expect((await stay())?.mailSays).toBeUndefined();
  await dropFromFeed();
  await lets.studio.poll();
  await lets.studio.settle();
  expect(await titles(lets.studio)).toHaveLength(4);
});

test("an alteration mail changes nothing by itself, and its question closes when the feed says the same", async () => {
  const PAUL = { code: "HMPAUL1234", name: "Paul Keller", checkIn: "2027-06-05", checkOut: "2027-06-07" };
  const later = { ...PAUL, checkIn: "2027-06-06", checkOut: "2027-06-08" };
  await arrive(lets.studio, confirmation(PAUL));
  await arrive(lets.studio, alteration(later));

  await read(lets);
  await lets.studio.settle();
  const asked = (await questions(lets.studio)).filter(({ kind }) => kind === "mail-alteration");
  const altered = (await stays(lets.studio)).find(({ code }) => code === "hmpaul1234");
  expect(asked).toMatchObject([{ key: altered?.key }]);
  expect(altered).toMatchObject({ checkIn: PAUL.checkIn, checkOut: PAUL.checkOut });

  const { checkIn: start, checkOut: end } = later;
  await lets.studio.call("POST", "/sandbox/booking/move", { id: altered?.bookingId, start, end });
  await lets.studio.turnSchedulers();
  await read(lets);

  expect((await questions(lets.studio)).map(({ kind }) => kind)).toEqual(["mail-cancellation"]);
});
