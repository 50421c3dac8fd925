import { z } from "zod";
import type { Installation } from "../installation.ts";
import { gcloud, SAME, type Step } from "../step.ts";

const APIS = [
  "artifactregistry",
  "calendar-json",
  "cloudbuild",
  "cloudscheduler",
  "firestore",
  "firebaserules",
  "gmail",
  "iam",
  "logging",
  "monitoring",
  "pubsub",
  "run",
  "secretmanager",
].map((name) => `${name}.googleapis.com`);

const Enabled = z.array(z.object({ config: z.object({ name: z.string() }) }));

/** The services of Google that are used. */
export function apiSteps({ project }: Installation): Step[] {
  return [
    {
      group: "apis",
      name: "APIs",
      async compare(look) {
        const found = Enabled.parse((await look("services", "list", "--enabled", `--project=${project}`)) ?? []);
        const missing = APIS.filter((api) => !found.some(({ config }) => config.name === api));
        if (missing.length === 0) return SAME;
        const why = `not enabled: ${missing.join(", ")}`;
        return { kind: "create", why, commands: [gcloud("services", "enable", ...missing, `--project=${project}`)] };
      },
    },
  ];
}
