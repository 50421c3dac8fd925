import { describe, expect, it } from "vitest";
import { openCrew } from "../../scripts/sim/crew.ts";
import { readOptions } from "../../scripts/sim/options.ts";
import { checkPlaces } from "../../scripts/sim/sabotage/places.ts";
import { sabotage } from "../../scripts/sim/sabotage/run.ts";
import { chosenSafeguards, SAFEGUARDS } from "../../scripts/sim/sabotage/safeguards.ts";

describe("the safeguards that the simulator switches off", () => {
  it.each(SAFEGUARDS)("$name stands exactly where its edits look for it", (safeguard) => {
    expect(() => checkPlaces([safeguard])).not.toThrow();
  });

  it("have names of their own", () => {
    const names = SAFEGUARDS.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
  });

  it("are refused loudly where they moved", () => {
    const moved = {
      name: "gone",
      protects: "",
      within: 1,
      edits: [{ file: "package.json", find: "no such text", replace: "" }],
    };

    expect(() => checkPlaces([moved])).toThrow("the safeguard moved: gone");
  });

  it("are missed: where inserting twice can make two events, the oracle complains", async () => {
    const [safeguard] = chosenSafeguards(["deterministic-ids"]);
    if (safeguard === undefined) throw new Error("there is no such safeguard");
    const options = readOptions(["--seed", "1", "--workers", "1", "--histories", "20"], () => 1);

    const whole = openCrew({ size: 1 });
    const { complaint } = await sabotage(safeguard, options, whole).finally(whole.close);

    expect(complaint).toBeDefined();
  }, 300_000);
});
