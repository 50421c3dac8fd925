import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { type Functions, loadFunctions, readFunctions } from "../../scripts/local/function-folders.ts";
import { openCoverage } from "../../scripts/sim/coverage.ts";
import { History } from "../../scripts/sim/history.ts";
import { playHistory } from "../../scripts/sim/play-history.ts";

/** Histories that once went wrong, shrunk and kept; the file's name says what holds since. */
const FOLDER = "test/sim/found";
const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));

describe("what the simulation found stays mended", () => {
  let functions: Functions;
  beforeAll(async () => {
    functions = readFunctions(process.cwd());
    await loadFunctions(process.cwd(), functions);
  }, 60_000);

  test("and is told, with what was changed for it", () => {
    const told = readFileSync("scripts/sim/FOUND.md", "utf8");

    expect(files.filter((file) => !told.includes(`/${file})`))).toEqual([]);
  });

  test.each(files.map((file) => [file.replace(".json", "").replaceAll("-", " "), file]))("%s", async (_name, file) => {
    const history = History.parse(JSON.parse(readFileSync(`${FOLDER}/${file}`, "utf8")));

    const { complaints } = await playHistory(history, { functions, coverage: openCoverage() });

    expect(complaints).toEqual([]);
  });
});
