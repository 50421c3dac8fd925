import * as fc from "fast-check";
import { expect, test } from "vitest";
import { documentId } from "../../shared/flows/document-id.ts";
import { bookingRef, mapRef } from "../../shared/flows/documents.ts";
import { isDocumentId } from "../../shared/ports/store-checks.ts";

test("what is usual is its own document id", () => {
  const usual = ["uschedule:410001~bay-1", "loft-bay-1@sandbox", "é🏌", "_", "__x", "a.b", "...", "~"];

  expect(usual.map(documentId)).toEqual(usual);
});

test("what no backing takes is escaped, readable", () => {
  const odd = ["a/b%", "\u0000\u007f", ".", "..", "__name__", "", "\ud83d!"];

  expect(odd.map(documentId)).toEqual(["a%2Fb%25", "%00%7F", "%2E", "%2E.", "%5F_name__", "%", "%D83D!"]);
});

test("what is too long is cut, and still told apart", () => {
  const [one, other] = [documentId("x".repeat(1_000)), documentId(`${"x".repeat(999)}y`)];

  expect(one).not.toBe(other);
  expect(one.startsWith(`${"x".repeat(300)}~`)).toBe(true);
});

test("any text has a document id that every backing takes, also behind a prefix, and no two have the same", () => {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "binary", minLength: 300, maxLength: 1_100 }));
  fc.assert(
    fc.property(text, text, (one, other) => {
      expect(isDocumentId(documentId(one))).toBe(true);
      expect(isDocumentId(`given-up~${documentId(one)}`)).toBe(true);
      expect(documentId(one) === documentId(other)).toBe(one === other);
    }),
    { seed: 20270110, numRuns: 300 },
  );
});

test("a booking's and its map's documents can be named, whatever its id", () => {
  const key = `uschedule:${"/".repeat(200)}`;

  expect([bookingRef(key), mapRef(key, "bay-1"), mapRef(key, "a/b")].every(({ id }) => isDocumentId(id))).toBe(true);
});
