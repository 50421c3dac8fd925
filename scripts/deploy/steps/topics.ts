import { z } from "zod";
import type { Installation } from "../installation.ts";
import { gcloud, SAME, type Step } from "../step.ts";

const Topics = z.array(z.object({ name: z.string() }));

/** Every topic that a function listens to, or sends what it cannot do to. */
export function topicSteps({ project, functions }: Installation): Step[] {
  const triggers = [...functions.values()].flatMap(({ trigger }) => (trigger.kind === "pubsub" ? [trigger] : []));
  const names = new Set(triggers.flatMap(({ topic, deadLetterTopic }) => [topic, deadLetterTopic ?? topic]));
  return [...names].toSorted().map((topic) => ({
    group: "topics",
    name: `topic ${topic}`,
    async compare(look) {
      const found = Topics.parse((await look("pubsub", "topics", "list", `--project=${project}`)) ?? []);
      if (found.some(({ name }) => name === `projects/${project}/topics/${topic}`)) return SAME;
      return { kind: "create", commands: [gcloud("pubsub", "topics", "create", topic, `--project=${project}`)] };
    },
  }));
}
