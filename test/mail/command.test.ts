import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { rawMail } from "./raw-mail.ts";

const folder = mkdtempSync(join(tmpdir(), "read-mail-"));
afterAll(() => rmSync(folder, { recursive: true }));

function run(bytes: Uint8Array, ...options: string[]): { code: number | null; out: string; problem: string } {
  const file = join(folder, "one.eml");
  writeFileSync(file, bytes);
  const { INIT_CWD: _, ...env } = process.env;
  const done = spawnSync("node", ["scripts/mail/read-mail.ts", file, ...options], { encoding: "utf8", env });
  return { code: done.status, out: done.stdout, problem: done.stderr };
}

test("one mail's reading is printed with the agreed keys, year-less dates anchored to --received", () => {
  const raw = rawMail({
    subject: "Reservation confirmed - Lena Ott arrives Dec 28",
    text: "Check-in: Dec 28\nCheckout: Jan 3",
  });

  const { code, out } = run(raw, "--received", "2030-12-01T09:00:00Z");

  const printed = JSON.parse(out) as Record<string, unknown>;
  expect(code).toBe(0);
  expect(Object.keys(printed)).toEqual(["kind", "action", "platform", "facts", "confidence", "reasons"]);
  expect(printed["facts"]).toEqual({
    guestName: "Lena Ott",
    checkIn: "2030-12-28",
    checkOut: "2031-01-03",
    confirmationCode: null,
    guestCount: null,
    property: null,
  });
});

test("what is no mail, an empty file and a wrong instant are refused in a sentence", () => {
  const raw = rawMail({ subject: "x", text: "x" });
  const refusals = [run(new Uint8Array([1, 2, 3])), run(new Uint8Array()), run(raw, "--received", "yesterday")];

  expect(refusals.map(({ code }) => code)).toEqual([1, 1, 1]);
  expect(refusals.map(({ problem }) => problem.trim().split("\n").length)).toEqual([1, 1, 1]);
  expect(refusals[2]?.problem).toContain("--received takes an ISO instant");
});
