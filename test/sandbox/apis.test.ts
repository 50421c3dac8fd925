import { existsSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { APIS } from "../../scripts/sandbox/apis.ts";
import { openStudio, type Studio } from "./harness.ts";

let studio: Studio;
beforeEach(async () => {
  studio = await openStudio();
});
afterEach(() => studio.sandbox.close());

test("every simulated API is a folder of its name, and none is the sandbox's own path", () => {
  const names = APIS.map(({ name }) => name);

  expect(new Set(names).size).toBe(names.length);
  expect(names).not.toContain("sandbox");
  for (const name of names) expect(existsSync(`scripts/sandbox/${name}/api.ts`)).toBe(true);
});

test.each(APIS)("$name shows its state, its actions, and an error of its own wording", async ({ name }) => {
  const state = await studio.call("/sandbox/state");
  const none = await studio.call(`/sandbox/${name}/nothing`, {});
  const refused = await studio.call(`/${name}/anything`, undefined, { "x-sandbox-fault": "status=418" });
  const { body } = await studio.call("/sandbox/calls");

  expect(state.body).toHaveProperty(name);
  expect([none.status, none.body.actions]).toEqual([404, expect.arrayContaining([expect.any(String)])]);
  expect(refused.status).toBe(418);
  expect(body.counts).toEqual({ [`${name} unknown`]: 1 });
});

test("a rule for an API that does not exist is refused with those that do", async () => {
  const { status, body } = await studio.call("/sandbox/faults", { rules: [{ api: "fax", kinds: ["html"] }] });

  expect(status).toBe(400);
  for (const { name } of APIS) expect(body.Message).toContain(name);
});
