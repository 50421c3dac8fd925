import { z } from "zod";
import type { SubscriptionSpec } from "../ports/bus.ts";

/** `functions/<name>/function.yaml`: how a function is woken, what it may use and why (DESIGN §3). */
const Name = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);
const Seconds = z.number().int().positive();

const HttpTrigger = z.strictObject({ kind: z.literal("http") });

const PubsubTrigger = z.strictObject({
  kind: z.literal("pubsub"),
  topic: Name,
  subscription: Name,
  ordered: z.boolean(),
  ackDeadlineSeconds: Seconds.min(10).max(600),
  minBackoffSeconds: Seconds.max(600),
  maxBackoffSeconds: Seconds.max(600),
  maxDeliveryAttempts: z.number().int().min(5).max(100),
  deadLetterTopic: Name.exactOptional(),
  /** Google's own accounts that publish on the topic, where the configuration has a mailbox; deployment grants it. */
  mailboxPublishers: z.array(z.strictObject({ account: z.email(), reason: z.string().min(1) })).default([]),
});

/** One job of Cloud Scheduler: when the function is called, and with what. */
const ScheduledJob = z.strictObject({
  name: Name,
  /** Five fields, as Cloud Scheduler takes them. */
  cron: z.string().regex(/^\S+( \S+){4}$/),
  /** What the call is narrowed to, in the words of the function's own schema; nothing: everything. */
  body: z.record(z.string(), z.string()).default({}),
});
export type ScheduledJob = z.infer<typeof ScheduledJob>;

const ScheduleTrigger = z.strictObject({
  kind: z.literal("schedule"),
  jobs: z.array(ScheduledJob).min(1),
  timeZone: z.string(),
  /** How long Scheduler waits for the answer. */
  attemptDeadlineSeconds: Seconds.min(15).max(1800),
});

/** What a role is held on; deployment grants it there and nowhere else. */
const On = z
  .string()
  .regex(
    /^(project|topics? [a-z0-9-]+((, | and )[a-z0-9-]+)*|secrets? [a-z0-9-]+\*?( \(.*\))?|the secrets above)$/,
    "write: project; topic NAME; topics NAME and NAME; secret NAME; secrets PREFIX-*; the secrets above",
  );

export const FunctionFile = z.strictObject({
  /** One sentence. */
  does: z.string().min(1),
  auth: z.enum(["internal", "public"]),
  trigger: z.discriminatedUnion("kind", [HttpTrigger, PubsubTrigger, ScheduleTrigger]),
  /**
   * What it needs of `lockstep.config.yaml`: all; `routes`, where it connects to no provider; or nothing, and then neither
   * the file nor the providers are read or in its bundle.
   */
  configuration: z.enum(["all", "routes", "none"]).default("all"),
  limits: z.strictObject({
    memory: z.string().regex(/^\d+(Mi|Gi)$/),
    cpu: z.number().positive(),
    /** Requests one instance answers at once. */
    concurrency: z.number().int().min(1).max(1000),
    /** Shorter than the ack or attempt deadline, so that a worker is gone before its work is given to another (R6). */
    timeoutSeconds: Seconds.max(3600),
    maxInstances: z.number().int().min(1),
  }),
  /** Environment it needs beyond `LOCKSTEP_CONFIG`, each with what it is for. */
  environment: z.record(z.string().regex(/^[A-Z_]+$/), z.string().min(1)).default({}),
  /** Secrets it reads; `*` stands for a workspace, source or account of the configuration. */
  secrets: z.array(z.strictObject({ name: z.string().min(1), reason: z.string().min(1) })).default([]),
  roles: z.array(z.strictObject({ role: z.string().startsWith("roles/"), on: On, reason: z.string().min(1) })),
});
export type FunctionFile = z.infer<typeof FunctionFile>;

/** The push subscription a function's file declares; undefined where it is woken otherwise. */
export function subscriptionOf(name: string, file: FunctionFile): SubscriptionSpec | undefined {
  const { trigger } = file;
  if (trigger.kind !== "pubsub") {
    return undefined;
  }
  return {
    name: trigger.subscription,
    topic: trigger.topic,
    target: name,
    minBackoffMs: trigger.minBackoffSeconds * 1000,
    maxBackoffMs: trigger.maxBackoffSeconds * 1000,
    ackDeadlineMs: trigger.ackDeadlineSeconds * 1000,
    maxDeliveryAttempts: trigger.maxDeliveryAttempts,
    ordered: trigger.ordered,
    ...(trigger.deadLetterTopic === undefined ? {} : { deadLetterTopic: trigger.deadLetterTopic }),
  };
}
