import { expect, test } from "vitest";
import { createLog, stackOf } from "../../shared/cloud/log.ts";
import { traceIdOf, withTrace } from "../../shared/cloud/trace.ts";
import { LockstepError } from "../../shared/errors.ts";
import type { LogFields } from "../../shared/ports/log.ts";

function written(fields: LogFields, trace?: string): Record<string, unknown> {
  const lines: string[] = [];
  const log = createLog({ project: "loftgolfschedule", labels: { function: "sync" }, out: (line) => lines.push(line) });
  const write = () => log.write("INFO", "synced", fields);
  if (trace === undefined) write();
  else withTrace(trace, write);
  expect(lines).toHaveLength(1);
  // Proof: createLog writes one JSON object per line.
  return JSON.parse(lines[0] ?? "") as Record<string, unknown>;
}

test("a line is what Google's agent reads: severity, message, time, trace, and the fields beside them", () => {
  const line = written({ action: "create", appointmentId: "4711", attempts: 2 }, "a".repeat(32));

  expect(line).toMatchObject({
    severity: "INFO",
    message: "synced",
    action: "create",
    appointmentId: "4711",
    attempts: 2,
    function: "sync",
    "logging.googleapis.com/trace": `projects/loftgolfschedule/traces/${"a".repeat(32)}`,
  });
  expect(Number.isNaN(Date.parse(String(line["time"])))).toBe(false);
});

test("a field cannot take the place of the message or the severity", () => {
  expect(written({ message: "forged", severity: "DEFAULT" })).toMatchObject({ message: "synced", severity: "INFO" });
});

test("a line break in a value does not begin another line", () => {
  expect(written({ reason: 'x\n{"severity":"CRITICAL"}' })["reason"]).toBe('x\n{"severity":"CRITICAL"}');
});

for (const name of [
  "customer",
  "title",
  "description",
  "notes",
  "email",
  "phone",
  "password",
  "accessToken",
  "Authorization",
  "clientSecret",
  "cookie",
]) {
  test(`what is called ${name} is withheld, whoever logs it`, () => {
    expect(written({ [name]: "Jane Doe" })[name]).toBe("[withheld]");
  });
}

const CREDENTIALS: [string, string][] = [
  ["a bearer token", "sent Authorization: Bearer 0123456789abcdef.ya29 and was refused"],
  ["a JWT", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"],
  ["a webhook secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
  ["an API key", `lsk_loft_${"0".repeat(16)}_${"s".repeat(43)}`],
  ["a private key", "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----"],
];

for (const [what, text] of CREDENTIALS) {
  test(`${what} is withheld wherever it turns up`, () => {
    const reason = String(written({ reason: text })["reason"]);

    expect(reason).toContain("[withheld]");
    expect(reason).not.toMatch(/ya29|eyJ|whsec|lsk_|MIIE/);
  });
}

test("ids that operators search by are shown as they are", () => {
  const fields = {
    appointmentId: "4711",
    calendarId: "loft-bay-1@sandbox",
    eventId: "ls0a9v",
    messageId: "901",
    ws: "loft",
  };

  expect(written(fields)).toMatchObject(fields);
});

test("words about tokens are no tokens", () => {
  expect(written({ reason: "no bearer token was sent" })["reason"]).toBe("no bearer token was sent");
});

test("an endless text is cut", () => {
  expect(String(written({ reason: "x".repeat(100_000) })["reason"]).length).toBeLessThan(2_100);
});

test("a stack tells class, code and place of an error and its causes, never their words", () => {
  const cause = Object.assign(new Error("guest Jane Doe"), { code: "ECONNRESET" });
  const stack = stackOf(new LockstepError("PROVIDER_UNAVAILABLE", { detail: "Jane", cause }));

  expect(stack).toMatch(/^LockstepError \(PROVIDER_UNAVAILABLE\): message withheld\n\s+at /);
  expect(stack).toContain("caused by: Error (ECONNRESET): message withheld");
  expect(stack).not.toContain("Jane");
});

test("the caller's trace goes on in ours, from either header", () => {
  expect(traceIdOf({ traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` })).toBe("a".repeat(32));
  expect(traceIdOf({ "x-cloud-trace-context": `${"C".repeat(32)}/123;o=1` })).toBe("c".repeat(32));
  expect(traceIdOf({ traceparent: "nonsense" })).toBeUndefined();
});
