import { z } from "zod";
import type { FunctionFile } from "../../../shared/cloud/function-file.ts";
import { accountOf, addressOf, type Installation, PUSH_ACCOUNT } from "../installation.ts";
import { firstDifference, gcloud, SAME, type Step } from "../step.ts";
import { grantStep, pubsubAgent } from "./roles.ts";

type Trigger = Extract<FunctionFile["trigger"], { kind: "pubsub" }>;

const Subscriptions = z.array(
  z.object({
    name: z.string(),
    topic: z.string(),
    ackDeadlineSeconds: z.number().optional(),
    enableMessageOrdering: z.boolean().default(false),
    expirationPolicy: z.object({ ttl: z.string().optional() }).optional(),
    pushConfig: z
      .object({
        pushEndpoint: z.string().optional(),
        oidcToken: z.object({ serviceAccountEmail: z.string(), audience: z.string().optional() }).optional(),
      })
      .prefault({}),
    retryPolicy: z.object({ minimumBackoff: z.string(), maximumBackoff: z.string() }).optional(),
    deadLetterPolicy: z.object({ deadLetterTopic: z.string(), maxDeliveryAttempts: z.number().optional() }).optional(),
  }),
);
type Subscription = z.infer<typeof Subscriptions>[number];

/** One push subscription for each function that messages wake, with a token, order, patience and a place for dead letters. */
export function subscriptionSteps(installation: Installation): Step[] {
  return [...installation.functions].flatMap(([name, { trigger }]) =>
    trigger.kind === "pubsub" ? stepsOf(installation, name, trigger) : [],
  );
}

function stepsOf(installation: Installation, name: string, trigger: Trigger): Step[] {
  const step = subscriptionStep(installation, name, trigger);
  if (trigger.deadLetterTopic === undefined) return [step];
  const agent = grantStep({
    name: `roles/pubsub.subscriber for Pub/Sub itself on subscription ${trigger.subscription}`,
    of: name,
    grant: { member: pubsubAgent(installation), role: "roles/pubsub.subscriber" },
    at: ["pubsub", "subscriptions"],
    to: [trigger.subscription, `--project=${installation.project}`],
  });
  return [step, { ...agent, group: "subscriptions" }];
}

function subscriptionStep(installation: Installation, of: string, trigger: Trigger): Step {
  const { project } = installation;
  const { subscription, topic } = trigger;
  const flags = flagsOf(installation, of, trigger);
  return {
    group: "subscriptions",
    name: `subscription ${subscription}`,
    of,
    async compare(look) {
      const all = Subscriptions.parse((await look("pubsub", "subscriptions", "list", `--project=${project}`)) ?? []);
      const found = all.find(({ name }) => name === `projects/${project}/subscriptions/${subscription}`);
      if (found === undefined) {
        const fixed = [`--topic=${topic}`, ...(trigger.ordered ? ["--enable-message-ordering"] : [])];
        return {
          kind: "create",
          commands: [gcloud("pubsub", "subscriptions", "create", subscription, ...fixed, ...flags)],
        };
      }
      refuseWhatIsFixed(found, project, trigger);
      const why = differenceOf(found, installation, of, trigger);
      const update = gcloud("pubsub", "subscriptions", "update", subscription, ...flags);
      return why === undefined ? SAME : { kind: "change", why, commands: [update] };
    },
  };
}

function flagsOf(installation: Installation, of: string, trigger: Trigger): string[] {
  const { ackDeadlineSeconds, minBackoffSeconds, maxBackoffSeconds, deadLetterTopic, maxDeliveryAttempts } = trigger;
  return [
    `--push-endpoint=${addressOf(installation, of)}/`,
    `--push-auth-service-account=${accountOf(installation, PUSH_ACCOUNT)}`,
    `--push-auth-token-audience=${addressOf(installation, of)}`,
    `--ack-deadline=${ackDeadlineSeconds}`,
    `--min-retry-delay=${minBackoffSeconds}s`,
    `--max-retry-delay=${maxBackoffSeconds}s`,
    // Or Pub/Sub deletes it after a quiet month.
    "--expiration-period=never",
    ...(deadLetterTopic === undefined
      ? []
      : [`--dead-letter-topic=${deadLetterTopic}`, `--max-delivery-attempts=${maxDeliveryAttempts}`]),
    `--project=${installation.project}`,
  ];
}

/** Topic and order are said once, at the making. Making it anew would lose what waits in it: that is a person's decision. */
function refuseWhatIsFixed(found: Subscription, project: string, { subscription, topic, ordered }: Trigger): void {
  const why = firstDifference([
    ["its topic", found.topic, `projects/${project}/topics/${topic}`],
    ["its message ordering", found.enableMessageOrdering, ordered],
  ]);
  if (why === undefined) return;
  throw new Error(
    `Subscription ${subscription}: ${why}, which cannot be changed. Remedy: let it run empty, then gcloud pubsub subscriptions delete ${subscription} --project=${project}, and deploy again.`,
  );
}

function differenceOf(found: Subscription, installation: Installation, of: string, trigger: Trigger) {
  const { pushConfig, retryPolicy, deadLetterPolicy } = found;
  const { deadLetterTopic, maxDeliveryAttempts } = trigger;
  const letters =
    deadLetterTopic === undefined
      ? undefined
      : { deadLetterTopic: `projects/${installation.project}/topics/${deadLetterTopic}`, maxDeliveryAttempts };
  const backoff = { minimumBackoff: `${trigger.minBackoffSeconds}s`, maximumBackoff: `${trigger.maxBackoffSeconds}s` };
  return firstDifference([
    ["its endpoint", pushConfig.pushEndpoint, `${addressOf(installation, of)}/`],
    ["its pushing account", pushConfig.oidcToken?.serviceAccountEmail, accountOf(installation, PUSH_ACCOUNT)],
    ["its audience", pushConfig.oidcToken?.audience, addressOf(installation, of)],
    ["its ack deadline", found.ackDeadlineSeconds, trigger.ackDeadlineSeconds],
    ["its retry policy", retryPolicy, backoff],
    ["its dead letters", deadLetterPolicy, letters],
    ["its expiration", found.expirationPolicy?.ttl, undefined],
  ]);
}
