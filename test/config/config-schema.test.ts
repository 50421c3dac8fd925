import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { configSchema, SCHEMA_FILE } from "../../scripts/configure/config-schema.ts";
import { readConfig } from "../../shared/config-file.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";

const FOLDER = join("scripts", "local");
const EXAMPLES = readdirSync(FOLDER).filter((name) => name.endsWith(".config.yaml"));
const validate = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(
  JSON.parse(configSchema()),
);

test("the schema in the repository is the one that the settings make", () => {
  expect(readFileSync(SCHEMA_FILE, "utf8"), "run: node scripts/configure/config-schema.ts").toBe(configSchema());
});

for (const name of EXAMPLES) {
  test(`${name} is valid for an editor and for Lockstep`, () => {
    const text = readFileSync(join(FOLDER, name), "utf8");

    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(() => readConfig(text, name, PROVIDERS)).not.toThrow();
  });
}

test("an editor marks an unknown setting of a provider, an unknown provider and a policy's word that there is not", () => {
  const config = parse(readFileSync(join(FOLDER, "studio.config.yaml"), "utf8"));
  const wrong = (change: (loft: Record<string, Record<string, Record<string, unknown>>>) => void) => {
    const copy = structuredClone(config);
    change(copy.workspaces.loft);
    return validate(copy);
  };

  expect(wrong((loft) => Object.assign(loft["sources"]?.["uschedule"]?.["settings"] ?? {}, { pasword: "x" }))).toBe(
    false,
  );
  expect(wrong((loft) => Object.assign(loft["calendars"]?.["google"] ?? {}, { provider: "googel" }))).toBe(false);
  expect(wrong((loft) => Object.assign(loft["policy"] ?? {}, { merge: "mine" }))).toBe(false);
  expect(wrong(() => {})).toBe(true);
});
