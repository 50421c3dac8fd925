import type { FunctionFile } from "../../../shared/cloud/function-file.ts";
import { accountOf, type Installation } from "../installation.ts";
import { secretsOf } from "../secret-names.ts";
import { gcloud, type Look, SAME, type Step } from "../step.ts";
import { CONFIG_SECRET } from "./configuration.ts";
import { conditionFlag, type Grant, grants, Policy } from "./iam-policy.ts";

type Role = FunctionFile["roles"][number];

const SECRET_ADMIN = "roles/secretmanager.admin";
const OF_PROJECT = 'resource.type == "cloudresourcemanager.googleapis.com/Project"';
const SECRET_ACCESSOR = "roles/secretmanager.secretAccessor";

/** Each function's account has just the roles of its `function.yaml`, each on just what stands behind `on`. */
export function roleSteps(installation: Installation): Step[] {
  const steps = [...installation.functions].flatMap(([name, file]) => stepsOf(installation, name, file));
  return [...steps, ...deadLetterSteps(installation), ...mailboxSteps(installation), excessStep(installation)];
}

function stepsOf(installation: Installation, name: string, file: FunctionFile): Step[] {
  const member = memberOf(installation, name);
  const config = { role: SECRET_ACCESSOR, member };
  return [
    ...file.roles.flatMap((role) => roleStepsOf(installation, name, file, role)),
    ...(file.configuration === "none" ? [] : [onSecret(installation, CONFIG_SECRET, config, name)]),
  ];
}

function roleStepsOf(installation: Installation, name: string, file: FunctionFile, { role, on }: Role): Step[] {
  const grant = { member: memberOf(installation, name), role };
  if (on === "project") return [onProject(installation, grant, name)];
  const [, topics] = /^topics? (.+)$/.exec(on) ?? [];
  if (topics !== undefined) {
    return topics.split(/, | and /).map((topic) => onTopic(installation, topic, grant, name));
  }
  const { names, prefixes } = secretsOf(on === "the secrets above" ? file : namedBy(on, file), installation.config);
  return [
    ...names.map((secret) => onSecret(installation, secret, grant, name)),
    ...prefixes.map((prefix) =>
      onProject(installation, { ...grant, condition: startsWith(installation, prefix, role) }, name),
    ),
  ];
}

/** `secret push-token-key`, `secrets webhook-*`: one of those that the file lists. */
function namedBy(on: string, file: FunctionFile): FunctionFile {
  const name = on.replace(/^secrets? /, "").replace(/ \(.*\)$/, "");
  return { ...file, secrets: file.secrets.filter((secret) => secret.name === name) };
}

/**
 * Secrets that come and go with the configuration or with people's consent are granted by how their names begin. Making one
 * is asked of the project, which has no such name; nothing else can be done with a secret there.
 */
function startsWith({ projectNumber }: Installation, prefix: string, role: string) {
  const named = `resource.name.startsWith("projects/${projectNumber}/secrets/${prefix}")`;
  const expression = role === SECRET_ADMIN ? `${OF_PROJECT} || ${named}` : named;
  return { title: `secrets-${prefix.replace(/-$/, "")}`, expression };
}

/** Pub/Sub itself carries what was refused too often to the dead letters. */
function deadLetterSteps(installation: Installation): Step[] {
  const topics = [...installation.functions.values()].flatMap(({ trigger }) =>
    trigger.kind === "pubsub" && trigger.deadLetterTopic !== undefined ? [trigger.deadLetterTopic] : [],
  );
  const grant = { member: pubsubAgent(installation), role: "roles/pubsub.publisher" };
  return [...new Set(topics)].map((topic) => onTopic(installation, topic, grant));
}

/** Where a mailbox may be connected, its provider publishes that there is new mail. */
function mailboxSteps(installation: Installation): Step[] {
  const hasMailbox = Object.values(installation.config.workspaces).some(({ mailbox }) => mailbox !== undefined);
  if (!hasMailbox) return [];
  return [...installation.functions].flatMap(([name, { trigger }]) => {
    if (trigger.kind !== "pubsub") return [];
    const { topic, mailboxPublishers } = trigger;
    return mailboxPublishers.map(({ account }) =>
      grantStep({
        name: `roles/pubsub.publisher for ${account} on topic ${topic}`,
        of: name,
        grant: { member: `serviceAccount:${account}`, role: "roles/pubsub.publisher" },
        at: ["pubsub", "topics"],
        to: [topic, `--project=${installation.project}`],
      }),
    );
  });
}

/** The account that Pub/Sub acts as in a project. */
export function pubsubAgent({ projectNumber }: Pick<Installation, "projectNumber">): string {
  return `serviceAccount:service-${projectNumber}@gcp-sa-pubsub.iam.gserviceaccount.com`;
}

function memberOf(installation: Installation, name: string): string {
  return `serviceAccount:${accountOf(installation, name)}`;
}

function onProject({ project }: Installation, grant: Grant, of: string): Step {
  const title = grant.condition === undefined ? "" : `, ${grant.condition.title}`;
  return grantStep({
    name: `${grant.role} for ${of} on the project${title}`,
    of,
    grant,
    at: ["projects"],
    to: [project],
  });
}

function onTopic({ project }: Installation, topic: string, grant: Grant, of?: string): Step {
  const name = `${grant.role} for ${of ?? "Pub/Sub itself"} on topic ${topic}`;
  const to = [topic, `--project=${project}`];
  return grantStep({ name, grant, at: ["pubsub", "topics"], to, ...(of !== undefined && { of }) });
}

function onSecret({ project }: Installation, secret: string, grant: Grant, of: string): Step {
  const name = `${grant.role} for ${of} on secret ${secret}`;
  return grantStep({ name, of, grant, at: ["secrets"], to: [secret, `--project=${project}`] });
}

interface GrantStep {
  readonly name: string;
  readonly of?: string;
  readonly grant: Grant;
  /** The commands' words before `get-iam-policy`, and after it. */
  readonly at: readonly string[];
  readonly to: readonly string[];
}

/** One grant, brought about where it is not there. */
export function grantStep({ name, of, grant, at, to }: GrantStep): Step {
  const { member, role } = grant;
  return {
    group: "roles",
    name,
    ...(of !== undefined && { of }),
    async compare(look) {
      const policy = Policy.parse((await look(...at, "get-iam-policy", ...to)) ?? {});
      if (grants(policy, grant)) return SAME;
      // Subscriptions and topics know no conditions, and then no flag for one.
      const condition = at[0] === "pubsub" ? [] : [conditionFlag(grant)];
      const words = [...to, `--member=${member}`, `--role=${role}`, ...condition];
      return { kind: "create", commands: [gcloud(...at, "add-iam-policy-binding", ...words)] };
    },
  };
}

/** What the accounts of functions may do in the project beyond what is written down is taken from them. */
function excessStep(installation: Installation): Step {
  const { project } = installation;
  return {
    group: "roles",
    name: "no role in the project beyond those written down",
    async compare(look) {
      const commands = (await findExcess(installation, look)).map((grant) =>
        gcloud(
          ...["projects", "remove-iam-policy-binding", project, `--member=${grant.member}`, `--role=${grant.role}`],
          conditionFlag(grant),
        ),
      );
      return commands.length === 0 ? SAME : { kind: "change", commands };
    },
  };
}

async function findExcess(installation: Installation, look: Look): Promise<Grant[]> {
  const { bindings } = Policy.parse((await look("projects", "get-iam-policy", installation.project)) ?? {});
  return [...installation.functions].flatMap(([name, file]) => {
    const member = memberOf(installation, name);
    const declared = new Set(file.roles.map(({ role }) => role));
    return bindings
      .filter(({ role, members }) => members.includes(member) && !declared.has(role))
      .map(({ role, condition }) => ({ member, role, ...(condition !== undefined && { condition }) }));
  });
}
