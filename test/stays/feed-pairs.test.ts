import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { diffCommand } from "../../scripts/feeds/diff-command.ts";
import { readCommand } from "../../scripts/feeds/read-command.ts";
import { readFeedPairs } from "./feed-pairs.ts";

interface Shown {
  readonly uid: string;
  readonly start: string;
  readonly end: string;
  readonly code: string | null;
}

const folder = mkdtempSync(join(tmpdir(), "pairs-"));
afterAll(() => rmSync(folder, { recursive: true }));

const LISTS = ["added", "changed", "doubtful", "cancelled", "expired"];

test.for(readFeedPairs())("S02 S16 S21 S41 S53 S54: the pair $name means what it was written for", async (pair) => {
  const files = [file("before.ics", pair.before), file("after.ics", pair.after)];

  const read = await readCommand([...files.slice(0, 1), ...pair.args]);
  const diff = await diffCommand([...files, ...pair.args]);

  const rows = (list: unknown) =>
    (list as Shown[]).map((row) => `${row.code === null ? "" : `${row.code} `}${row.start}..${row.end}`);
  const { stays, blocks, quarantined } = read.shown as Record<string, unknown[]>;
  expect({
    stays: rows(stays).sort(),
    blocks: rows(blocks).sort(),
    bad: (quarantined as Shown[]).map(({ uid }) => uid).sort(),
  }).toEqual({
    stays: [...(pair.expected["stays"] ?? [])].sort(),
    blocks: [...(pair.expected["blocks"] ?? [])].sort(),
    bad: [...(pair.expected["bad"] ?? [])].sort(),
  });
  expect(diff.code).toBe(pair.expected["fails"]?.length === 0 ? 0 : 1);
  const shown = diff.shown as Record<string, Shown[]>;
  const named = (row: Shown, wanted: readonly string[]) =>
    [row.code, row.uid, row.start].find((word) => word !== null && wanted.includes(word)) ?? row.uid;
  expect(
    LISTS.map((list) => [list, (shown[list] ?? []).map((row) => named(row, pair.expected[list] ?? [])).sort()]),
  ).toEqual(LISTS.map((list) => [list, [...(pair.expected[list] ?? [])].sort()]));
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
