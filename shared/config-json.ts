import { readFileSync } from "node:fs";
import { getBuiltinModule } from "node:process";
import { Config } from "./config.ts";
import { LockstepError } from "./errors.ts";

/** Secret Manager's limit for one version. */
const MAX_BYTES = 65_536;

/**
 * The text that deployment stores: JSON, packed (gzip, base64) where a version of a secret could not hold it; a few hundred
 * rooms are too many, packed some thousands. Throws CONFIG_INVALID for still more.
 */
export function storedConfig(config: Config): string {
  const text = JSON.stringify(config);
  if (Buffer.byteLength(text) <= MAX_BYTES) return text;
  const packed = zlib().gzipSync(text).toString("base64");
  if (packed.length <= MAX_BYTES) return packed;
  throw new LockstepError("CONFIG_INVALID", {
    detail: `The configuration is too long for one secret, packed too (${packed.length} of ${MAX_BYTES} bytes): split the installation.`,
  });
}

/** Loaded only where it is needed: most configurations are not packed. */
function zlib() {
  return getBuiltinModule("node:zlib");
}

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
    const text = readFileSync(file, "utf8");
    return JSON.parse(text.startsWith("{") ? text : zlib().gunzipSync(Buffer.from(text, "base64")).toString());
  } catch (cause) {
    const detail = `The configuration ${file} cannot be read as JSON: npm run configure stores it so.`;
    throw new LockstepError("CONFIG_INVALID", { detail, cause });
  }
}
