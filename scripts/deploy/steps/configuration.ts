import { createHash } from "node:crypto";
import { z } from "zod";
import type { Config } from "../../../shared/config.ts";
import { storedConfig } from "../../../shared/config-json.ts";
import type { Installation } from "../installation.ts";
import { type Command, firstDifference, gcloud, type Look, SAME, type Step } from "../step.ts";

/** The secret that holds the configuration; functions have it mounted as a file, in the version they were deployed with. */
export const CONFIG_SECRET = "lockstep-config";
export const CONFIG_FILE = "/lockstep/lockstep.config.json";

const Described = z.object({ labels: z.record(z.string(), z.string()).optional() });
const Versions = z.array(z.object({ name: z.string(), state: z.string() }));

/** The configuration, checked and turned into JSON (`loadDeployedConfig`); another text is another version. */
export function configurationSteps({ project, config }: Installation): Step[] {
  const on = `--project=${project}`;
  const hash = hashOf(config);
  const add: Command = {
    ...gcloud("secrets", "versions", "add", CONFIG_SECRET, "--data-file=-", on),
    input: storedConfig(config),
  };
  const label = gcloud("secrets", "update", CONFIG_SECRET, `--update-labels=content=${hash}`, on);
  return [
    {
      group: "configuration",
      name: `secret ${CONFIG_SECRET}`,
      async compare(look) {
        const found = await look("secrets", "describe", CONFIG_SECRET, on);
        if (found === undefined) {
          const create = gcloud("secrets", "create", CONFIG_SECRET, "--replication-policy=automatic", on);
          return { kind: "create", commands: [create, add, label] };
        }
        const { labels = {} } = Described.parse(found);
        const why = firstDifference([["its content", labels["content"], hash]]);
        // The label comes last: a run that broke off between the two adds the same text once more, which changes nothing.
        return why === undefined ? SAME : { kind: "change", why, commands: [add, label] };
      },
    },
  ];
}

/** Sixteen hex digits, as a label may hold them. */
export function hashOf(config: Config): string {
  return createHash("sha256").update(JSON.stringify(config)).digest("hex").slice(0, 16);
}

/** The newest version's number; `1` where there is none yet, since the first will be. */
export async function configVersion(look: Look, project: string): Promise<string> {
  const found = Versions.parse(
    (await look("secrets", "versions", "list", CONFIG_SECRET, `--project=${project}`)) ?? [],
  );
  const numbers = found
    .filter(({ state }) => state.toUpperCase() === "ENABLED")
    .map(({ name }) => Number(name.split("/").at(-1)));
  return String(Math.max(1, ...numbers));
}
