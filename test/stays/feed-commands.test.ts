import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Answer } from "../../scripts/feeds/command.ts";
import { diffCommand } from "../../scripts/feeds/diff-command.ts";
import { readCommand } from "../../scripts/feeds/read-command.ts";
import { AIRBNB, calendar, days, reserved } from "./feeds.ts";

const folder = mkdtempSync(join(tmpdir(), "feeds-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function run(command: (args: readonly string[]) => Promise<Answer>, ...args: string[]) {
  const { code, shown, says } = await command(args);
  return { code, shown, says: says.join("\n") };
}

const ANN = reserved("a@airbnb.com", "2027-05-07", "2027-05-09", "HMANN00001");
const BLOCK = days("n@airbnb.com", "2027-06-01", "2027-06-03", "Airbnb (Not available)");
const ODD = days("odd", "2027-06-03", "2027-06-01", "Reserved");

test("read-ics prints stays, blocks and what is set aside", async () => {
  const { code, shown } = await run(
    readCommand,
    file("feed.ics", calendar(AIRBNB, ANN, BLOCK, ODD)),
    "--now",
    "2027-05-01",
  );

  expect(code).toBe(0);
  expect(shown).toEqual({
    stays: [{ uid: "a@airbnb.com", start: "2027-05-07", end: "2027-05-09", code: "HMANN00001", title: "Reserved" }],
    blocks: [
      { uid: "n@airbnb.com", start: "2027-06-01", end: "2027-06-03", code: null, title: "Airbnb (Not available)" },
    ],
    quarantined: [{ uid: "odd", reason: "its end is before its start" }],
  });
});

test("the command line prints JSON alone", () => {
  const done = spawnSync(process.execPath, ["scripts/feeds/read-ics.ts", file("one.ics", calendar(AIRBNB, ANN))], {
    encoding: "utf8",
  });

  expect(JSON.parse(done.stdout)).toMatchObject({ stays: [{ code: "HMANN00001" }], blocks: [] });
});

test("S02: read-ics says of a web page that it tells nothing, and fails", async () => {
  const { code, shown, says } = await run(readCommand, file("page.ics", "<html></html>"));

  expect([code, says]).toEqual([1, expect.stringContaining("web page")]);
  expect(shown).toMatchObject({ stays: [], blocks: [], quarantined: [] });
});

test("diff-ics prints what the second file means; a web page cancels nothing and fails", async () => {
  const before = file("before.ics", calendar(AIRBNB, ANN, reserved("b", "2027-06-07", "2027-06-09", "HMBEN00001")));
  const after = file("after.ics", calendar(AIRBNB, reserved("x", "2027-05-08", "2027-05-11", "HMANN00001")));
  const now = ["--now", "2027-05-01T12:00:00Z"];
  const moved = { uid: "x", start: "2027-05-08", end: "2027-05-11", code: "HMANN00001", title: "Reserved" };
  const ben = { uid: "b", start: "2027-06-07", end: "2027-06-09", code: "HMBEN00001", title: "Reserved" };

  const changed = await run(diffCommand, before, after, ...now);
  const page = await run(diffCommand, before, file("other.ics", "<html></html>"), ...now);

  expect(changed.shown).toEqual({
    added: [],
    changed: [
      { ...moved, before: { ...moved, uid: "a@airbnb.com", start: "2027-05-07", end: "2027-05-09" }, after: moved },
    ],
    ...{ doubtful: [ben], cancelled: [], expired: [] },
  });
  expect(page.code).toBe(1);
  expect(page.shown).toMatchObject({ added: [], cancelled: [], error: "it is a web page" });
});

test("a wrong command line is told with how it is right", async () => {
  expect(await run(readCommand)).toMatchObject({ code: 2, says: expect.stringContaining("Usage") });
  expect(await run(diffCommand, "/no/such/a.ics", "/no/such/b.ics")).toMatchObject({
    code: 2,
    says: expect.stringContaining("ENOENT"),
  });
  expect(await run(readCommand, file("x.ics", ""), "--now", "soon")).toMatchObject({
    code: 2,
    says: expect.stringContaining("--now"),
  });
});
