import fc from "fast-check";
import { expect, test } from "vitest";
import { compose } from "../../scripts/mail/compose.ts";
import { readCorpus } from "../../scripts/mail/corpus.ts";
import { readMail } from "../../shared/mail/read-mail.ts";

const RAWS = [...readCorpus(process.cwd(), "tuning"), ...readCorpus(process.cwd(), "held-out")].map(compose);

type Cut = { readonly at: number; readonly length: number; readonly put: Uint8Array };

const cuts = fc.array(fc.record({ at: fc.nat(20_000), length: fc.nat(400), put: fc.uint8Array({ maxLength: 30 }) }), {
  minLength: 1,
  maxLength: 6,
});

test("mutated mails are read without an exception, and state only what is well formed", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...RAWS), cuts, async (raw, changes) => {
      const { facts } = await readMail(mutated(raw, changes), {});

      for (const date of [facts.checkIn, facts.checkOut])
        expect(date?.value ?? "2027-05-07").toMatch(/^\d{4}-\d\d-\d\d$/);
      if (facts.checkIn !== null && facts.checkOut !== null)
        expect(facts.checkIn.value < facts.checkOut.value).toBe(true);
      expect(facts.guestCount?.value ?? 1).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});

test("a mail without subject, date or sender, with NUL bytes or nothing in it, is read as what it is", async () => {
  const odd = [
    "",
    "\n",
    "Subject:\n\n",
    "no header at all",
    "From: x\n\n\0\0Check-in\0: May 7",
    "Content-Type: multipart/mixed\n\n--",
  ];
  const readings = await Promise.all(odd.map((text) => readMail(Buffer.from(text), {})));

  expect(readings.map(({ kind, action }) => `${kind} ${action}`)).toEqual(odd.map(() => "other none"));
});

test("a huge mail and deeply nested markup are read in bounded time", async () => {
  const nested = `${"<div><table><tr><td>".repeat(20_000)}Confirmation code: HMAB12CD34`;
  const long = `Check-in: ${"9".repeat(200_000)} May ${"a ".repeat(500_000)}`;
  const started = performance.now();
  for (const body of [nested, long]) {
    await readMail(
      Buffer.from(`From: a@airbnb.com\nSubject: Reservation confirmed\nContent-Type: text/html\n\n${body}`),
      {},
    );
  }

  expect(performance.now() - started).toBeLessThan(15_000);
});

function mutated(raw: Uint8Array, changes: readonly Cut[]): Uint8Array {
  let bytes = [...raw];
  for (const { at, length, put } of changes) {
    const start = at % Math.max(1, bytes.length);
    bytes = [...bytes.slice(0, start), ...put, ...bytes.slice(start + length)];
  }
  return Uint8Array.from(bytes);
}
