import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  failureOf,
  isExpiredCursor,
  isNoEvent,
  networkFailure,
  toError,
} from "../../../shared/providers/outlook/failures.ts";
import { manualClock } from "../../fakes/manual-clock.ts";

const documented: Record<string, { status: number; body: { error: { code: string } } }> = JSON.parse(
  readFileSync("shared/providers/outlook/fixtures/errors.json", "utf8"),
);

function failed(name: string) {
  const { status = 0, body } = documented[name] ?? {};
  return failureOf(status, body, null, manualClock());
}

test.each([
  ["itemNotFound", "PROVIDER_FORBIDDEN"],
  ["mailboxNotFound", "PROVIDER_FORBIDDEN"],
  ["accessDenied", "PROVIDER_FORBIDDEN"],
  ["tokenExpired", "PROVIDER_UNAUTHORIZED"],
  ["throttled", "PROVIDER_RATE_LIMITED"],
  ["syncStateNotFound", "PROVIDER_UNAVAILABLE"],
  ["conflict", "EVENT_CHANGED"],
  ["crossingBoundary", "PROVIDER_REFUSED"],
])("S01: the documented answer %s is %s where the call says nothing else", (name, code) => {
  const error = toError(failed(name), { does: "trying" });

  expect([error.code, error.provider]).toEqual([
    code,
    `${documented[name]?.status} ${documented[name]?.body.error.code}`,
  ]);
  expect(error.message).not.toContain("boardroom");
});

test("S01: only a mailbox's own word that it has no such event is an absence; a missing mailbox is none", () => {
  const names = Object.keys(documented);

  expect(names.filter((name) => isNoEvent(failed(name)))).toEqual(["itemNotFound", "idMalformed", "syncStateNotFound"]);
  expect(isNoEvent({ status: 404, reason: "ResourceNotFound" })).toBe(false);
  expect(isNoEvent({ status: 404 })).toBe(true);
});

test("S29: 410, and the three reset codes in any letters, mean: list again", () => {
  const names = Object.keys(documented);

  expect(names.filter((name) => isExpiredCursor(failed(name)))).toEqual(["syncStateNotFound", "syncStateInvalid"]);
  expect(isExpiredCursor({ status: 410 })).toBe(true);
  expect(isExpiredCursor({ status: 400, reason: "resyncRequired" })).toBe(true);
  expect(isExpiredCursor({ status: 503, reason: "syncStateNotFound" })).toBe(false);
});

test("S44: Retry-After is read as seconds and as a date", () => {
  const clock = manualClock("2027-01-04T12:00:00.000Z");
  const waits = ["7", "Mon, 04 Jan 2027 12:00:09 GMT", "soon", null].map(
    (header) => failureOf(503, undefined, header, clock).retryAfterMs,
  );

  expect(waits).toEqual([7000, 9000, undefined, undefined]);
});

test("what is no code is not repeated: a reason may quote what we sent", () => {
  expect(failureOf(400, { error: { code: "Priya Raman is no date" } }, null, manualClock())).toEqual({ status: 400 });
  expect(failureOf(400, { error: "invalid_client" }, null, manualClock())).toEqual({
    status: 400,
    reason: "invalid_client",
  });
  expect(failureOf(502, "<html>", null, manualClock())).toEqual({ status: 502 });
});

test("a failure without an answer tells the network's own code and nothing else", () => {
  const cause = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  const failures = [
    networkFailure(new TypeError("fetch failed", { cause })),
    networkFailure(new DOMException("about Priya", "TimeoutError")),
    networkFailure(new Error("about Priya")),
    networkFailure("about Priya"),
  ];

  expect(failures).toEqual([
    { reason: "ECONNREFUSED" },
    { reason: "timeout" },
    { reason: "network" },
    { reason: "network" },
  ]);
});
