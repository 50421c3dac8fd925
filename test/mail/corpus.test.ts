import { expect, test } from "vitest";
import { shortcomings } from "../../scripts/bench/mail.ts";
import { readCorpus } from "../../scripts/mail/corpus.ts";
import { scoreCorpus } from "../../scripts/mail/score.ts";

test.each(["tuning", "held-out"] as const)("the %s mails are read as well as issue 5 asks", async (part) => {
  const score = await scoreCorpus(readCorpus(process.cwd(), part));

  expect(shortcomings(score)).toEqual([]);
});

test("at least 150 mails are labelled, a third of them held out", () => {
  const [tuning, heldOut] = [readCorpus(process.cwd(), "tuning"), readCorpus(process.cwd(), "held-out")];

  expect(tuning.length + heldOut.length).toBeGreaterThanOrEqual(150);
  expect(heldOut.length * 2).toBeGreaterThanOrEqual(tuning.length);
});
