import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Installation } from "../installation.ts";
import { credentialsOf, ownSecrets, secretsOf } from "../secret-names.ts";
import { type Command, gcloud, type Look, SAME, type Step } from "../step.ts";

const Secrets = z.array(z.object({ name: z.string() }));
const Versions = z.array(z.object({ state: z.string() }));

/** Secrets of our own get a value that nobody has seen; those of others are made empty, for their owner to fill. */
export function secretSteps({ project, functions, config }: Installation): Step[] {
  const own = ownSecrets(config);
  const named = [...functions.values()].flatMap((file) => secretsOf(file, config).names);
  const others = [...credentialsOf(config, ["sources", "calendars"]), ...named].filter((name) => !own.includes(name));
  return [
    ...own.map((name) => secretStep(project, name, true)),
    ...[...new Set(others)].map((name) => secretStep(project, name, false)),
  ];
}

function secretStep(project: string, name: string, ours: boolean): Step {
  const create = gcloud("secrets", "create", name, "--replication-policy=automatic", `--project=${project}`);
  const fill = { ...gcloud("secrets", "versions", "add", name, "--data-file=-", `--project=${project}`) };
  const note = `${name} has no value yet: printf %s "$VALUE" | gcloud secrets versions add ${name} --data-file=- --project=${project}`;
  return {
    group: "secrets",
    name: `secret ${name}`,
    async compare(look) {
      const there = await isThere(look, project, name);
      if (there && (await hasValue(look, project, name))) return SAME;
      if (!ours && there) return { kind: "apply", why: "it has no value", commands: [], note };
      const commands: Command[] = [...(there ? [] : [create]), ...(ours ? [{ ...fill, input: makeSecret() }] : [])];
      return { kind: there ? "change" : "create", commands, ...(!ours && { note }) };
    },
  };
}

async function isThere(look: Look, project: string, name: string): Promise<boolean> {
  const found = Secrets.parse((await look("secrets", "list", `--project=${project}`)) ?? []);
  return found.some((each) => each.name.endsWith(`/secrets/${name}`));
}

async function hasValue(look: Look, project: string, name: string): Promise<boolean> {
  const found = Versions.parse((await look("secrets", "versions", "list", name, `--project=${project}`)) ?? []);
  return found.some(({ state }) => state.toUpperCase() === "ENABLED");
}

/** In the form of Standard Webhooks; as a key for anything else it is as good as any. */
function makeSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}
