import { expect, test } from "vitest";
import { findRefs } from "../../shared/flows/capture/find-refs.ts";

const refs = (subject: string, body = "") => findRefs(subject, body).map(({ ref, confidence }) => [ref, confidence]);

test("a number after # or a word for it is a booking's, in the subject more surely than in the text", () => {
  expect(refs("Re: Booking #12345 – deposit")).toEqual([["12345", 0.99]]);
  expect(refs("Hello", "about # 12345")).toEqual([["12345", 0.95]]);
  expect(refs("Booking 12345")).toEqual([["12345", 0.95]]);
  expect(refs("Hello", "our booking reference: 12345.")).toEqual([["12345", 0.9]]);
  expect(refs("Hello", "Ref.12345")).toEqual([["12345", 0.9]]);
});

test("a bare number may be one; money, dates, times, telephone numbers, addresses and years are none", () => {
  expect(refs("12345")).toEqual([["12345", 0.8]]);
  expect(refs("Hello", "That is 12345, I think")).toEqual([["12345", 0.6]]);
  for (const text of [
    "£12345",
    "12345.50",
    "12/2027",
    "2027-05-07",
    "in 2027",
    "01234 567890",
    "+441234",
    "x12345",
    "12345@x.org",
  ]) {
    expect(refs("Hello", text), text).toEqual([]);
  }
});

test("a colour, an HTML entity and a longer number are no booking's", () => {
  for (const text of ["&#12345;", "#1234567890", "colour#123456"]) expect(refs("Hello", text), text).toEqual([]);
});

test("each number once, as surely as its best place, at most twenty, the surest first", () => {
  const many = Array.from({ length: 40 }, (_, n) => 20_000 + n).join(", and ");

  expect(refs("12345", "12345 and #12345")).toEqual([["12345", 0.95]]);
  expect(findRefs("#12345", many)).toHaveLength(20);
  expect(findRefs("#12345", many)[0]?.ref).toBe("12345");
});

test("law 12: a long text of digits and spaces is read in no time", () => {
  const began = performance.now();

  findRefs("x".repeat(1_000), "1 2 ".repeat(50_000));
  findRefs("#".repeat(1_000), "booking no. ".repeat(15_000));

  expect(performance.now() - began).toBeLessThan(1_000);
});
