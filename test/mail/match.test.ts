import { expect, test } from "vitest";
import { enrich } from "../../shared/mail/enrich.ts";
import { type KnownStay, matchStay } from "../../shared/mail/match.ts";
import { type Facts, type MailReading, NO_FACTS } from "../../shared/mail/reading.ts";

const LOFT: KnownStay = {
  key: "loft",
  property: "loft",
  platform: "airbnb",
  code: null,
  checkIn: "2027-05-07",
  checkOut: "2027-05-09",
  guestName: null,
  status: "live",
};

function reading(facts: Readonly<Record<string, string | number>>, rest: Partial<MailReading> = {}): MailReading {
  const stated = Object.entries(facts).map(([name, value]) => [name, { value, line: "", confidence: 0.95 }]);
  return {
    readerVersion: 1,
    kind: "confirmation",
    action: "create",
    platform: "airbnb",
    facts: { ...NO_FACTS, ...(Object.fromEntries(stated) as Partial<Facts>) },
    authenticity: "pass",
    confidence: 0.95,
    reasons: [],
    messageId: "<m1>",
    receivedAt: "2027-01-10T09:00:00.000Z",
    ...rest,
  };
}

const DATES = { checkIn: "2027-05-07", checkOut: "2027-05-09" };

test("a mail is matched by its code, whatever its dates", () => {
  const stays = [LOFT, { ...LOFT, key: "coded", code: "HMAB12CD34", checkIn: "2027-06-01", checkOut: "2027-06-03" }];

  const match = matchStay(reading({ ...DATES, confirmationCode: "HMAB12CD34" }), stays, { property: "loft" });

  expect(match).toMatchObject({ kind: "match", key: "coded", reason: "Code Match" });
});

test("a mail without a known code is matched by both exact dates on its property", () => {
  const match = matchStay(reading({ ...DATES, confirmationCode: "HMAB12CD34" }), [LOFT], { property: "loft" });

  expect(match).toMatchObject({ kind: "match", key: "loft", reason: "Exact Date" });
});

test("near dates match nothing", () => {
  expect(matchStay(reading({ ...DATES, checkOut: "2027-05-10" }), [LOFT], { property: "loft" }).kind).toBe("none");
});

test("S18: a cancellation of one of a guest's two stays is about that one only", () => {
  const other = { ...LOFT, key: "later", guestName: "Lena Ott", checkIn: "2027-08-01", checkOut: "2027-08-03" };
  const stays = [{ ...LOFT, guestName: "Lena Ott" }, other];
  const cancellation = reading({ ...DATES, guestName: "Lena Ott" }, { kind: "cancellation", action: "cancel" });

  expect(matchStay(cancellation, stays, { property: "loft" })).toMatchObject({ kind: "match", key: "loft" });
  expect(matchStay(reading({ guestName: "Lena Ott" }), stays, { property: "loft" }).kind).toBe("none");
});

test("S18: a stay with the same dates that was cancelled before does not stand in the way of its successor", () => {
  const stays = [{ ...LOFT, key: "old", status: "cancelled" as const }, LOFT];

  expect(matchStay(reading(DATES), stays, { property: "loft" })).toMatchObject({ kind: "match", key: "loft" });
});

test("S20: two bookings on the same dates in different units are never crossed", () => {
  const barn = { ...LOFT, key: "barn", property: "barn" };

  expect(matchStay(reading(DATES), [LOFT, barn], {})).toMatchObject({ kind: "review", candidates: ["loft", "barn"] });
  expect(matchStay(reading(DATES), [barn], {})).toMatchObject({ kind: "review", candidates: ["barn"] });
  expect(matchStay(reading(DATES), [LOFT, barn], { property: "barn" })).toMatchObject({ kind: "match", key: "barn" });
  expect(matchStay(reading({ ...DATES, property: "LOFT" }), [LOFT, barn], {})).toMatchObject({ key: "loft" });
});

test("S20: a stay with another code is another stay, though its dates fit", () => {
  const coded = { ...LOFT, code: "HMZZ99ZZ99" };

  expect(matchStay(reading({ ...DATES, confirmationCode: "HMAB12CD34" }), [coded], { property: "loft" }).kind).toBe(
    "none",
  );
});

test("S21: what stays are called never decides", () => {
  const twins = ["a", "b"].map((key) => ({ ...LOFT, key, guestName: "Reserved" }));

  expect(matchStay(reading({ ...DATES, guestName: "Lena Ott" }), twins, { property: "loft" })).toMatchObject({
    kind: "review",
    candidates: ["a", "b"],
  });
});

test("a stay of another guest on the same dates is reviewed, and one date alone is never enough", () => {
  const taken = { ...LOFT, guestName: "Omar Haddad" };

  expect(matchStay(reading({ ...DATES, guestName: "Lena Ott" }), [taken], { property: "loft" }).kind).toBe("review");
  expect(matchStay(reading({ checkIn: "2027-05-07" }), [LOFT], { property: "loft" }).kind).toBe("review");
});

test("a mail whose sender is not who it says is about no stay", () => {
  expect(matchStay(reading(DATES, { authenticity: "fail" }), [LOFT], { property: "loft" }).kind).toBe("none");
  expect(matchStay(reading(DATES, { authenticity: "borrowed" }), [LOFT], { property: "loft" })).toMatchObject({
    ...{ kind: "review", candidates: [LOFT.key] },
  });
});

const UNKNOWN = { guestName: null, guestCount: null, confirmationCode: null };
const BY_CODE = { reason: "Code Match", confidence: 1 } as const;

test("S50: a placeholder never overwrites a human name, nor does another human's", () => {
  const known = { ...UNKNOWN, guestName: "Lena Ott" };

  expect(enrich(known, reading({ guestName: "Airbnb Guest" }), "m1", BY_CODE)).toEqual([]);
  expect(enrich(known, reading({ guestName: "Omar Haddad" }), "m1", BY_CODE)).toEqual([]);
});

test("a name is written over a placeholder, and over the same person's named shorter, with what stood there", () => {
  const over = (guestName: string) =>
    enrich({ ...UNKNOWN, guestName }, reading({ guestName: "Lena Ott" }), "m1", BY_CODE);

  expect(over("Reserved")).toMatchObject([{ field: "guestName", value: "Lena Ott", was: "Reserved", mail: "m1" }]);
  expect(over("Lena")).toMatchObject([{ value: "Lena Ott", was: "Lena", reason: "Code Match", confidence: 0.95 }]);
});

test("S50: what a mail does not state stays as it is", () => {
  const known = { guestName: null, guestCount: 3, confirmationCode: "HMAB12CD34" };

  expect(enrich(known, reading({ guestName: "Lena Ott" }), "m1", BY_CODE).map(({ field }) => field)).toEqual([
    "guestName",
  ]);
});

test("S50: only a confirmation writes anything", () => {
  const kinds = [
    "inquiry",
    "alteration",
    "cancellation",
    "reminder",
    "guest-message",
    "review-request",
    "payout",
  ] as const;
  const facts = { guestName: "Lena Ott", guestCount: 2, confirmationCode: "HMAB12CD34" };

  expect(kinds.flatMap((kind) => enrich(UNKNOWN, reading(facts, { kind, action: "none" }), "m1", BY_CODE))).toEqual([]);
  expect(enrich(UNKNOWN, reading(facts), "m1", BY_CODE)).toHaveLength(3);
});
