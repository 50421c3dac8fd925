import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { LockstepError } from "../errors.ts";
import { checkSecretName } from "../ports/secret-checks.ts";
import type { SecretReader, SecretWriter } from "../ports/secrets.ts";

const Secrets = z.record(z.string(), z.string());

/**
 * Secrets of one machine: a JSON object of names and values, readable by its owner alone (0600). A
 * variable LOCKSTEP_SECRET_<NAME> goes before the file, for containers and for trying things out.
 */
export function openFileSecrets(file: string, env: NodeJS.ProcessEnv = process.env): SecretReader & SecretWriter {
  if (existsSync(file)) chmodSync(file, 0o600);
  return {
    async read(name) {
      const variable = variableOf(checkSecretName(name));
      const value = env[variable] ?? load(file).get(name);
      if (value !== undefined) return value;
      throw new LockstepError("SECRET_MISSING", {
        detail: `There is no secret ${name}. Put it into ${file} under that name, or into the variable ${variable}.`,
      });
    },
    async write(name, value) {
      save(file, load(file).set(checkSecretName(name), value));
    },
  };
}

/** `uschedule-password` → `LOCKSTEP_SECRET_USCHEDULE_PASSWORD`. */
function variableOf(name: string): string {
  return `LOCKSTEP_SECRET_${name.toUpperCase().replaceAll("-", "_")}`;
}

/** Read anew each time: the file is small, and whoever edits it sees the effect at once. */
function load(file: string): Map<string, string> {
  if (!existsSync(file)) return new Map();
  try {
    return new Map(Object.entries(Secrets.parse(JSON.parse(readFileSync(file, "utf8")))));
  } catch {
    // The cause would quote the file's text, and that is what must not be shown.
    throw new LockstepError("CONFIG_INVALID", { detail: `${file} is no JSON object of names and texts.` });
  }
}

/** Whole or not at all: written beside it, then renamed. */
function save(file: string, secrets: ReadonlyMap<string, string>): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, `${JSON.stringify(Object.fromEntries(secrets), null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}
