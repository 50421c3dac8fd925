import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { Config } from "../../shared/config.ts";
import type { Provider } from "../../shared/ports/provider.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";

/**
 * The JSON Schema of `lockstep.config.yaml`, from the schemas that check it, so that an editor completes and marks what
 * is written. Run it after a setting changed:
 *
 *     node scripts/configure/config-schema.ts
 */
export function configSchema(): string {
  const schema = jsonOf(Config);
  const accounts = { source: accountOf("source"), calendar: accountOf("calendar") };
  const workspace = Parts.parse(schema).properties.workspaces.additionalProperties;
  Object.assign(workspace.properties.sources, { additionalProperties: accounts.source });
  Object.assign(workspace.properties.calendars, { additionalProperties: accounts.calendar });
  return `${JSON.stringify({ title: "lockstep.config.yaml", ...schema }, null, 2)}\n`;
}

/** Where the schema stands, beside the examples that name it. */
export const SCHEMA_FILE = join("scripts", "local", "lockstep.config.schema.json");

/** The two places where the general schema says only "an account". Objects are the schema's own, so that they can be added to. */
const Record_ = z.custom<object>((value) => typeof value === "object" && value !== null);
const Parts = z.object({
  properties: z.object({
    workspaces: z.object({
      additionalProperties: z.object({ properties: z.object({ sources: Record_, calendars: Record_ }) }),
    }),
  }),
});

/** One of the providers of a kind, each with its own settings. */
function accountOf(kind: Provider["kind"]): object {
  const fitting = Object.values(PROVIDERS).filter((provider) => provider.kind === kind);
  return {
    oneOf: fitting.map(({ name, settings }) => ({
      type: "object",
      properties: { provider: { const: name }, settings: withoutDialect(jsonOf(settings)) },
      required: ["provider"],
      additionalProperties: false,
    })),
  };
}

/** As people write it: before defaults and transforms. */
function jsonOf(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
}

function withoutDialect(schema: object): object {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "$schema"));
}

if (import.meta.main) writeFileSync(resolve(import.meta.dirname, "..", "..", SCHEMA_FILE), configSchema());
