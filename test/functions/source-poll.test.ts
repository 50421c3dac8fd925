import { afterEach, expect, test } from "vitest";
import "../../functions/source-poll/index.ts";
import { type Bench, openBench, problem } from "./edge-bench.ts";

let bench: Bench;
afterEach(() => bench.close());

for (const tick of [{ ws: "lofft" }, { source: "uschedul" }, { ws: "loft", source: "osm" }, { ws: "constructor" }]) {
  test(`a job that names what is not there is told, instead of polling nothing: ${JSON.stringify(tick)}`, async () => {
    bench = await openBench("source-poll");

    const refused = await problem(await bench.call("/", { method: "POST", body: JSON.stringify(tick) }));

    expect(refused).toMatchObject({ status: 400, code: "INVALID_REQUEST" });
    expect(refused.detail).toContain(Object.values(tick).at(-1));
    expect(bench.opened).toBe(0);
  });
}
