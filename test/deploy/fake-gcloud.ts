import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Workplace } from "../../scripts/deploy/carry-out.ts";
import type { Command } from "../../scripts/deploy/step.ts";

/** A thing as gcloud would print it. */
type Printed = Record<string, unknown>;

/**
 * A Google Cloud project in memory, behind the words of gcloud: it keeps what commands make and answers lists in the
 * shapes of `fixtures/`. It refuses what the real one refuses and deployment relies on: a thing made twice, or made
 * before what it needs. It knows no more than that.
 */
export interface FakeGcloud extends Workplace {
  /** Every command that was carried out, in order. */
  readonly done: Command[];
  readonly said: string[];
  /** What stands in the project, by kind and name. */
  readonly things: ReadonlyMap<string, Printed>;
  /** The command with this index (from 0, of those to come) breaks off without an effect. */
  failAt(index: number): void;
  /** Somebody changes a thing by hand. */
  tamper(kind: string, name: string, change: (thing: Printed) => void): void;
}

export const PROJECT = "loft-lockstep";
export const NUMBER = "123456789012";

const texts = new Map<string, string>();

/** A fresh copy of one of the shapes. */
export function fixture(name: string): Printed {
  const text = texts.get(name) ?? readFileSync(join(import.meta.dirname, "fixtures", `${name}.json`), "utf8");
  texts.set(name, text);
  return JSON.parse(text);
}

export function fakeGcloud(): FakeGcloud {
  const things = new Map<string, Printed>();
  const done: Command[] = [];
  const said: string[] = [];
  let failing = Number.POSITIVE_INFINITY;
  return {
    done,
    said,
    things,
    say: (line) => said.push(line),
    failAt: (index) => {
      failing = index;
    },
    tamper: (kind, name, change) => change(found(things, kind, name)),
    read: async (args) => answerTo(things, args),
    run: async (command) => {
      if (failing-- === 0) throw new Error("ERROR: (gcloud) the connection broke off");
      if (command.program === "gcloud") act(things, command);
      done.push(command);
    },
  };
}

const KINDS: readonly (readonly [words: string, kind: string])[] = [
  ["services", "api"],
  ["firestore databases", "database"],
  ["iam service-accounts", "account"],
  ["pubsub topics", "topic"],
  ["pubsub subscriptions", "subscription"],
  ["secrets versions", "secret-version"],
  ["secrets", "secret"],
  ["projects", "project"],
  ["run services", "service"],
  ["run", "service"],
  ["scheduler jobs", "job"],
  ["logging metrics", "metric"],
  ["alpha monitoring policies", "alert-policy"],
  ["beta monitoring channels", "channel"],
  ["monitoring dashboards", "dashboard"],
];

interface Words {
  readonly kind: string;
  readonly verb: string;
  readonly names: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
}

function wordsOf(args: readonly string[]): Words {
  const words = args.filter((arg) => !arg.startsWith("--"));
  const match = KINDS.find(([prefix]) => words.join(" ").startsWith(`${prefix} `));
  if (match === undefined) throw new Error(`The fake gcloud knows no ${words.join(" ")}.`);
  const [verb = "", ...names] = words.slice(match[0].split(" ").length);
  const flags = args
    .filter((arg) => arg.startsWith("--"))
    .map((arg) => /^--([a-z-]+)(?:=([\s\S]*))?$/.exec(arg) ?? [])
    .map(([, key = "", value = ""]) => [key, value] as const);
  return {
    kind: match[1],
    verb,
    names: verb === "create" && names[0] === "http" ? names.slice(1) : names,
    flags: new Map(flags),
  };
}

function found(things: Map<string, Printed>, kind: string, name: string): Printed {
  const thing = things.get(`${kind} ${name}`);
  if (thing === undefined) throw new Error(`ERROR: NOT_FOUND: ${kind} ${name}`);
  return thing;
}

function answerTo(things: Map<string, Printed>, args: readonly string[]): unknown {
  const { kind, verb, names, flags } = wordsOf(args);
  const [name = ""] = names;
  if (verb === "get-iam-policy") return things.get(`policy ${kind} ${name}`) ?? { etag: "ACAB" };
  if (kind === "project") return name === PROJECT ? fixture("project") : undefined;
  if (verb === "describe") return things.get(`${kind} ${name === "" ? (flags.get("database") ?? "") : name}`);
  const prefix = kind === "secret-version" ? `${kind} ${name}/` : `${kind} `;
  return [...things].filter(([key]) => key.startsWith(prefix)).map(([, thing]) => thing);
}

function act(things: Map<string, Printed>, { args, input }: Command): void {
  const words = wordsOf(args);
  const { kind, verb, names } = words;
  const [name = ""] = names;
  if (verb.endsWith("-iam-policy-binding")) bind(things, words);
  else if (kind === "api")
    for (const api of names) things.set(`api ${api}`, { ...fixture("api"), config: { name: api } });
  else if (kind === "secret-version") addVersion(things, name, input);
  else if (verb === "delete") remove(things, kind, name);
  else make(things, words);
}

function remove(things: Map<string, Printed>, kind: string, name: string): void {
  const key = [...things].find(
    ([each, thing]) => each === `${kind} ${name}` || (each.startsWith(`${kind} `) && thing["name"] === name),
  );
  if (key === undefined) throw new Error(`ERROR: NOT_FOUND: ${kind} ${name}`);
  things.delete(key[0]);
}

function bind(things: Map<string, Printed>, { kind, verb, names, flags }: Words): void {
  const [name = ""] = names;
  const member = flags.get("member") ?? "";
  needs(things, "account", /lockstep-[^@]+@/.test(member) ? member.replace("serviceAccount:", "") : undefined);
  if (kind !== "project") needs(things, kind, name);
  const key = `policy ${kind} ${name}`;
  const policy = (things.get(key) ?? { bindings: [] }) as { bindings: Printed[] };
  const [, expression, title] = /^\^#\^expression=(.*)#title=(.*)$/.exec(flags.get("condition") ?? "") ?? [];
  const binding = {
    role: flags.get("role"),
    members: [member],
    ...(expression && { condition: { expression, title } }),
  };
  const same = (each: Printed) =>
    each["role"] === binding.role &&
    JSON.stringify(each["members"]) === JSON.stringify([member]) &&
    JSON.stringify(each["condition"]) === JSON.stringify(binding.condition);
  const others = policy.bindings.filter((each) => !same(each));
  things.set(key, { ...policy, bindings: verb.startsWith("add") ? [...others, binding] : others });
}

function needs(things: Map<string, Printed>, kind: string, name: string | undefined): void {
  if (name !== undefined) found(things, kind, name);
}

function addVersion(things: Map<string, Printed>, secret: string, input: string | undefined): void {
  needs(things, "secret", secret);
  if (input === undefined || input === "")
    throw new Error("ERROR: the secret's value must come through standard input");
  const number = 1 + [...things.keys()].filter((key) => key.startsWith(`secret-version ${secret}/`)).length;
  const name = `projects/${NUMBER}/secrets/${secret}/versions/${number}`;
  things.set(`secret-version ${secret}/${number}`, { ...fixture("secret-version"), name });
}

/** `create` of what is not there, `update` of what is, `deploy` of either. */
function make(things: Map<string, Printed>, { kind, verb, names, flags }: Words): void {
  const name = nameOf(kind, verb === "update" && names[0] === "http" ? names.slice(1) : names, flags);
  const key = `${kind} ${name}`;
  const there =
    things.get(key) ?? [...things].find(([each, thing]) => each.startsWith(`${kind} `) && thing["name"] === name)?.[1];
  if (verb === "create" && there !== undefined) throw new Error(`ERROR: ${key} was made twice`);
  if (verb === "update" && there === undefined) throw new Error(`ERROR: NOT_FOUND: ${key}`);
  const shape = SHAPES[kind];
  if (shape === undefined) throw new Error(`The fake gcloud makes no ${kind}.`);
  const made = shape(name, flags, there, things);
  const at = [...things].find(([, thing]) => thing === there)?.[0] ?? key;
  things.set(at, made);
}

function nameOf(kind: string, names: readonly string[], flags: ReadonlyMap<string, string>): string {
  const [name = ""] = names;
  if (name !== "") return kind === "account" ? `${name}@${PROJECT}.iam.gserviceaccount.com` : name;
  if (kind === "database") return flags.get("database") ?? "";
  if (kind === "channel") return flags.get("channel-labels") ?? "";
  return JSON.parse(flags.get("policy") ?? flags.get("config") ?? "{}").displayName;
}

const number = (flags: ReadonlyMap<string, string>, key: string) => Number(flags.get(key));

/** `run deploy` says everything; `run services update` only which version of the configuration is mounted. */
const serviceOf: Shape = (name, flags, there, things) => {
  const [, secretName, key] =
    /=(lockstep-config):(\d+)$/.exec(flags.get("set-secrets") ?? flags.get("update-secrets") ?? "") ?? [];
  needs(things, "secret-version", secretName && `${secretName}/${key}`);
  const volumes = secretName === undefined ? [] : [{ name: "v", secret: { secretName, items: [{ key, path: "x" }] } }];
  const service = fixture("run-function");
  const spec = (inner: object) => ({ template: { spec: { ...inner, volumes } } });
  if (!flags.has("service-account")) {
    const before = there as { spec: { template: { spec: object } } };
    return { ...service, ...there, spec: spec(before.spec.template.spec) };
  }
  const email = flags.get("service-account") ?? "";
  needs(things, "account", email);
  const [, state] = /lockstep-state=(.*)/.exec(flags.get("labels") ?? "") ?? [];
  return {
    ...service,
    metadata: { ...(service["metadata"] as object), name, labels: { "lockstep-state": state } },
    spec: spec({
      serviceAccountName: email,
      containerConcurrency: number(flags, "concurrency"),
      timeoutSeconds: number(flags, "timeout"),
    }),
  };
};

type Shape = (
  name: string,
  flags: ReadonlyMap<string, string>,
  there: Printed | undefined,
  things: Map<string, Printed>,
) => Printed;

/** Each in the shape of its fixture, with what the flags say. */
const SHAPES: Readonly<Record<string, Shape>> = {
  database: () => fixture("database"),
  account: (email, flags) => ({ ...fixture("account"), email, displayName: flags.get("display-name") }),
  topic: (name) => ({ ...fixture("topic"), name: `projects/${PROJECT}/topics/${name}` }),
  secret: (name, flags, there) => {
    const [, content] = /^content=(.*)$/.exec(flags.get("update-labels") ?? "") ?? [];
    const { labels: _, ...secret } = fixture("secret");
    return { ...secret, ...there, name: `projects/${NUMBER}/secrets/${name}`, ...(content && { labels: { content } }) };
  },
  service: serviceOf,
  subscription: (name, flags, there, things) => {
    const topic = flags.get("topic");
    needs(things, "topic", topic);
    needs(things, "topic", flags.get("dead-letter-topic"));
    const { deadLetterPolicy: _letters, ...subscription } = fixture("subscription");
    const letters = flags.get("dead-letter-topic");
    return {
      ...subscription,
      name: `projects/${PROJECT}/subscriptions/${name}`,
      topic: topic === undefined ? there?.["topic"] : `projects/${PROJECT}/topics/${topic}`,
      enableMessageOrdering: there?.["enableMessageOrdering"] ?? flags.has("enable-message-ordering"),
      ackDeadlineSeconds: number(flags, "ack-deadline"),
      pushConfig: {
        pushEndpoint: flags.get("push-endpoint"),
        oidcToken: {
          serviceAccountEmail: flags.get("push-auth-service-account"),
          audience: flags.get("push-auth-token-audience"),
        },
      },
      retryPolicy: { minimumBackoff: flags.get("min-retry-delay"), maximumBackoff: flags.get("max-retry-delay") },
      ...(letters !== undefined && {
        deadLetterPolicy: {
          deadLetterTopic: `projects/${PROJECT}/topics/${letters}`,
          maxDeliveryAttempts: number(flags, "max-delivery-attempts"),
        },
      }),
    };
  },
  job: (name, flags) => ({
    ...fixture("job"),
    name: `projects/${PROJECT}/locations/${flags.get("location")}/jobs/${name}`,
    schedule: flags.get("schedule"),
    timeZone: flags.get("time-zone"),
    attemptDeadline: flags.get("attempt-deadline"),
    httpTarget: {
      uri: flags.get("uri"),
      body: Buffer.from(flags.get("message-body") ?? "").toString("base64"),
      oidcToken: {
        serviceAccountEmail: flags.get("oidc-service-account-email"),
        audience: flags.get("oidc-token-audience"),
      },
    },
  }),
  metric: (name, flags) => ({ ...fixture("metric"), name, filter: flags.get("log-filter") }),
  channel: (_name, flags) => {
    const [, email] = /^email_address=(.*)$/.exec(flags.get("channel-labels") ?? "") ?? [];
    return { ...fixture("channel"), labels: { email_address: email } };
  },
  "alert-policy": (_name, flags, there, things) => {
    const count = [...things.keys()].filter((key) => key.startsWith("alert-policy ")).length;
    return {
      ...JSON.parse(flags.get("policy") ?? ""),
      name: there?.["name"] ?? `projects/${PROJECT}/alertPolicies/${count + 1}`,
    };
  },
  dashboard: (_name, flags) => ({ ...fixture("dashboard"), ...JSON.parse(flags.get("config") ?? "") }),
};
