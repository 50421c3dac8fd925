import { readFileSync } from "node:fs";
import { Config } from "./config.ts";
import { LockstepError } from "./errors.ts";

/**
 * The configuration as deployment stores it: `lockstep.config.yaml` was checked there, with line numbers, and turned into
 * JSON, so that a start pays for no YAML reader. Throws CONFIG_INVALID naming each wrong place; what contradicts
 * itself shows when the connections are opened.
 */
export function loadDeployedConfig(file: string): Config {
  const result = Config.safeParse(valueIn(file));
  if (result.success) return result.data;
  const mistakes = result.error.issues.map(({ path, message }) => `${file}: ${path.join(".")}: ${message}`);
  throw new LockstepError("CONFIG_INVALID", { detail: mistakes.join("\n") });
}

function valueIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    const detail = `The configuration ${file} cannot be read as JSON: npm run configure stores it so.`;
    throw new LockstepError("CONFIG_INVALID", { detail, cause });
  }
}
