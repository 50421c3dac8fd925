import { afterEach, beforeEach, expect, test } from "vitest";
import { decideMail } from "../../shared/flows/mail/decide-mail.ts";
import { WS } from "../flows/studio.ts";
import {
  all,
  arrive,
  cancellation,
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
const DAY_MS = 86_400_000;

let lets: Lets;
beforeEach(async () => {
  lets = await openLets();
});
afterEach(() => lets.studio.sandbox.close());

async function openQuestion(): Promise<string> {
  await arrive(lets.studio, confirmation(JANE));
  await read(lets);
  const [question] = await questions(lets.studio);
  return question?.id ?? "";
}

/** The feed shows the stay, and everything is looked at. */
async function showStay(more: Record<string, unknown> = {}): Promise<string> {
  await reserve(lets.studio, JANE.checkIn, JANE.checkOut, more);
  await lets.studio.turnSchedulers();
  const keys = (await stays(lets.studio)).map(({ key }) => key);
  return keys.at(-1) ?? "";
}

test("S51: a mail before its feed is one question, which closes itself when the stay appears", async () => {
  await openQuestion();
  await arrive(lets.studio, confirmation(JANE));
  const again = await read(lets);
  expect(again).toMatchObject({ asked: 1 });
  // Two mails, each with its own question.
  expect(await questions(lets.studio)).toHaveLength(2);

  await showStay();
  await lets.studio.turnSchedulers();

  expect(await questions(lets.studio)).toEqual([]);
  expect(await all(lets.studio, "reviewItems")).toMatchObject([
    { status: "resolved", outcome: "matched", resolvedBy: "lockstep" },
    { status: "resolved", outcome: "matched", resolvedBy: "lockstep" },
  ]);
  expect(await titles(lets.studio)).toEqual(["Jane Doe 2"]);
});

test("S51: looking again at what still waits writes nothing", async () => {
  await openQuestion();
  await read(lets);
  const before = await all(lets.studio, "reviewItems");

  const run = await read(lets);

  expect(run).toMatchObject({ closed: 0, asked: 0, scanned: 0 });
  expect(await all(lets.studio, "reviewItems")).toEqual(before);
});

test("two stays on the same days are a question, and a person's link finishes it", async () => {
  lets.studio.sandbox.close();
  lets = await openLets({ property: "seaside" });
  await reserve(lets.studio, JANE.checkIn, JANE.checkOut, { force: true });
  await reserve(lets.studio, JANE.checkIn, JANE.checkOut, { force: true });
  await lets.studio.turnSchedulers();
  await arrive(lets.studio, confirmation(JANE));
  await read(lets);
  const question = (await questions(lets.studio)).find(({ kind }) => kind === "mail-ambiguous");
  const id = question?.id ?? "";
  expect(question).toMatchObject({ kind: "mail-ambiguous", candidates: [expect.any(String), expect.any(String)] });
  const [first = ""] = question?.candidates ?? [];

  await decideMail(lets.world, WS, id, { kind: "link", booking: first, always: false }, "key:1");

  const named = (await stays(lets.studio)).filter(({ enrichment }) => enrichment?.guestName?.value === "Jane Doe");
  expect(named.map(({ key }) => key)).toEqual([first]);
  expect(named[0]?.enrichment?.guestName).toMatchObject({ reason: "Linked", confidence: expect.any(Number) });
  expect((await questions(lets.studio)).filter(({ mail }) => mail !== undefined)).toEqual([]);
  expect(await all(lets.studio, "links")).toMatchObject([{ reason: "Linked", by: "key:1", confidence: 1 }]);
});

test("ignored is ignored: not asked again, whatever the feed shows", async () => {
  const id = await openQuestion();

  await decideMail(lets.world, WS, id, { kind: "ignore", always: false }, "key:1");
  await showStay();
  await lets.studio.turnSchedulers();

  expect((await stays(lets.studio))[0]?.enrichment).toBeUndefined();
  expect(await facts(lets.studio)).toMatchObject([{ state: "ignored" }]);
  await expect(decideMail(lets.world, WS, id, { kind: "ignore", always: false }, "key:1")).rejects.toMatchObject({
    code: "INVALID_STATE",
  });
});

test("ignored for ever, mails of that kind are kept and asked about no more", async () => {
  const id = await openQuestion();
  await decideMail(lets.world, WS, id, { kind: "ignore", always: true }, "key:1");

  await arrive(
    lets.studio,
    confirmation({ ...JANE, code: "HMZZZZ9999", checkIn: "2027-06-01", checkOut: "2027-06-03" }),
  );
  const run = await read(lets);

  expect(run).toMatchObject({ kept: 1, asked: 0 });
  expect(await questions(lets.studio)).toEqual([]);
});

test("put off, a question is not counted as old before then, and still closes itself", async () => {
  const id = await openQuestion();
  const until = "2027-03-20T08:00:00.000Z";
  await decideMail(lets.world, WS, id, { kind: "wait", until }, "key:1");

  lets.studio.clock.advance(10 * DAY_MS);
  await read(lets);
  expect(await ageing()).toEqual([]);
  await showStay();
  await lets.studio.turnSchedulers();

  expect(await questions(lets.studio)).toEqual([]);
});

test("a question that nobody answers for days is an alert, once, which goes with the question", async () => {
  const id = await openQuestion();

  lets.studio.clock.advance(4 * DAY_MS);
  await read(lets);
  await read(lets);
  expect(await ageing()).toMatchObject([{ status: "open" }]);
  await decideMail(lets.world, WS, id, { kind: "ignore", always: false }, "key:1");
  await read(lets);

  expect(await ageing()).toMatchObject([{ status: "closed" }]);
});

test("a question ends by itself a week after its stay", async () => {
  await openQuestion();

  lets.studio.clock.advance(80 * DAY_MS);
  await read(lets);

  expect(await questions(lets.studio)).toEqual([]);
  expect(await all(lets.studio, "reviewItems")).toMatchObject([{ outcome: "expired", resolvedBy: "lockstep" }]);
});

test("mails of stays long over ask nobody, as when a mailbox is connected first", async () => {
  await arrive(lets.studio, confirmation({ ...JANE, checkIn: "2026-05-07", checkOut: "2026-05-09" }));

  const run = await read(lets);

  expect(run).toMatchObject({ kept: 1, asked: 0 });
});

test("a stay that is cancelled before its feed ever shows it is asked about no more", async () => {
  await openQuestion();

  lets.studio.clock.advance(60_000);
  await arrive(lets.studio, cancellation(JANE));
  await read(lets);

  expect(await questions(lets.studio)).toEqual([]);
  expect(await facts(lets.studio)).toMatchObject([{ state: "nothing" }, { state: "nothing" }]);
});

function ageing() {
  return all<{ kind: string; status: string }>(lets.studio, "alerts").then((alerts) =>
    alerts.filter(({ kind }) => kind === "review-ageing"),
  );
}
