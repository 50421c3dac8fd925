import { z } from "zod";
import type { FunctionFile } from "../../shared/cloud/function-file.ts";
import type { AccountConfig, Config, WorkspaceConfig } from "../../shared/config.ts";
import { PUSH_TOKEN_SECRET } from "../../shared/edge/push-token.ts";
import { webhookSecretName } from "../../shared/edge/webhook-signature.ts";
import { PROVIDERS } from "../../shared/providers/registry.ts";

/** Secrets that nobody gives us: keys for tokens of our own, and those agreed with senders of webhooks. */
export function ownSecrets({ workspaces }: Config): string[] {
  const webhooks = Object.entries(workspaces).flatMap(([ws, { sources }]) =>
    Object.entries(sources).flatMap(([source, { provider }]) =>
      sendsWebhooks(provider) ? [webhookSecretName(ws, source)] : [],
    ),
  );
  return [PUSH_TOKEN_SECRET, ...webhooks];
}

function sendsWebhooks(name: string): boolean {
  const provider = PROVIDERS[name];
  return provider?.kind === "source" && provider.webhook !== undefined;
}

type Accounts = "sources" | "calendars" | "mailbox";

function accountsOf({ mailbox, ...workspace }: WorkspaceConfig, of: Accounts): AccountConfig[] {
  if (of !== "mailbox") return Object.values(workspace[of]);
  return mailbox === undefined ? [] : [mailbox];
}

/** Secrets that the configuration names: credentials of these accounts, each once. */
export function credentialsOf({ workspaces }: Config, of: readonly Accounts[]): string[] {
  const accounts = Object.values(workspaces).flatMap((workspace) => of.flatMap((key) => accountsOf(workspace, key)));
  // What signs alerts belongs to no account; whoever reads all credentials reads it too.
  const readsAll = of.includes("sources") && of.includes("calendars");
  const signing = readsAll ? alertSecrets(workspaces) : [];
  const names = accounts.flatMap(({ provider, settings }) => namesIn(provider, settings));
  return [...new Set([...names, ...signing])].toSorted();
}

function alertSecrets(workspaces: Config["workspaces"]): string[] {
  return Object.values(workspaces).flatMap(({ alerts }) => alerts?.secret ?? []);
}

/** What people sign in with, and what signs the alerts that they try. */
export function operatingSecrets({ workspaces, signIn }: Config): string[] {
  return [...new Set([...(signIn === undefined ? [] : [signIn.clientSecret]), ...alertSecrets(workspaces)])].toSorted();
}

/** The values of those settings, at any depth, that their provider marks as names of secrets (`.meta({ secret: true })`). */
function namesIn(provider: string, settings: Readonly<Record<string, unknown>>): string[] {
  const schema = PROVIDERS[provider]?.settings;
  if (schema === undefined) return [];
  return markedIn(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }), settings);
}

/** What is looked at of a JSON Schema; the rest says nothing of secrets. */
const Node = z.looseObject({
  secret: z.boolean().optional(),
  properties: z.record(z.string(), z.unknown()).default({}),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).default([]),
  oneOf: z.array(z.unknown()).default([]),
  allOf: z.array(z.unknown()).default([]),
});

/** Walks a schema and a value side by side. */
function markedIn(schema: unknown, value: unknown): string[] {
  const node = Node.safeParse(schema);
  if (!node.success) return [];
  const { secret, properties, additionalProperties, items, anyOf, oneOf, allOf } = node.data;
  if (secret === true) return typeof value === "string" ? [value] : [];
  const ways = [...anyOf, ...oneOf, ...allOf].flatMap((way) => markedIn(way, value));
  if (Array.isArray(value)) return [...ways, ...value.flatMap((each) => markedIn(items, each))];
  if (typeof value !== "object" || value === null) return ways;
  const inside = Object.entries(value).flatMap(([key, each]) =>
    markedIn(properties[key] ?? additionalProperties, each),
  );
  return [...ways, ...inside];
}

/** What a function may read: secrets by name, and all those that begin alike. */
export interface SecretAccess {
  readonly names: readonly string[];
  readonly prefixes: readonly string[];
}

/** What the lines under `secrets` of a `function.yaml` mean for this configuration. */
export function secretsOf({ secrets }: FunctionFile, config: Config): SecretAccess {
  const names = secrets.flatMap(({ name }) => {
    if (/^[a-z0-9-]+$/.test(name)) return [name];
    if (name.endsWith("-*")) return [];
    if (/^source\b/.test(name)) return credentialsOf(config, ["sources"]);
    if (/^calendar\b/.test(name)) return credentialsOf(config, ["calendars"]);
    if (/^mailbox\b/.test(name)) return credentialsOf(config, ["mailbox"]);
    if (/^operating\b/.test(name)) return operatingSecrets(config);
    return credentialsOf(config, ["sources", "calendars", "mailbox"]);
  });
  const prefixes = secrets.flatMap(({ name }) => (name.endsWith("-*") ? [name.slice(0, -1)] : []));
  return { names: [...new Set(names)].toSorted(), prefixes };
}
