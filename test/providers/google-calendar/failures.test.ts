import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readFailure, toError } from "../../../shared/providers/google-calendar/failures.ts";
import { manualClock } from "../../fakes/manual-clock.ts";

const bodies: Record<string, { error: { code: number } }> = JSON.parse(
  readFileSync("shared/providers/google-calendar/fixtures/errors.json", "utf8"),
);

/** What the client library throws: an error with the response, its parsed body beside it. */
function thrown(status: number, data: unknown, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error("guest Priya"), {
    response: Object.assign(new Response(null, { status, headers }), { data }),
  });
}

test.each([
  ["rateLimitExceeded", "PROVIDER_RATE_LIMITED"],
  ["requiredAccessLevel", "PROVIDER_FORBIDDEN"],
  ["fullSyncRequired", "PROVIDER_UNAVAILABLE"],
  ["deleted", "PROVIDER_UNAVAILABLE"],
])("S01: the documented body of %s is %s where the call says nothing else", (reason, code) => {
  const body = bodies[reason];
  const failure = readFailure(thrown(body?.error.code ?? 0, body), manualClock());

  const error = toError(failure, { does: "trying" });

  expect([error.code, error.provider]).toEqual([code, `${body?.error.code} ${reason}`]);
});

test("S44: Retry-After is read as seconds and as a date", () => {
  const clock = manualClock("2027-01-04T12:00:00.000Z");
  const waits = ["7", "Mon, 04 Jan 2027 12:00:09 GMT", "Mon, 04 Jan 2027 11:00:00 GMT", "soon"].map(
    (text) => readFailure(thrown(503, "<html>", { "retry-after": text }), clock).retryAfterMs,
  );

  expect(waits).toEqual([7000, 9000, 0, undefined]);
});

test("a failure without an answer tells the network's own code and nothing else", () => {
  const cause = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  const failures = [
    readFailure(new Error("Priya", { cause: new TypeError("fetch failed", { cause }) }), manualClock()),
    readFailure(new Error("Priya"), manualClock()),
    readFailure("Priya", manualClock()),
  ];

  expect(failures).toEqual([{ reason: "ECONNREFUSED" }, { reason: "network" }, { reason: "network" }]);
});
