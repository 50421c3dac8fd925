import fc from "fast-check";
import { expect, test } from "vitest";
import { keysOf } from "../../shared/edge/key-list.ts";
import { makePushToken, verifyPushToken } from "../../shared/edge/push-token.ts";

const CLAIMS = { ws: "loft", calendarId: `c_${"0a".repeat(32)}@group.calendar.google.com`, channelId: "f".repeat(32) };

const Claims = fc.record({
  ws: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/),
  calendarId: fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
  channelId: fc.stringMatching(/^[0-9a-f]{32}$/),
});

test("the token of Google's longest group calendar under the longest workspace fits into its 256 characters", () => {
  const token = makePushToken({ ...CLAIMS, ws: "w".repeat(60) }, "key");

  expect(token.length).toBeLessThanOrEqual(256);
  expect(verifyPushToken(token, ["key"])).toEqual({ ...CLAIMS, ws: "w".repeat(60) });
});

test("a calendar id too long for a token is named instead of cut", () => {
  const calendarId = `${"x".repeat(150)}@example.com`;

  expect(() => makePushToken({ ...CLAIMS, calendarId }, "key")).toThrow(calendarId);
});

test("a token tells exactly what was put into it, under any of the keys", () => {
  fc.assert(
    fc.property(Claims, (claims) => {
      const token = makePushToken(claims, "old");
      expect(verifyPushToken(token, ["new", "old"])).toEqual(claims);
      expect(verifyPushToken(token, ["new"])).toBeUndefined();
      expect(verifyPushToken(token, [])).toBeUndefined();
    }),
  );
});

test("S33: a token with any one character changed is refused", () => {
  const token = makePushToken(CLAIMS, "key");
  const forged = fc.tuple(fc.nat(token.length - 1), fc.constantFrom(..."abcXYZ019-_.")).map(([at, letter]) => {
    return token.slice(0, at) + letter + token.slice(at + 1);
  });

  fc.assert(
    fc.property(forged, (text) => {
      // The last character carries two bits only; others that decode to the same bytes are the same token.
      const same = Buffer.from(text.split(".")[4] ?? "", "base64url").equals(
        Buffer.from(token.split(".")[4] ?? "", "base64url"),
      );
      fc.pre(text !== token && !(same && text.slice(0, -1) === token.slice(0, -1)));
      expect(verifyPushToken(text, ["key"])).toBeUndefined();
    }),
  );
});

test("keys are separated by any white space, the newest first", () => {
  expect(keysOf("new old\n")).toEqual(["new", "old"]);
  expect(keysOf("  \n")).toEqual([]);
});
